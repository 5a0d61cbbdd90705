/** `npm start` with real servers and stand-ins for the product's own processes. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { start } from '../../../bin/start';

const script = (name: string): string[] => [process.execPath, join(__dirname, `${name}.mjs`)];

void start(process.env, {
  worker: script('worker'),
  api: script('api'),
  pages: async () => undefined,
  seed: async ({ dataDir }) => {
    const accountsFile = join(dataDir, 'sample-accounts.json');
    const created = !existsSync(accountsFile);
    if (!created) return { created, accountsFile };
    writeFileSync(accountsFile, '[]', { mode: 0o600 });
    return {
      created,
      accountsFile,
      administrators: [{ username: 'administrator', password: '样例-one-time' }],
    };
  },
}).then((code) => process.exit(code));
