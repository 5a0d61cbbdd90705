import { get } from 'node:https';
import { processFigures } from '../../watching/process';
import { readWorkerConfiguration } from '../../worker/configuration';
import { answerWatchers } from '../../worker/watching/serve';
import { Certificates } from '../support/certificates';
import { samplesIn } from './exposition';

const certificates = new Certificates();
afterAll(() => certificates.remove());

function ask(port: number, path: string): Promise<{ status: number | undefined; body: string }> {
  const ca = certificates.text('prometheus', 'ca');
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', servername: 'worker', ca, path }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    }).once('error', reject);
  });
}

test('a worker with a certificate answers who watches it by HTTPS only, and says until when the certificate counts', async () => {
  const { watchers } = readWorkerConfiguration({
    MONGODB_URI: 'mongodb://db.example/',
    JIUGAI_WORKER_PORT: '9464',
    JIUGAI_TLS_CERTIFICATE_FILE: certificates.of('worker').certificate,
    JIUGAI_TLS_KEY_FILE: certificates.of('worker').key,
  });
  const until = watchers?.certificate?.notAfter;
  const figures = processFigures({ use: 'worker', notAfter: new Date().toISOString() }, until);
  const answering = await answerWatchers(
    { figures: [() => figures.metrics()], ready: async () => ({ engine: 'ok' }) },
    { ...(watchers as NonNullable<typeof watchers>), port: 0 },
  );
  expect(await ask(answering.port, '/healthz')).toMatchObject({ status: 200 });
  const { body } = await ask(answering.port, '/metrics');
  const told = samplesIn(body).find(({ name }) => name === 'jiugai_certificate_expires_timestamp_seconds');
  expect(told).toMatchObject({ labels: { use: 'worker' }, value: (until as Date).getTime() / 1_000 });
  await expect(fetch(`http://127.0.0.1:${answering.port}/healthz`)).rejects.toThrow();
  await answering.close();
});
