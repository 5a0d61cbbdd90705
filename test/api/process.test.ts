import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { get as getOverTls } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { serve } from '../../api/serve';
import { BadSettings, readSettings } from '../../api/settings';
import { answersOk } from '../../bin/running/waiting';
import { Certificates } from '../support/certificates';

const certificates = new Certificates();
afterAll(() => certificates.remove());
const { certificate, key } = certificates.of('api');

describe('the settings of the API', () => {
  const ENV = { MONGODB_URI: 'mongodb://127.0.0.1:27017/?replicaSet=rs0' };

  const OIDC = {
    ...ENV,
    JIUGAI_PUBLIC_URL: 'https://jiugai.example/',
    JIUGAI_OIDC_ISSUER: 'https://login.example/realms/city',
    JIUGAI_OIDC_CLIENT_ID: 'jiugai',
  };

  test('name an identity provider with what its claims mean here', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jiugai-oidc-'));
    const file = (name: string) => join(folder, name);
    await writeFile(file('secret'), 'a secret of the test\n');
    await writeFile(file('mapping.json'), JSON.stringify({ seats: 'jiugai_seats' }));
    const { oidc } = readSettings({
      ...OIDC,
      JIUGAI_OIDC_CLIENT_SECRET_FILE: file('secret'),
      JIUGAI_OIDC_MAPPING: file('mapping.json'),
    });
    await rm(folder, { recursive: true });
    expect(oidc).toMatchObject({
      issuer: 'https://login.example/realms/city',
      clientSecret: 'a secret of the test',
      publicUrl: 'https://jiugai.example',
      mapping: { username: 'preferred_username', seats: 'jiugai_seats', rules: [] },
    });
    expect(readSettings({ ...ENV, JIUGAI_OIDC_ISSUER: '' }).oidc).toBeUndefined();
  });

  test('have usual values for all but the store', () => {
    expect(readSettings(ENV)).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      namespace: 'default',
      logLevel: 'info',
      largestAttachment: 50 * 1024 * 1024,
    });
    expect(readSettings({ ...ENV, TEMPORAL_ADDRESS: 'engine:7233' }).temporal).toMatchObject({
      address: 'engine:7233',
    });
  });

  test('say by which certificate it answers over TLS, and none where no file is named', () => {
    const read = readSettings({
      ...ENV,
      JIUGAI_TLS_CERTIFICATE_FILE: certificate,
      JIUGAI_TLS_KEY_FILE: key,
    });
    expect(read.certificate).toMatchObject({
      cert: certificates.text('api', 'certificate'),
      key: certificates.text('api', 'key'),
    });
    expect(read.certificate?.notAfter.getTime()).toBeGreaterThan(Date.now());
    expect(
      readSettings({ ...ENV, JIUGAI_TLS_CERTIFICATE_FILE: '', JIUGAI_TLS_KEY_FILE: '' }).certificate,
    ).toBeUndefined();
  });

  test.each([
    ['MONGODB_URI', {}],
    ['MONGODB_URI', { MONGODB_URI: 'http://x' }],
    ['PORT', { ...ENV, PORT: 'eighty' }],
    ['PORT', { ...ENV, PORT: '70000' }],
    ['JIUGAI_LOG_LEVEL', { ...ENV, JIUGAI_LOG_LEVEL: 'loud' }],
    ['JIUGAI_LARGEST_ATTACHMENT', { ...ENV, JIUGAI_LARGEST_ATTACHMENT: '1' }],
    ['JIUGAI_HOST', { ...ENV, JIUGAI_HOST: '' }],
    ['JIUGAI_SESSION_HOURS', { ...ENV, JIUGAI_SESSION_HOURS: '25' }],
    ['JIUGAI_SECOND_FACTOR', { ...ENV, JIUGAI_SECOND_FACTOR: 'some' }],
    ['JIUGAI_CORS_ORIGINS', { ...ENV, JIUGAI_CORS_ORIGINS: '*' }],
    ['JIUGAI_CORS_ORIGINS', { ...ENV, JIUGAI_CORS_ORIGINS: 'https://a.example,http://b.example' }],
    ['JIUGAI_OIDC_ISSUER', { ...ENV, JIUGAI_OIDC_ISSUER: 'http://login.example' }],
    ['JIUGAI_OIDC_CLIENT_ID', { ...ENV, JIUGAI_OIDC_ISSUER: 'https://login.example' }],
    ['JIUGAI_PUBLIC_URL', { ...OIDC, JIUGAI_PUBLIC_URL: '' }],
    ['JIUGAI_PUBLIC_URL', { ...OIDC, JIUGAI_PUBLIC_URL: 'http://jiugai.example' }],
    ['JIUGAI_OIDC_MAPPING', { ...OIDC, JIUGAI_OIDC_MAPPING: 'nowhere.json' }],
    ['JIUGAI_OIDC_MAPPING', { ...OIDC, JIUGAI_OIDC_MAPPING: __filename }],
    ['JIUGAI_TLS_KEY_FILE', { ...ENV, JIUGAI_TLS_CERTIFICATE_FILE: certificate }],
    ['JIUGAI_TLS_CERTIFICATE_FILE', { ...ENV, JIUGAI_TLS_KEY_FILE: key }],
    [
      'JIUGAI_TLS_CERTIFICATE_FILE',
      { ...ENV, JIUGAI_TLS_CERTIFICATE_FILE: 'nowhere.pem', JIUGAI_TLS_KEY_FILE: key },
    ],
    ['JIUGAI_TLS_CERTIFICATE_FILE', { ...ENV, JIUGAI_TLS_CERTIFICATE_FILE: key, JIUGAI_TLS_KEY_FILE: key }],
    [
      'JIUGAI_TLS_KEY_FILE',
      { ...ENV, JIUGAI_TLS_CERTIFICATE_FILE: certificate, JIUGAI_TLS_KEY_FILE: certificate },
    ],
    // A key, but another's.
    [
      'JIUGAI_TLS_KEY_FILE',
      {
        ...ENV,
        JIUGAI_TLS_CERTIFICATE_FILE: certificate,
        JIUGAI_TLS_KEY_FILE: certificates.of('worker').key,
      },
    ],
    // JSON, but no mapping.
    ['JIUGAI_OIDC_MAPPING', { ...OIDC, JIUGAI_OIDC_MAPPING: join(__dirname, '../../package.json') }],
  ])('a wrong %s stops the start with its name', (name, env: NodeJS.ProcessEnv) => {
    expect(() => readSettings(env)).toThrow(BadSettings);
    expect(() => readSettings(env)).toThrow(new RegExp(`^The API was not started: ${name} `));
  });
});

describe('a server that is told to stop', () => {
  const fetchBody = (port: number, agent: Agent): Promise<string> =>
    new Promise((resolve, reject) => {
      get({ port, agent, path: '/' }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve(body));
      }).once('error', reject);
    });

  test('answers what runs, closes kept-alive connections at once, and takes nothing more', async () => {
    const app = express();
    let arrive = (): void => undefined;
    app.get('/', (_request, response) => {
      arrive();
      setTimeout(() => response.send('done'), 150);
    });
    const listening = await serve(app, 0, '127.0.0.1');
    const agent = new Agent({ keepAlive: true });
    expect(await fetchBody(listening.port, agent)).toBe('done');
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const running = fetchBody(listening.port, new Agent({ keepAlive: true }));
    await arrived;
    // A bare close() would wait for the kept-alive connection, and this test with it.
    await listening.close();
    expect(await running).toBe('done');
    await expect(fetchBody(listening.port, new Agent())).rejects.toThrow('ECONNREFUSED');
    agent.destroy();
  });

  test('says so when its port is taken', async () => {
    const first = await serve(express(), 0, '127.0.0.1');
    await expect(serve(express(), first.port, '127.0.0.1')).rejects.toThrow('EADDRINUSE');
    await first.close();
  });
});

describe('a server with a certificate', () => {
  const ask = (port: number, trusted: string | undefined, servername: string): Promise<string> =>
    new Promise((resolve, reject) => {
      getOverTls({ port, host: '127.0.0.1', servername, ca: trusted, path: '/' }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve(body));
      }).once('error', reject);
    });
  const app = express().get('/', (request, response) => void response.send(`${request.protocol}`));
  const listen = () =>
    serve(app, 0, '127.0.0.1', {
      cert: certificates.text('api', 'certificate'),
      key: certificates.text('api', 'key'),
      notAfter: new Date(),
    });

  test('answers by HTTPS whoever knows its authority and asks for its name, and nobody in the clear', async () => {
    const listening = await listen();
    const authority = certificates.text('api', 'ca');
    expect(await ask(listening.port, authority, 'api')).toBe('https');
    await expect(ask(listening.port, undefined, 'api')).rejects.toThrow(/certificate/);
    await expect(ask(listening.port, authority, 'worker')).rejects.toThrow(/does not match/);
    await expect(fetch(`http://127.0.0.1:${listening.port}/`)).rejects.toThrow();
    await listening.close();
  });

  test('is found ready by `npm start`, which asks it on this machine', async () => {
    const listening = await listen();
    expect(await answersOk(`https://127.0.0.1:${listening.port}/`)).toBe(true);
    expect(await answersOk(`https://127.0.0.1:${listening.port}/nowhere`)).toBe(false);
    await listening.close();
    expect(await answersOk(`https://127.0.0.1:${listening.port}/`)).toBe(false);
  });
});
