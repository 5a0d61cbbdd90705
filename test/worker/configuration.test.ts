import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { BadConfiguration, readWorkerConfiguration } from '../../worker/configuration';

const env = { MONGODB_URI: 'mongodb://db.example:27017/?replicaSet=jiugai' };

test('engine and store are found by the names that their own tools use', () => {
  const read = readWorkerConfiguration({
    ...env,
    TEMPORAL_ADDRESS: 'engine:7233',
    TEMPORAL_NAMESPACE: 'linyi',
  });
  expect(read).toMatchObject({ mongodbUri: env.MONGODB_URI, namespace: 'linyi', logLevel: 'info' });
  expect(read.temporal.address).toBe('engine:7233');
  expect(read.cachedWorkflows).toBe(500);
});

test.each([
  [{}, 'MONGODB_URI is not set'],
  [{ MONGODB_URI: 'http://db' }, 'MONGODB_URI does not begin with mongodb://'],
  [{ ...env, JIUGAI_LOG_LEVEL: 'loud' }, 'JIUGAI_LOG_LEVEL is not trace'],
  [{ ...env, JIUGAI_WORKER_PORT: 'x' }, 'JIUGAI_WORKER_PORT is not a port'],
  [{ ...env, JIUGAI_WORKER_PORT: '70000' }, 'JIUGAI_WORKER_PORT is not a port'],
  [{ ...env, JIUGAI_CACHED_WORKFLOWS: '0' }, 'JIUGAI_CACHED_WORKFLOWS is not a number from 1'],
  [{ ...env, JIUGAI_DATA_DIR: '' }, 'JIUGAI_DATA_DIR is empty'],
  [{ ...env, JIUGAI_SMTP_URL: 'mail.example:25' }, 'JIUGAI_SMTP_URL is not of the form smtp://'],
  [{ ...env, JIUGAI_SMTP_URL: 'smtp://mail.example' }, 'JIUGAI_MAIL_FROM are set both or neither'],
  [{ ...env, JIUGAI_TLS_CERTIFICATE_FILE: '/nowhere.pem' }, 'JIUGAI_TLS_CERTIFICATE_FILE names /nowhere.pem'],
  [{ ...env, JIUGAI_MAIL_FROM: 'office' }, 'JIUGAI_MAIL_FROM is not an e-mail address'],
])('a bad value is refused by the name of its variable: %j', (wrong, says) => {
  expect(() => readWorkerConfiguration(wrong)).toThrow(BadConfiguration);
  expect(() => readWorkerConfiguration(wrong)).toThrow(says);
});

test('the process says it in one sentence and ends', () => {
  const repository = resolve(__dirname, '../..');
  const { MONGODB_URI: _, ...rest } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    cwd: repository,
    env: rest,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr.trim()).toBe('The worker was not started: MONGODB_URI is not set.');
});
