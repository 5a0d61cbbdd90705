import { spawn } from 'node:child_process';
import type { Report } from './rung';

/**
 * Runs a command to its end, saying every five seconds that it still works.
 *
 * @throws Error with the last line that the command printed, when it fails or cannot be started.
 */
export function run(
  command: string,
  args: readonly string[],
  { env, report, doing }: { env: NodeJS.ProcessEnv; report: Report; doing: string },
): Promise<void> {
  const began = Date.now();
  const heartbeat = setInterval(
    () => report(`  ${doing}, ${Math.round((Date.now() - began) / 1000)} s so far`),
    5_000,
  );
  return new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 15 * 60_000 });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      const errors = said.split('\n').filter((line) => line.trim() !== '');
      reject(
        new Error(
          errors.find((line) => /error/i.test(line)) ?? errors.at(-1) ?? `${command} ended with ${code}`,
        ),
      );
    });
  }).finally(() => clearInterval(heartbeat));
}
