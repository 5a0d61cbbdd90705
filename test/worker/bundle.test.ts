import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleWorkflows } from '../../worker/bundle';

const DAY = 24 * 60 * 60 * 1000;
const workflowsPath = resolve(__dirname, 'worker.workflows.ts');

let cacheDir: string;
beforeEach(() => (cacheDir = mkdtempSync(join(tmpdir(), 'jiugai-bundles-'))));
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

function bundleOfAge(days: number): string {
  const path = join(cacheDir, 'workflow-bundles', `${days}-days.js`);
  const then = new Date(Date.now() - days * DAY);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '');
  utimesSync(path, then, then);
  return path;
}

test('a new bundle leaves those that others may be running, and removes what nothing has asked for in a week', async () => {
  const [used, unused] = [bundleOfAge(6), bundleOfAge(8)];
  const made = await bundleWorkflows({ cacheDir, workflowsPath });
  expect([made, used, unused].map(existsSync)).toEqual([true, true, false]);
});

test('who asks for a bundle that is there gets it, and keeps it from being removed', async () => {
  const made = await bundleWorkflows({ cacheDir, workflowsPath });
  const then = new Date(Date.now() - 6 * DAY);
  utimesSync(made, then, then);
  expect(await bundleWorkflows({ cacheDir, workflowsPath })).toBe(made);
  expect(Date.now() - statSync(made).mtimeMs).toBeLessThan(DAY);
});

test('what workflows share is loaded before the first of them, and not left out by the bundler', async () => {
  const code = readFileSync(await bundleWorkflows({ cacheDir, workflowsPath }), 'utf8');
  const preload = /exports\.preloadModules = function preloadModules\(\) \{(.*?)\n\}/s.exec(code)?.[1];
  expect(preload).toMatch(/__webpack_require__\(.*"\.\/workflows\/preloaded\.ts"\)/);
  // Of packages without side effects a bare import becomes `0;`, and each workflow computes its tables anew.
  expect(preload).not.toMatch(/^\s*0;/m);
  expect(code).toMatch(/ed25519\.Point\.BASE\.multiplyUnsafe/);
});
