import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { StartRefused } from '../running/refused';

/** A server that lives no longer than this process, however this process ends. */
export interface BoundProcess {
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
  /** Kills it: what it holds is thrown away with it. */
  kill(): Promise<void>;
}

export interface BoundOptions {
  /** As a person would call it. */
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Takes what it prints. */
  readonly logFile: string;
  /** Resolves when it does its work; rejects when it does not in time. */
  ready(): Promise<void>;
}

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'];

/** @throws StartRefused when it ends before it is ready, or is not ready in time. */
export async function startBound(options: BoundOptions): Promise<BoundProcess> {
  const { title, program, args, env, logFile } = options;
  // The kernel ends it with its parent, where there is a way to ask for that; elsewhere the exit handler must do.
  const setpriv = SETPRIV.find((path) => existsSync(path));
  const command = setpriv
    ? ([setpriv, ['--pdeathsig', 'KILL', program, ...args]] as const)
    : ([program, args] as const);
  const log = openSync(logFile, 'a', 0o600);
  // A session of its own: Ctrl-C in the terminal reaches only the parent, which stops its servers in order.
  const child = spawn(command[0], [...command[1]], { env, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  const killOnExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killOnExit);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  }).finally(() => process.removeListener('exit', killOnExit));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  const refuse = (reason: string): never => {
    throw new StartRefused(`${title} could not be started: ${reason}. Its log is ${logFile}.`);
  };
  try {
    await Promise.race([
      options.ready().catch((error: Error) => refuse(error.message)),
      ended.then((how) => refuse(`it ended at once (${how})`)),
    ]);
  } catch (error) {
    await kill();
    throw error;
  }
  return { ended, kill };
}
