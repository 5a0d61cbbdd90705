// `npm start`, `npm run rehearse`, `npm run demo`: installs what is missing, then runs bin/<name>.ts in this same
// process, so that signals have one receiver.
import { createRequire } from 'node:module';
import { ensureInstalled } from './install.mjs';

const PROGRAMS = { start: 'start', rehearse: 'rehearse', demo: 'demo' };
const name = process.argv[2] ?? 'start';
if (!Object.hasOwn(PROGRAMS, name)) {
  console.error(`There is no program ${name}; known: ${Object.keys(PROGRAMS).join(', ')}.`);
  process.exit(1);
}

ensureInstalled();
await import('tsx');
const program = createRequire(import.meta.url)(`./${name}.ts`);
process.exit(await program[PROGRAMS[name]](process.env));
