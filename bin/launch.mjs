// `npm start`: installs what is missing, then runs bin/start.ts in this same process, so that signals have one receiver.
import { createRequire } from 'node:module';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
await import('tsx');
const { start } = createRequire(import.meta.url)('./start.ts');
process.exit(await start(process.env));
