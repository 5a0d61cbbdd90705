import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Person, type Account } from '../../../bin/demo/client';
import { buildPages } from '../../../bin/pages/build';
import { startRehearsal, type Rehearsal } from '../../../bin/rehearsal/start';
import { launch, openWindow, type Screen, type Window } from './browser';

/** A rehearsal of the whole system with its pages, and a browser. */
export interface City {
  readonly rehearsal: Rehearsal;
  readonly browser: Browser;
  /** The sample account of an organisation, its handler unless said otherwise. */
  account(organisation: string | null, role?: string): Account;
  /** Somebody who acts through the API, past the pages. */
  person(organisation: string | null, role?: string): Promise<Person>;
  /** A window in which nobody is logged in. */
  open(screen?: Screen): Promise<Window>;
  /** A window in which the account of an organisation has logged in by the page. */
  as(
    organisation: string | null,
    options?: { readonly role?: string; readonly screen?: Screen },
  ): Promise<Window>;
  stop(): Promise<void>;
}

export async function startCity(): Promise<City> {
  const folder = await mkdtemp(join(tmpdir(), 'jiugai-web-'));
  const { TEMPORAL_ADDRESS: _temporal, MONGODB_URI: _mongodb, ...env } = process.env;
  const cacheDir = join(__dirname, '../../../node_modules/.cache/jiugai');
  const ports = { port: 0, mongodbPort: 0 };
  // A rehearsal does not wait for its pages; a test that opens them does.
  await buildPages(() => undefined);
  const [rehearsal, browser] = await Promise.all([
    startRehearsal({ dataDir: folder, ...ports, env, cacheDir, say: () => undefined }),
    launch(),
  ]);
  const accounts = JSON.parse(await readFile(rehearsal.accountsFile, 'utf8')) as Account[];
  const account = (organisation: string | null, role = 'handler'): Account => {
    const found = accounts.find((one) => one.organisation === organisation && one.roles.includes(role));
    if (!found) throw new Error(`No sample account is ${role} of ${organisation}`);
    return found;
  };
  const open = (screen?: Screen): Promise<Window> => openWindow(browser, rehearsal.url, screen);
  return {
    rehearsal,
    browser,
    account,
    person: (organisation, role) => Person.logIn(rehearsal.url, account(organisation, role)),
    open,
    async as(organisation, { role, screen } = {}) {
      const window = await open(screen);
      await logIn(window, account(organisation, role));
      return window;
    },
    async stop() {
      await browser.close();
      await rehearsal.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** By the page, as people do. */
export async function logIn({ page }: Window, { username, password }: Account): Promise<void> {
  await page.goto('/');
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码').fill(password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByRole('button', { name: '退出登录' }).waitFor();
}
