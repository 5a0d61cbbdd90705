/**
 * `npm run keys -- <command>`: the keys of an installation (docs/running.md).
 *
 * Works on a folder only, but for `reseal`; nothing of the system need run. What it changes counts when a process is
 * started again.
 */
import { resolve } from 'node:path';
import { Command } from 'commander';
import {
  BadKeys,
  forgetRoot,
  keysDirOf,
  prepareKeys,
  readIdentity,
  readKeyring,
  readRootIdentity,
  readRoots,
  rotateKeyring,
  rotateRoot,
  SECRETS,
  writeIdentity,
  type Secret,
} from '../keys/folder';
import { revoke } from '../keys/identity';
import { connectStore } from '../store/connect';
import { resealPersonal } from '../store/personal-data';
import { REPOSITORY } from './configuration';

const USES = ['api', 'worker'] as const;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** @throws BadKeys with one sentence; commander's errors for what cannot be understood */
export function keysCommand(now: () => number = Date.now): Command {
  const program = new Command('keys')
    .description('密钥：签名、加密、信任根')
    .option('--dir <folder>', 'folder of keys', defaultFolder());
  const folder = (): string => resolve(program.opts<{ dir: string }>().dir);

  program
    .command('init')
    .description('make what is missing: a root, the trust in it, signing and encryption keys')
    .action(() => {
      prepareKeys(folder(), now());
      say(`Keys are in ${folder()}.`);
      say('Move root.json to a medium that is kept under lock; nothing that runs needs it.');
    });

  program
    .command('show')
    .description('what is there, and until when it is valid')
    .action(() => show(folder(), now()));

  program
    .command('rotate')
    .argument('<key>', [...USES, ...SECRETS, 'root'].join(', '))
    .description('a new key in the place of the old one; what the old one has signed or encrypted stays good')
    .action((key: string) => rotate(folder(), key, now()));

  program
    .command('reseal')
    .description('after `rotate personal`: seal what the store keeps sealed with the new key')
    .option('--mongodb <uri>', 'address of the store', process.env['MONGODB_URI'])
    .action(({ mongodb }: { mongodb?: string }) => reseal(folder(), mongodb));

  program
    .command('forget-root')
    .argument('<id>')
    .description('believe a replaced root no longer')
    .action((id: string) => {
      forgetRoot(folder(), id);
      say(`${id} is no longer believed; start the workers and the API again.`);
    });

  program
    .command('revoke')
    .argument('<keyId>')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--since <instant>', 'since when the key is in other hands (RFC 3339); now without it')
    .description(
      'a revocation signed by the root, for the security administrator to POST to /api/v1/keys/revocations',
    )
    .action((keyId: string, { reason, since }: { reason: string; since?: string }) => {
      const at = since === undefined ? now() : Date.parse(since);
      if (Number.isNaN(at))
        throw new BadKeys(`--since ${since ?? ''} is no instant, as 2027-01-31T09:00:00+08:00.`);
      const signed = revoke(readRootIdentity(folder()), keyId, new Date(at).toISOString(), reason);
      say(JSON.stringify(signed, null, 2));
    });
  return program;
}

function defaultFolder(): string {
  const { JIUGAI_KEYS_DIR, JIUGAI_DATA_DIR } = process.env;
  return JIUGAI_KEYS_DIR ?? keysDirOf(resolve(REPOSITORY, JIUGAI_DATA_DIR ?? '.data'));
}

function show(folder: string, now: number): void {
  for (const { id, publicKey } of readRoots(folder)) say(`root    ${id}  ${publicKey}`);
  for (const use of USES) {
    const { keyId, notAfter, issuer } = readIdentity(folder, use).certificate;
    const days = Math.floor((Date.parse(notAfter) - now) / 86_400_000);
    say(`${use.padEnd(7)} ${keyId}  until ${notAfter.slice(0, 10)} (${days} days)  by ${issuer}`);
  }
}

function rotate(folder: string, key: string, now: number): void {
  if (key === 'root') {
    const { root } = rotateRoot(folder, now);
    say(`${root.id} vouches from now on, and has issued new signing keys; the old root is still believed.`);
  } else if ((USES as readonly string[]).includes(key)) {
    const { certificate } = writeIdentity(folder, key as (typeof USES)[number], now);
    say(`${certificate.keyId} signs from the next start on, until ${certificate.notAfter.slice(0, 10)}.`);
  } else if ((SECRETS as readonly string[]).includes(key)) {
    say(
      `${rotateKeyring(folder, key as Secret)} encrypts from the next start on; the old keys stay in the file.`,
    );
  } else {
    throw new BadKeys(`There is no key “${key}”: ${[...USES, ...SECRETS, 'root'].join(', ')}.`);
  }
}

async function reseal(folder: string, mongodb: string | undefined): Promise<void> {
  if (mongodb === undefined) throw new BadKeys('Say where the store is: --mongodb <uri>, or MONGODB_URI.');
  const store = await connectStore(mongodb);
  try {
    const { resealed, unreadable } = await resealPersonal(store, readKeyring(folder, 'personal'));
    say(`${resealed} fields were sealed anew.`);
    say(
      unreadable === 0
        ? 'The old keys are needed no longer and may be taken out of personal.json.'
        : `${unreadable} fields are opened by no key here: leave the old keys in personal.json.`,
    );
  } finally {
    await store.close();
  }
}

if (require.main === module) {
  keysCommand()
    .parseAsync()
    .catch((error: Error) => {
      console.error(error instanceof BadKeys ? error.message : error);
      process.exitCode = 1;
    });
}
