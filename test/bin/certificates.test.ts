import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Certificates, runCertificates } from '../support/certificates';

const compose = parse(readFileSync(join(__dirname, '../../docker-compose.yml'), 'utf8'), {
  merge: true,
}) as { services: Record<string, { volumes?: string[] }> };

const SERVER = '1.3.6.1.5.5.7.3.1';
const CLIENT = '1.3.6.1.5.5.7.3.2';
/** Whom each is to others; the proxy only knows the authority. */
const USES: Readonly<Record<string, readonly string[]>> = {
  'temporal-db': [SERVER],
  temporal: [SERVER, CLIENT],
  'temporal-namespace': [CLIENT],
  'temporal-ui': [SERVER, CLIENT],
  'mongo-1': [SERVER, CLIENT],
  'mongo-2': [SERVER, CLIENT],
  'mongo-3': [SERVER, CLIENT],
  'mongo-replica-set': [CLIENT],
  worker: [SERVER, CLIENT],
  api: [SERVER, CLIENT],
  prometheus: [SERVER],
  grafana: [SERVER],
};
const DAY_MS = 86_400_000;

/** Every file with its contents and when it was last changed. */
function everything(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [file, `${statSync(file).mtimeMs} ${readFileSync(file, 'utf8')}`];
    }),
  );
}
const changed = (before: Record<string, string>, after: Record<string, string>): string[] =>
  Object.keys({ ...before, ...after }).filter((file) => before[file] !== after[file]);

describe('docker/certificates.sh', () => {
  let made: Certificates;
  let authority: X509Certificate;
  const certificateOf = (service: string): X509Certificate =>
    new X509Certificate(made.text(service, 'certificate'));

  beforeAll(() => {
    made = new Certificates();
    authority = new X509Certificate(readFileSync(join(made.folder, 'authority/ca.pem')));
  });
  afterAll(() => made.remove());

  test('makes an authority that signs certificates and nothing below it signs any', () => {
    expect(authority.ca).toBe(true);
    expect(authority.checkIssued(authority)).toBe(true);
    expect(Date.parse(authority.validTo) - Date.now()).toBeGreaterThan(9 * 365 * DAY_MS);
  });

  test.each(Object.entries(USES))(
    '%s has a certificate of that authority for its name, its use and its key',
    (service, uses) => {
      const certificate = certificateOf(service);
      expect(certificate.verify(authority.publicKey)).toBe(true);
      expect(certificate.checkIssued(authority)).toBe(true);
      expect(certificate.ca).toBe(false);
      expect(certificate.checkHost(service)).toBe(service);
      expect(certificate.checkHost('localhost')).toBe('localhost');
      expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
      expect(certificate.checkHost('jiugai.example')).toBeUndefined();
      expect(certificate.subject).toContain(`CN=${service}`);
      expect(certificate.keyUsage).toEqual(uses);
      expect(certificate.checkPrivateKey(createPrivateKey(made.text(service, 'key')))).toBe(true);
      const days = (Date.parse(certificate.validTo) - Date.now()) / DAY_MS;
      expect(Math.round(days)).toBe(397);
      expect(made.text(service, 'ca')).toBe(authority.toString());
      expect(made.text(service, 'both')).toBe(made.text(service, 'certificate') + made.text(service, 'key'));
    },
  );

  test('makes a folder for each service that docker-compose.yml gives certificates, and no other', () => {
    const wanted = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.flatMap((volume) => /^certificates-([^:]+):/.exec(volume)?.[1] ?? []),
    );
    const there = readdirSync(made.folder).filter((name) => name !== 'authority');
    expect([...new Set(wanted)].sort()).toEqual(there.sort());
    expect(there.sort()).toEqual([...Object.keys(USES), 'proxy'].sort());
    expect(readdirSync(join(made.folder, 'proxy'))).toEqual(['ca.pem']);
  });

  test('nobody but its owner reads a key, and the folder of the authority is closed', () => {
    const mode = (...path: string[]): number => statSync(join(made.folder, ...path)).mode & 0o777;
    for (const service of Object.keys(USES)) {
      expect(mode(service, 'key.pem')).toBe(0o400);
      expect(mode(service, 'both.pem')).toBe(0o400);
      expect(mode(service) & 0o077).toBe(0);
    }
    expect(mode('authority', 'key.pem')).toBe(0o400);
    expect(mode('authority') & 0o077).toBe(0);
  });

  test('run again changes nothing', () => {
    const before = everything(made.folder);
    expect(runCertificates(made.folder)).toEqual({ code: 0, said: '' });
    expect(changed(before, everything(made.folder))).toEqual([]);
  });

  test('renews what is near its end and nothing else, and --check says so before', () => {
    expect(runCertificates(made.folder, '--check')).toEqual({ code: 0, said: '' });
    const soon = new Certificates('--days', '30');
    const due = runCertificates(soon.folder, '--check');
    expect(due.code).toBe(1);
    expect(due.said.match(/: due$/gm)).toHaveLength(Object.keys(USES).length);
    const former = new X509Certificate(soon.text('api', 'certificate'));
    const before = everything(join(soon.folder, 'authority'));
    expect(runCertificates(soon.folder).code).toBe(0);
    const renewed = new X509Certificate(soon.text('api', 'certificate'));
    expect(Date.parse(renewed.validTo) - Date.parse(former.validTo)).toBeGreaterThan(360 * DAY_MS);
    expect(renewed.serialNumber).not.toBe(former.serialNumber);
    expect(renewed.publicKey.equals(former.publicKey)).toBe(false);
    expect(changed(before, everything(join(soon.folder, 'authority')))).toEqual([]);
    expect(runCertificates(soon.folder, '--check').code).toBe(0);
    soon.remove();
  });

  test('makes one anew whose key is another’s, that an other authority signed, or that is lost', () => {
    const broken = new Certificates();
    const other = new Certificates();
    const put = (service: string, file: 'key' | 'certificate', text: string): void => {
      rmSync(broken.of(service)[file]);
      writeFileSync(broken.of(service)[file], text);
    };
    put('api', 'key', broken.text('worker', 'key'));
    put('temporal', 'certificate', other.text('temporal', 'certificate'));
    put('temporal', 'key', other.text('temporal', 'key'));
    rmSync(join(broken.folder, 'mongo-2'), { recursive: true });
    const { said } = runCertificates(broken.folder);
    expect([...said.matchAll(/^(\S+): until/gm)].map(([, service]) => service)).toEqual([
      'temporal',
      'mongo-2',
      'api',
    ]);
    expect(runCertificates(broken.folder, '--check')).toEqual({ code: 0, said: '' });
    broken.remove();
    other.remove();
  });

  test('signs nothing that would outlive the authority, and says what is the matter', () => {
    const { code, said } = runCertificates(made.folder, '--days', '3640');
    expect(code).toBe(1);
    expect(said).toMatch(/the authority .* ends on .*docs\/operations\.md/);
  });

  test('the key of the authority may be kept elsewhere, and is then needed to make more', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'jiugai-authority-'));
    const folder = mkdtempSync(join(tmpdir(), 'jiugai-certificates-'));
    expect(runCertificates(folder, '--authority', elsewhere).code).toBe(0);
    expect(readdirSync(folder)).not.toContain('authority');
    expect(readdirSync(elsewhere).sort()).toEqual(['ca.pem', 'key.pem']);
    rmSync(join(elsewhere, 'key.pem'));
    rmSync(join(folder, 'api'), { recursive: true });
    expect(runCertificates(folder, '--authority', elsewhere).code).not.toBe(0);
    for (const one of [elsewhere, folder]) rmSync(one, { recursive: true, force: true });
  });
});
