/**
 * `npm run record:proof -- check <file>`: holds an excerpt of the record, as `GET /record/proof` hands it out, against
 * nothing but the roots of trust. Needs no server and no network. Exit code 0 if it holds, 1 if not, 2 without a file.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { proofFault, type RecordProof } from '../domain/record/proof';
import { Verifier } from '../domain/signing/signature';
import { BadKeys, keysDirOf, readRootsOfAllTimes } from '../keys/folder';
import { verifyNative } from '../keys/verify';

/** @returns the sentence to say, and whether the proof holds */
export function checkFile(
  file: string,
  trustFile: string,
): { readonly holds: boolean; readonly says: string } {
  const proof = JSON.parse(readFileSync(file, 'utf8')) as RecordProof;
  const verifier = new Verifier(
    { roots: readRootsOfAllTimes(dirname(resolve(trustFile))), revocations: [] },
    verifyNative,
  );
  const fault = proofFault(proof, verifier);
  if (fault !== undefined) return { holds: false, says: `✗ ${fault}` };
  const [event] = proof.events;
  const { date, root } = proof.root;
  const what = `${event?.workflowId ?? ''} #${event?.seq ?? 0} ${event?.type ?? ''} (${event?.at ?? ''})`;
  return {
    holds: true,
    says: `✓ ${what} 在 ${date} 日根之下 · is under the daily root of ${date}: ${root}`,
  };
}

function main(): void {
  const usual = join(keysDirOf(process.env['JIUGAI_DATA_DIR'] ?? '.data'), 'trust.json');
  const program = new Command('record:proof').description('checks excerpts of the record, offline');
  program
    .command('check <file>')
    .description('a proof, as the audit administrator exports it')
    .option('--trust <trust.json>', 'the roots of trust, got from the city by another way', usual)
    .action((file: string, { trust }: { trust: string }) => {
      const { holds, says } = checkFile(file, trust);
      console.log(says);
      process.exitCode = holds ? 0 : 1;
    });
  try {
    program.parse(process.argv);
  } catch (error) {
    const known = error instanceof BadKeys ? '' : 'The proof could not be read: ';
    console.error(`${known}${(error as Error).message}`);
    process.exitCode = 2;
  }
}

if (require.main === module) main();
