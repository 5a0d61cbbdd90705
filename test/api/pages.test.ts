import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { startApi, type TestApi } from './api';

let api: TestApi;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jiugai-pages-'));
  api = await startApi({ pages: folder });
});
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true, force: true });
});

const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8';

function asked(path: string, accept = BROWSER) {
  return request(api.app).get(path).set('Accept', accept);
}

test('pages that are still being built are asked for again by the browser itself', async () => {
  const { headers, text } = await asked('/app/').expect(503);
  expect(headers['retry-after']).toBe('2');
  expect(text).toContain('http-equiv="refresh"');
});

describe('built pages', () => {
  beforeAll(async () => {
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<meta nonce="JIUGAI_NONCE"><script nonce="JIUGAI_NONCE">');
    await writeFile(join(folder, 'assets', 'index-a1.js'), 'let packed = false');
    await writeFile(join(folder, 'assets', 'index-a1.js.gz'), gzipSync('let packed = true'));
    await writeFile(join(folder, 'secret.js'), 'secret');
  });

  test('every address below /app is the page, with a nonce of its own and nothing from outside', async () => {
    await asked('/').expect(302).expect('Location', '/app/');
    const [first, second] = [await asked('/app/tasks/1').expect(200), await asked('/app/').expect(200)];
    const policy = String(first.headers['content-security-policy']);
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("default-src 'none'");
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(first.text).toBe(`<meta nonce="${nonce}"><script nonce="${nonce}">`);
    expect(second.text).not.toBe(first.text);
    expect(first.headers['cache-control']).toBe('no-cache');
  });

  test('files are kept for a year, packed for whoever unpacks', async () => {
    const packed = await asked('/app/assets/index-a1.js').set('Accept-Encoding', 'gzip').expect(200);
    expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(packed.headers['content-type']).toContain('text/javascript');
    expect(packed.text).toBe('let packed = true');
    const plain = await asked('/app/assets/index-a1.js').set('Accept-Encoding', 'identity').expect(200);
    expect(plain.text).toBe('let packed = false');
  });

  test('nothing beside the built files is given out, and who asks for JSON gets a problem', async () => {
    for (const path of ['/app/assets/..%2fsecret.js', '/app/assets/none.js', '/app/assets/index-a1.js.gz']) {
      const { text } = await asked(path, 'application/json').expect(404);
      expect(text).toContain('not-found');
    }
    await asked('/nowhere').expect(404);
    await request(api.app).post('/app/').expect(404);
  });
});

test('what a page must know before anybody is logged in is told to everybody', async () => {
  const { body } = await request(api.app).get('/api/v1/entrances').expect(200);
  expect(body).toEqual({ mode: 'live' });
});
