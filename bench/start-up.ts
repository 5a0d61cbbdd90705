import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../bin/running/ports';
import type { Row } from './statistics';
import { ROOT } from './system';

/** From `npm start` (installed) to the first 200 of /readyz: on an empty folder, and again on the same. */
export async function measureStart(): Promise<Row[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'jiugai-start-'));
  const [port, temporal, ui, mongo] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const env = {
    ...process.env,
    JIUGAI_DATA_DIR: dataDir,
    PORT: String(port),
    TEMPORAL_PORT: String(temporal),
    TEMPORAL_UI_PORT: String(ui),
    MONGODB_PORT: String(mongo),
  };
  try {
    const first = await once(env, port);
    const second = await once(env, port);
    return [
      { what: 'npm start to /readyz, first time', value: `${first.toFixed(1)} s`, aim: '< 15 s' },
      { what: 'npm start to /readyz, again', value: `${second.toFixed(1)} s`, aim: '< 15 s' },
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function once(env: NodeJS.ProcessEnv, port: number): Promise<number> {
  const begun = performance.now();
  const child = spawn('npm', ['start'], { cwd: ROOT, env, stdio: 'ignore', detached: true });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  let left = false;
  void ended.then(() => (left = true));
  while ((await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.status !== 200) {
    if (left || performance.now() - begun > 120_000) throw new Error('npm start did not come up');
    await new Promise((done) => setTimeout(done, 50));
  }
  const seconds = (performance.now() - begun) / 1000;
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  await ended;
  // npm may end before what it has begun, and the next start must find the folder free.
  while (child.pid !== undefined && isAlive(-child.pid)) await new Promise((done) => setTimeout(done, 50));
  return seconds;
}

/** Whether any process of the group is left. */
function isAlive(group: number): boolean {
  try {
    return process.kill(group, 0);
  } catch {
    return false;
  }
}
