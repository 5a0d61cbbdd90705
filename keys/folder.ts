import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { KeyUse, Root } from '../domain/signing/certificate';
import {
  exportPrivate,
  importPrivate,
  issueIdentity,
  newRoot,
  VALID_DAYS,
  type Identity,
  type RootIdentity,
} from './identity';
import { Keyring, newSymmetricKey, type SymmetricKey } from './keyring';

/**
 * A folder of keys, each file for those who need it and readable by its owner only:
 *
 *   trust.json       the roots' public keys          every process
 *   api.json         the API's signing key           the API
 *   worker.json      the workers' signing key        workers
 *   payload.json     keys of the engine's payloads   the API, workers
 *   personal.json    keys of residents' data         the API
 *   root.json        the root's private key          nobody who runs: `npm run keys` only
 */
const FILES = {
  trust: 'trust.json',
  api: 'api.json',
  worker: 'worker.json',
  payload: 'payload.json',
  personal: 'personal.json',
  root: 'root.json',
} as const;

/** What is encrypted: everything in the engine's histories, and residents' data in the store. */
export const SECRETS = ['payload', 'personal'] as const;
export type Secret = (typeof SECRETS)[number];

/** Where a data folder keeps them, unless JIUGAI_KEYS_DIR names another folder. */
export function keysDirOf(dataDir: string): string {
  return join(dataDir, 'keys');
}

/** Thrown when a key file is missing or is none; the message says which and what to do. */
export class BadKeys extends Error {
  override readonly name = 'BadKeys';
}

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), 'is not hexadecimal');
const root = z.strictObject({ id: z.string().min(1), publicKey: hex(32) });
const trustFile = z.strictObject({ roots: z.array(root).min(1), retired: z.array(root).default([]) });
const rootFile = z.strictObject({ root, privateKey: z.base64() });
const identityFile = z.strictObject({
  certificate: z.strictObject({
    keyId: z.string().min(1),
    use: z.enum(['api', 'worker']),
    publicKey: hex(32),
    notBefore: z.iso.datetime(),
    notAfter: z.iso.datetime(),
    issuer: z.string().min(1),
    signature: hex(64),
  }),
  privateKey: z.base64(),
});
const keyringFile = z.strictObject({
  keys: z.array(z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,64}$/), key: hex(32) })).min(1),
});

/** The roots that this process believes. @throws BadKeys */
export function readRoots(folder: string): readonly Root[] {
  return read(folder, FILES.trust, trustFile).roots;
}

/** Those and the ones that are believed no longer: for what they vouched for in their time. @throws BadKeys */
export function readRootsOfAllTimes(folder: string): readonly Root[] {
  const { roots, retired } = read(folder, FILES.trust, trustFile);
  return [...roots, ...retired];
}

/** The signing key of the API or of the workers. @throws BadKeys */
export function readIdentity(folder: string, use: KeyUse): Identity {
  const { certificate, privateKey } = read(folder, FILES[use], identityFile);
  if (certificate.use !== use) throw new BadKeys(`${join(folder, FILES[use])} is no key of the ${use}.`);
  return { certificate, privateKey: importPrivate(privateKey) };
}

/** @throws BadKeys where the root is kept elsewhere */
export function readRootIdentity(folder: string): RootIdentity {
  const { root: known, privateKey } = read(folder, FILES.root, rootFile);
  return { root: known, privateKey: importPrivate(privateKey) };
}

/** The keys of one kind of secret; a key that was added meanwhile is found when it is first met. @throws BadKeys */
export function readKeyring(folder: string, secret: Secret): Keyring {
  const reread = (): SymmetricKey[] => readSymmetric(folder, secret);
  return new Keyring(secret, reread(), reread);
}

/**
 * Nobody works without a key that has encrypted what is kept: garbage in the place of an activity's answer would lead a
 * workflow astray for ever.
 * @param missing ids of keys, as the store knows them
 * @throws BadKeys if there are any
 */
export function refuseMissing(folder: string, secret: Secret, missing: readonly string[]): void {
  if (missing.length === 0) return;
  throw new BadKeys(
    `${join(folder, FILES[secret])} lacks the key ${missing.join(', ')}, with which something is encrypted that is kept: put the file back from its copy.`,
  );
}

/**
 * Puts a new key before the others of its kind: what runs decrypts with it from now on, and encrypts with it from its
 * next start. The old ones stay for what they have encrypted.
 * @returns the new key's id
 */
export function rotateKeyring(folder: string, secret: Secret): string {
  const fresh = newSymmetricKey(secret);
  writeKeyring(folder, secret, [fresh, ...readSymmetric(folder, secret)]);
  return fresh.id;
}

function readSymmetric(folder: string, secret: Secret): SymmetricKey[] {
  const { keys } = read(folder, FILES[secret], keyringFile);
  return keys.map(({ id, key }) => ({ id, key: Buffer.from(key, 'hex') }));
}

function writeKeyring(folder: string, secret: Secret, keys: readonly SymmetricKey[]): void {
  write(folder, FILES[secret], { keys: keys.map(({ id, key }) => ({ id, key: key.toString('hex') })) });
}

/** Makes what is missing: a root, the trust in it, a key for the API and the workers, and the secrets' keys. */
export function prepareKeys(folder: string, now: number, days = VALID_DAYS): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (!existsSync(join(folder, FILES.trust))) {
    const made = newRoot();
    write(folder, FILES.root, { root: made.root, privateKey: exportPrivate(made.privateKey) });
    write(folder, FILES.trust, { roots: [made.root], retired: [] });
  }
  for (const use of ['api', 'worker'] as const) {
    if (!existsSync(join(folder, FILES[use]))) writeIdentity(folder, use, now, days);
  }
  for (const secret of SECRETS) {
    if (!existsSync(join(folder, FILES[secret]))) writeKeyring(folder, secret, [newSymmetricKey(secret)]);
  }
}

/** Issues a new signing key and puts it in the old one's place; whoever signs reads it when it starts. */
export function writeIdentity(folder: string, use: KeyUse, now: number, days = VALID_DAYS): Identity {
  const identity = issueIdentity(readRootIdentity(folder), use, now, days);
  write(folder, FILES[use], {
    certificate: identity.certificate,
    privateKey: exportPrivate(identity.privateKey),
  });
  return identity;
}

/**
 * Puts a new root before those that are believed. What the old one has vouched for counts until `forgetRoot`; the
 * signing keys are issued anew, by the new root.
 */
export function rotateRoot(folder: string, now: number): RootIdentity {
  const made = newRoot();
  const { roots, retired } = read(folder, FILES.trust, trustFile);
  write(folder, FILES.trust, { roots: [made.root, ...roots], retired });
  write(folder, FILES.root, { root: made.root, privateKey: exportPrivate(made.privateKey) });
  for (const use of ['api', 'worker'] as const) writeIdentity(folder, use, now);
  return made;
}

/**
 * Believes a root no longer, and with it no key that it has vouched for. It stays in the file as retired: who verifies
 * the record needs it for what was signed in its time.
 * @throws BadKeys if it is the last one, or the one that vouches now, or not known
 */
export function forgetRoot(folder: string, id: string): void {
  const { roots, retired } = read(folder, FILES.trust, trustFile);
  const old = roots.find((one) => one.id === id);
  if (!old) throw new BadKeys(`No root ${id} is believed here.`);
  if (roots[0] === old) throw new BadKeys(`${id} is the root that vouches now: rotate it first.`);
  write(folder, FILES.trust, { roots: roots.filter((one) => one !== old), retired: [...retired, old] });
}

/** Renamed into place, so that no process reads half a file. */
function write(folder: string, name: string, content: unknown): void {
  const partial = join(folder, `${name}.${process.pid}`);
  writeFileSync(partial, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, join(folder, name));
}

function read<T>(folder: string, name: string, schema: z.ZodType<T>): T {
  const path = join(folder, name);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is missing' : 'cannot be read';
    throw new BadKeys(`The key file ${path} ${why}; \`npm run keys -- init\` makes what is missing.`);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadKeys(`The key file ${path} is wrong: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`);
}
