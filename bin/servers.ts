/**
 * Fetches the server programs named on the command line, as far as they are missing: what `npm test` runs first.
 *
 *   tsx bin/servers.ts temporal mongod temporal-test-server
 */
import { locateServer, ServerMissing } from './servers/locate';
import { PROGRAMS, type ServerProgram } from './servers/programs';

async function main(names: readonly string[]): Promise<void> {
  const programs = Object.keys(PROGRAMS) as ServerProgram[];
  const wrong = names.find((name) => !programs.includes(name as ServerProgram));
  if (wrong !== undefined)
    throw new ServerMissing(`There is no server program ${wrong}; known: ${programs.join(', ')}.`);
  // Tests start servers of their own, so an address that happens to be configured does not count.
  const { TEMPORAL_ADDRESS: _temporal, MONGODB_URI: _mongodb, ...env } = process.env;
  const wanted = names.length > 0 ? (names as ServerProgram[]) : programs;
  await Promise.all(wanted.map((name) => locateServer(name, env, (line) => console.log(line))));
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error instanceof ServerMissing ? error.message : error);
  process.exitCode = 1;
});
