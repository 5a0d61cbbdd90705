import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfiguration } from '../../bin/configuration';
import { claimDataFolder } from '../../bin/running/data-folder';
import { asRefusal, StartRefused } from '../../bin/running/refused';

const refusalOf = (env: NodeJS.ProcessEnv): string => {
  try {
    readConfiguration(env);
  } catch (error) {
    if (error instanceof StartRefused) return error.message;
    throw error;
  }
  return '';
};

describe('the configuration of a start', () => {
  test('without any variable it is the one of the contract', () => {
    expect(readConfiguration({})).toMatchObject({
      apiPort: 8080,
      temporalPort: 7233,
      temporalUiPort: 8233,
      mongodbPort: 27017,
      dataDir: expect.stringMatching(/\/\.data$/),
    });
  });

  test('the API is found by https where it has a certificate', () => {
    expect(readConfiguration({}).apiUrl).toBe('http://127.0.0.1:8080');
    const over = { JIUGAI_TLS_CERTIFICATE_FILE: '/c.pem', JIUGAI_TLS_KEY_FILE: '/k.pem', PORT: '8443' };
    expect(readConfiguration(over).apiUrl).toBe('https://127.0.0.1:8443');
  });

  test.each([
    [{ PORT: '80a' }, 'PORT is not a port'],
    [{ PORT: '' }, 'PORT is not a port'],
    [{ MONGODB_PORT: '0' }, 'MONGODB_PORT is not a port'],
    [{ TEMPORAL_ADDRESS: 'http://x:7233' }, 'TEMPORAL_ADDRESS is not of the form host:port'],
    [{ MONGODB_URI: 'localhost:27017' }, 'MONGODB_URI does not begin with mongodb://'],
    [{ JIUGAI_DATA_DIR: '' }, 'JIUGAI_DATA_DIR is empty'],
    [{ JIUGAI_DATA: 'x' }, 'JIUGAI_DATA is not a variable of this program'],
    [{ TEMPORAL_PORT: '8080' }, 'PORT and TEMPORAL_PORT are both 8080'],
  ])('%p stops the start with the name of the variable', (env, sentence) => {
    expect(refusalOf(env)).toContain(sentence);
  });

  test('all that is wrong is said at once', () => {
    expect(refusalOf({ PORT: 'x', JIUGAI_X: '1' })).toMatch(/JIUGAI_X .*; PORT /);
  });
});

describe('the data folder', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'jiugai-folder-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('belongs to one claim at a time, under whatever path it is named', async () => {
    const claim = await claimDataFolder(folder);
    await expect(claimDataFolder(join(folder, '..', folder.split('/').at(-1) as string))).rejects.toThrow(
      `in use by another start (pid ${process.pid})`,
    );
    await claim.release();
    await (await claimDataFolder(folder)).release();
  });

  test('on a disk that is nearly full is refused with the space that is needed', async () => {
    await expect(claimDataFolder(folder, 1e12)).rejects.toThrow(
      /is full \(\d+ MB left\): make at least 300 MB free/,
    );
    await (await claimDataFolder(folder)).release();
  });

  test('a disk that becomes full in the middle of a write is said in the same sentence', () => {
    const refused = asRefusal(Object.assign(new Error('write'), { code: 'ENOSPC' }), folder);
    expect(refused).toBeInstanceOf(StartRefused);
    expect((refused as Error).message).toContain('is full: make at least 300 MB free');
  });

  test('that is a file is refused in one sentence', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(claimDataFolder(join(folder, 'file'))).rejects.toThrow(/is no folder/);
  });
});
