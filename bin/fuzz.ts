/**
 * `npm run fuzz`: a rehearsal is brought up, and Schemathesis sends it, as several roles, what its OpenAPI document
 * allows and what it forbids. No 5xx, no status or content that is not documented, nothing without a log-in.
 *
 * FUZZ_SECONDS (30) bounds each role, FUZZ_SEED (1) chooses what is sent.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDirOf } from '../worker/create';
import { readConfiguration } from './configuration';
import { Person, type Account } from './demo/client';
import { installSchemathesis, runSchemathesis } from './fuzz/schemathesis';
import { startRehearsal, type Rehearsal } from './rehearsal/start';
import { StartRefused } from './running/refused';
import { ServerMissing } from './servers/locate';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Who sends: an office that begins projects, and the administrators who change the system. */
const ROLES: readonly (readonly [string, (account: Account) => boolean])[] = [
  ['县住建经办', ({ organisation, roles }) => organisation === '371302-housing' && roles.includes('handler')],
  ['系统管理员', ({ roles }) => roles.includes('system-administrator')],
  ['审计管理员', ({ roles }) => roles.includes('audit-administrator')],
];

async function fuzz(env: NodeJS.ProcessEnv): Promise<number> {
  const seconds = Number(env['FUZZ_SECONDS'] ?? 30);
  const seed = Number(env['FUZZ_SEED'] ?? 1);
  const cacheDir = cacheDirOf(readConfiguration(env).dataDir);
  const folder = await mkdtemp(join(tmpdir(), 'jiugai-fuzz-'));
  let rehearsal: Rehearsal | undefined;
  try {
    const program = await installSchemathesis(cacheDir, say);
    rehearsal = await startRehearsal({ dataDir: folder, port: 0, mongodbPort: 0, env, cacheDir, say });
    const accounts = JSON.parse(readFileSync(rehearsal.accountsFile, 'utf8')) as Account[];
    const failed: string[] = [];
    for (const [role, is] of ROLES) {
      say(`\nSchemathesis as ${role}, seed ${seed}, ${seconds} s`);
      const { url } = rehearsal;
      const account = accounts.find(is);
      if (!account) throw new Error(`no sample account is ${role}`);
      const { token } = await Person.logIn(url, account);
      if (!(await runSchemathesis(program, { url, token, seconds, seed }))) failed.push(role);
    }
    say(
      failed.length === 0
        ? `\nAll ${ROLES.length} roles passed.`
        : `\nFailed as ${failed.join(', ')}; seed ${seed}.`,
    );
    return failed.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error instanceof StartRefused || error instanceof ServerMissing ? error.message : error);
    return 1;
  } finally {
    await rehearsal?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

fuzz(process.env).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
