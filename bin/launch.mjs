// `npm start`: installs what is missing, then runs bin/start.ts in this same process, so that signals have one receiver.
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { register } = await import('tsx/esm/api');
register();
const { start } = await import('./start.ts');
process.exit(await start(process.env));
