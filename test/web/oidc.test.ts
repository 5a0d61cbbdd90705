import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { oidcMapping } from '../../api/auth/oidc/mapping';
import { BUILT_PAGES, buildPages } from '../../bin/pages/build';
import { startApi, type TestApi } from '../api/api';
import { launch, openWindow } from './support/browser';

let api: TestApi;
let provider: ChildProcess;
let server: Server;
let browser: Browser;
let publicUrl: string;
let issuer: string;

beforeAll(async () => {
  await buildPages(() => undefined);
  [api, browser] = await Promise.all([startApi(), launch()]);
  // The provider must know our address before we know the provider's.
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const program = join(__dirname, '../support/identity-provider.mjs');
  provider = spawn(process.execPath, [program, `${publicUrl}/auth/oidc/callback`], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const [line] = (await once(provider.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  issuer = line.toString().trim();
  const oidc = {
    issuer,
    clientId: 'jiugai',
    clientSecret: 'a secret of the test',
    scope: 'profile',
    publicUrl,
    mapping: oidcMapping.parse({ seats: 'jiugai_seats', rules: [] }),
  };
  server.on('request', api.again({ oidc, pages: BUILT_PAGES }));
}, 120_000);

afterAll(async () => {
  provider?.stdin?.end();
  await browser?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  await api?.stop();
});

test('P1.4: one logs in at the city’s identity provider by the button, comes to the inbox, and logs out at both', async () => {
  const window = await openWindow(browser, publicUrl);
  const { page } = window;
  await page.goto('/app/');
  const button = page.getByRole('link', { name: '统一身份认证登录' });
  await button.waitFor();
  expect(await window.violations()).toEqual([]);
  await window.picture('log-in-with-provider');
  await button.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(`${issuer}/**`);
  const person = { sub: 'li', preferred_username: 'li.na', jiugai_seats: ['371302-finance:handler'] };
  await page.getByLabel('谁').fill(JSON.stringify(person));
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('heading', { name: '工作台' }).waitFor();
  await page.getByText(/· li\.na/).waitFor();
  expect(new URL(page.url()).origin).toBe(publicUrl);
  expect(await window.violations()).toEqual([]);
  await window.picture('inbox-by-provider');
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.waitForURL(`${issuer}/**`);
  await page.getByRole('button', { name: '退出' }).click();
  await button.waitFor();
  // Nowhere but here and at the provider.
  const elsewhere = window.faults.filter((fault) => !fault.startsWith(`request: ${issuer}/`));
  expect(elsewhere).toEqual([]);
  await window.close();
});
