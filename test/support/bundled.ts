import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const REPOSITORY = resolve(__dirname, '../..');

/** Has parts of its own beside its code, so it is not put into a bundle. */
const OUTSIDE = [
  '@temporalio/*',
  '@node-rs/argon2',
  'swagger-ui-express',
  'kerberos',
  'snappy',
  'aws4',
  'socks',
];
const OPTIONAL = ['mongodb-client-encryption', '@mongodb-js/zstd', '@aws-sdk/*', 'gcp-metadata'];

/**
 * Bundles a program of ours without types into one file: a process that is killed a hundred times must start fast. What
 * it finds beside its code must stand beside the file too.
 * @param entry in the repository, such as `api/main.ts`
 * @param output must lie in the repository, so that what is not bundled is found
 */
export function bundleProgram(entry: string, output: string): string {
  execFileSync(join(REPOSITORY, 'node_modules/.bin/esbuild'), [
    join(REPOSITORY, entry),
    '--bundle',
    '--platform=node',
    '--target=node20',
    '--format=cjs',
    '--log-level=error',
    `--outfile=${output}`,
    ...[...OUTSIDE, ...OPTIONAL].map((name) => `--external:${name}`),
  ]);
  return output;
}
