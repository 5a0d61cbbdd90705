import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export const MANIFEST = 'manifest.json';
export const ENGINE_FILES = ['temporal.sqlite', 'temporal.sqlite-wal'] as const;

const Manifest = z.strictObject({
  format: z.literal(1),
  /** When the engine stood still: nothing later is in the backup. */
  takenAt: z.iso.datetime(),
  program: z.string(),
  mongodb: z.string(),
  dataVersion: z.number().int(),
  files: z.array(
    z.strictObject({
      name: z.string(),
      bytes: z.number().int().nonnegative(),
      sha256: z.string().length(64),
    }),
  ),
  /** Documents of each collection. */
  collections: z.record(z.string(), z.number().int().nonnegative()),
  /** All heads of the record in the order of workflows: how many, and SHA-256 over them. */
  heads: z.strictObject({ count: z.number().int(), sha256: z.string().length(64) }),
});
export type Manifest = z.output<typeof Manifest>;

/** Thrown where a backup cannot be taken or restored; the message is one sentence and what to do. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused';
}

/** @throws BackupRefused where there is none, or it is of a format that this program does not know */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new BackupRefused(`${folder} holds no whole backup: its ${MANIFEST} is written last.`);
  }
  const parsed = Manifest.safeParse(JSON.parse(text));
  if (!parsed.success) throw new BackupRefused(`The ${MANIFEST} in ${folder} is not one of this program.`);
  return parsed.data;
}

/** @throws BackupRefused with the name of the first file that is not as it was written */
export async function refuseDamaged(folder: string, { files }: Manifest): Promise<void> {
  for (const { name, bytes, sha256 } of files) {
    const found = await digestOf(join(folder, name)).catch(() => undefined);
    if (found?.sha256 === sha256 && found.bytes === bytes) continue;
    throw new BackupRefused(`${name} in ${folder} is not as it was backed up: use another backup.`);
  }
}

export async function digestOf(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
