import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(__dirname, '../../docker/certificates.sh');

/** Runs docker/certificates.sh as whoever runs the tests, so files stay theirs. */
export function runCertificates(folder: string, ...options: string[]): { code: number; said: string } {
  const { status, stdout, stderr } = spawnSync('sh', [SCRIPT, '--keep-owner', ...options, folder], {
    encoding: 'utf8',
  });
  return { code: status ?? -1, said: stdout + stderr };
}

/** Files of one service of docker-compose.yml. */
export interface ServiceFiles {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  /** Certificate and key in one file, as MongoDB wants them. */
  readonly both: string;
}

/** A set of certificates for a test, deleted when it ends. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'jiugai-certificates-'));

  constructor(...options: string[]) {
    const { code, said } = runCertificates(this.folder, ...options);
    if (code !== 0) throw new Error(said);
  }

  of(service: string): ServiceFiles {
    const file = (name: string): string => join(this.folder, service, name);
    return {
      ca: file('ca.pem'),
      certificate: file('certificate.pem'),
      key: file('key.pem'),
      both: file('both.pem'),
    };
  }

  text(service: string, file: keyof ServiceFiles): string {
    return readFileSync(this.of(service)[file], 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
