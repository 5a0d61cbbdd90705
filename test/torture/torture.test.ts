import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Report } from '../../torture/report';

const REPOSITORY = resolve(__dirname, '../..');

/** Repeats a run: `TORTURE_SEED=… npx jest test/torture`; longer with `TORTURE_SECONDS=180 TORTURE_PROJECTS=60`. */
const SEED = Number(process.env['TORTURE_SEED'] ?? Date.now() % 1_000_000_007);
const SECONDS = Number(process.env['TORTURE_SECONDS'] ?? 20);
const PROJECTS = Number(process.env['TORTURE_PROJECTS'] ?? 8);
/** Other tests share the machine: whoever is slow is not stuck. */
const QUIET_WITHIN_S = 90;

// A second chance would hide a fault.
jest.retryTimes(0);

/** Stays when something was found: it holds the evidence. */
const folder = join(REPOSITORY, '.data/torture', String(SEED));

function torture(): Promise<{ code: number | null; said: string }> {
  const options = {
    seed: SEED,
    minutes: SECONDS / 60,
    projects: PROJECTS,
    'quiet-within': QUIET_WITHIN_S,
    folder,
  };
  const said = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, ['--import', 'tsx', 'torture/run.ts', ...said], { cwd: REPOSITORY });
  process.once('exit', () => child.kill());
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece: Buffer) => (printed += piece.toString()));
  }
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done({ code, said: printed }));
  });
}

test(
  'P1.4: killed, frozen, cut off, slowed, filled and put out of time, the fleet keeps what it has answered, once',
  async () => {
    console.log(`torture: seed ${SEED}, ${SECONDS} s, ${PROJECTS} projects`);
    const { code, said } = await torture();
    console.log(said);
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
    expect(report.findings).toEqual([]);
    expect(code).toBe(0);
    expect(report.done.filter(({ did }) => did).length).toBeGreaterThan(SECONDS / 10);
    expect(report.checked.weighed.counting).toBeGreaterThan(0);
    expect(report.checked.figures.replayed).toBeGreaterThan(PROJECTS);
    rmSync(folder, { recursive: true, force: true });
  },
  (SECONDS + 400) * 1_000,
);
