import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { freePort, isPortOpen } from '../../bin/running/ports';
import { waitUntil } from '../../bin/running/waiting';
import { connectStore } from '../../store/connect';
import { Certificates } from '../support/certificates';
import { programPath } from '../support/servers';

/** What the files of docker/ do in their containers, done here: only paths, names and ports are others. */
const REPOSITORY = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(REPOSITORY, file), 'utf8');

// A child that ends with the tests, however they end.
const BOUND = existsSync('/usr/bin/setpriv') ? 'setpriv --pdeathsig KILL' : '';

let folder: string;
let certificates: Certificates;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jiugai-compose-'));
  certificates = new Certificates();
});
afterAll(() => {
  certificates.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A script of docker/ as it would run in the container of this service. */
const asIn = (service: string, script: string): string =>
  read(script)
    .replaceAll('/certificates', join(certificates.folder, service))
    .replaceAll('/run/secrets', folder)
    .replaceAll('/tmp/keyfile', join(folder, `${service}.keyfile`));

describe('the nodes of the store, started by docker/mongo-node.sh', () => {
  const NODES = ['mongo-1', 'mongo-2', 'mongo-3'] as const;
  const children: ChildProcess[] = [];
  let hosts: string[];

  const optionsOf = (service: string): string => {
    const { ca, both } = certificates.of(service);
    return `tls=true&tlsCAFile=${ca}&tlsCertificateKeyFile=${both}`;
  };
  const client = (address: string): mongo.MongoClient =>
    new mongo.MongoClient(address, { serverSelectionTimeoutMS: 1_500 });
  async function ask(address: string, command: mongo.Document): Promise<mongo.Document> {
    const asking = client(address);
    try {
      return await asking.db('admin').command(command);
    } finally {
      await asking.close();
    }
  }
  /** What docker/app.sh hands to the programs as the store's address. */
  function uriOf(service: string): string {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'node'), '#!/bin/sh\nprintf %s "$MONGODB_URI"\n');
    chmodSync(join(bin, 'node'), 0o755);
    const env = {
      PATH: `${bin}:${process.env['PATH']}`,
      MONGODB_USER: 'jiugai',
      MONGODB_HOSTS: hosts.join(','),
    };
    return spawnSync('sh', ['-c', asIn(service, 'docker/app.sh')], { env, encoding: 'utf8' }).stdout;
  }

  beforeAll(async () => {
    const mongod = await programPath('mongod');
    writeFileSync(join(folder, 'mongodb_keyfile'), 'a'.repeat(64));
    writeFileSync(join(folder, 'mongodb_password'), 'of-the-test\n');
    const ports = [];
    for (const node of NODES) {
      const port = await freePort();
      ports.push(port);
      const data = join(folder, node);
      mkdirSync(data);
      const script = asIn(node, 'docker/mongo-node.sh')
        .replace('docker-entrypoint.sh mongod', `${BOUND} ${mongod}`)
        .trimEnd();
      const more = ` --port ${port} --dbpath ${data} --nounixsocket`;
      children.push(
        spawn('bash', ['-c', script + more], {
          env: { ...process.env, MONGODB_CACHE_GB: '0.25' },
          stdio: 'ignore',
        }),
      );
    }
    hosts = ports.map((port) => `localhost:${port}`);
    for (const port of ports) {
      await waitUntil('a node listens', () => isPortOpen(port), { withinMs: 60_000 });
    }
    const direct = `mongodb://${hosts[0]}/admin?directConnection=true&${optionsOf('mongo-replica-set')}`;
    const members = hosts.map((host, _id) => ({ _id, host }));
    await ask(direct, { replSetInitiate: { _id: 'jiugai', members } });
    const isPrimary = async () => (await ask(direct, { hello: 1 }))['isWritablePrimary'] === true;
    const settled = async () => (await isPrimary().catch(() => false)) || (await aPrimary()) !== undefined;
    await waitUntil('a node was elected, so they talk to each other', settled, { withinMs: 60_000 });
    const first = client(
      `mongodb://${await aPrimary()}/?directConnection=true&${optionsOf('mongo-replica-set')}`,
    );
    // The first user may be made from the node's own machine.
    await first.db('admin').command({
      createUser: 'root',
      pwd: 'of-root',
      roles: ['root'],
    });
    await first.close();
    const root = client(
      `mongodb://root:of-root@${hosts.join(',')}/admin?replicaSet=jiugai&${optionsOf('mongo-replica-set')}`,
    );
    await root.db('jiugai').command({
      createUser: 'jiugai',
      pwd: 'of-the-test',
      roles: [{ role: 'dbOwner', db: 'jiugai' }],
    });
    await root.close();
  }, 120_000);
  afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

  async function aPrimary(): Promise<string | undefined> {
    for (const host of hosts) {
      const said = await ask(`mongodb://${host}/?directConnection=true&${optionsOf('mongo-replica-set')}`, {
        hello: 1,
      }).catch(() => undefined);
      if (said?.['isWritablePrimary'] === true) return host;
    }
    return undefined;
  }

  test('serve the store of API and worker, whose address has certificate and authority', async () => {
    for (const service of ['api', 'worker']) {
      const uri = uriOf(service);
      expect(uri).toContain(`tlsCAFile=${certificates.of(service).ca}`);
      const store = await connectStore(uri);
      await store.prepare();
      await store.ping();
      await store.close();
    }
  });

  test('answer nobody in the clear, nobody without a certificate, and nobody with one of another authority', async () => {
    const other = new Certificates();
    const address = `mongodb://${hosts[0]}/?directConnection=true`;
    const { ca, both } = certificates.of('api');
    const hello = { hello: 1 };
    expect(
      await ask(`${address}&tls=true&tlsCAFile=${ca}&tlsCertificateKeyFile=${both}`, hello),
    ).toMatchObject({
      setName: 'jiugai',
    });
    await expect(ask(address, hello)).rejects.toThrow();
    await expect(ask(`${address}&tls=true&tlsCAFile=${ca}`, hello)).rejects.toThrow();
    const foreign = other.of('api').both;
    await expect(
      ask(`${address}&tls=true&tlsCAFile=${ca}&tlsCertificateKeyFile=${foreign}`, hello),
    ).rejects.toThrow();
    // And who asks finds out that it is not the store that it knows.
    const { ca: foreignCa } = other.of('api');
    await expect(
      ask(`${address}&tls=true&tlsCAFile=${foreignCa}&tlsCertificateKeyFile=${both}`, hello),
    ).rejects.toThrow(/certificate/);
    other.remove();
  });

  test('demand a password of whoever has a certificate', async () => {
    const asking = client(`mongodb://${hosts.join(',')}/?replicaSet=jiugai&${optionsOf('api')}`);
    await expect(asking.db('jiugai').collection('events').findOne()).rejects.toThrow(/authentication/);
    await asking.close();
  });
});

describe('the engine’s UI, started by docker/temporal-ui.sh', () => {
  const GOOD = {
    TEMPORAL_AUTH_ENABLED: 'true',
    TEMPORAL_DISABLE_WRITE_ACTIONS: 'true',
    TEMPORAL_AUTH_PROVIDER_URL: 'https://id.example',
    TEMPORAL_AUTH_CLIENT_ID: 'engine-ui',
  };
  function start(env: Record<string, string>, secret = 'a secret\n') {
    writeFileSync(join(folder, 'client_secret'), secret);
    writeFileSync(
      join(folder, 'start-ui-server.sh'),
      '#!/bin/sh\necho "started with $TEMPORAL_AUTH_CLIENT_SECRET"\n',
    );
    chmodSync(join(folder, 'start-ui-server.sh'), 0o755);
    const { status, stdout, stderr } = spawnSync('sh', [join(REPOSITORY, 'docker/temporal-ui.sh')], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        TEMPORAL_AUTH_CLIENT_SECRET_FILE: join(folder, 'client_secret'),
        ...env,
      },
      encoding: 'utf8',
    });
    return { status, said: stdout + stderr };
  }

  test('gets the secret of its client out of the file', () => {
    expect(start(GOOD)).toEqual({ status: 0, said: 'started with a secret\n' });
  });

  test.each([
    ['no log-in', { TEMPORAL_AUTH_ENABLED: 'false' }, 'TEMPORAL_AUTH_ENABLED'],
    ['buttons', { TEMPORAL_DISABLE_WRITE_ACTIONS: 'false' }, 'TEMPORAL_DISABLE_WRITE_ACTIONS'],
    ['no provider', { TEMPORAL_AUTH_PROVIDER_URL: '' }, 'TEMPORAL_UI_OIDC_ISSUER'],
    [
      'a provider in the clear',
      { TEMPORAL_AUTH_PROVIDER_URL: 'http://id.example' },
      'TEMPORAL_UI_OIDC_ISSUER',
    ],
    ['no client', { TEMPORAL_AUTH_CLIENT_ID: '' }, 'TEMPORAL_UI_OIDC_CLIENT_ID'],
  ])('does not start with %s', (_, wrong, name) => {
    const { status, said } = start({ ...GOOD, ...wrong });
    expect(status).toBe(1);
    expect(said).toContain(`The Temporal UI was not started: ${name}`);
  });

  test('does not start with an empty secret, or with none', () => {
    expect(start(GOOD, '\n')).toMatchObject({ status: 1, said: expect.stringContaining('is empty') });
    expect(start({ ...GOOD, TEMPORAL_AUTH_CLIENT_SECRET_FILE: '/nowhere' }).status).not.toBe(0);
  });
});

describe('the health check of API and worker, docker/ready.js', () => {
  test.each([
    ['finds a process that is ready', 200, 'api', 0],
    ['does not take one for ready that is not', 503, 'api', 1],
    ['does not believe one that another authority vouches for', 200, 'other', 1],
  ] as const)('%s', async (_, status, authority, code) => {
    const server = createServer(
      { cert: certificates.text('api', 'certificate'), key: certificates.text('api', 'key') },
      (_request, response) => void response.writeHead(status).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const other = new Certificates();
    const { ca } = authority === 'api' ? certificates.of('api') : other.of('api');
    const { port } = server.address() as AddressInfo;
    const child = spawn(process.execPath, [
      join(REPOSITORY, 'docker/ready.js'),
      `https://localhost:${port}/readyz`,
      ca,
    ]);
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(code);
    server.close();
    other.remove();
  });
});
