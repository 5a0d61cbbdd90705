import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const SCREENSHOTS = join(__dirname, '../../../.data/screenshots');
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** An office's old screen, and a telephone. */
export const SCREENS = {
  desk: { width: 1366, height: 768 },
  telephone: { width: 390, height: 844 },
} as const;
export type Screen = keyof typeof SCREENS;

function chromiumPath(): string {
  const named = process.env['JIUGAI_CHROMIUM'];
  if (named) return named;
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const program of PROGRAMS) if (existsSync(join(folder, program))) return join(folder, program);
  }
  throw new Error(
    'No Chromium on the PATH: install Debian’s package chromium, or name one in JIUGAI_CHROMIUM.',
  );
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

/** One person's window. What goes wrong in it unseen is kept, and asked for by `faults`. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of scripts and console, and requests to anybody but the program: a test ends with none. */
  readonly faults: string[];
  /** Violations of WCAG 2.1 A and AA on the page as it is now. */
  violations(): Promise<string[]>;
  /** Waits for what an expression says of the page; the page's CSP forbids that it evaluates text by itself. */
  until(expression: string): Promise<void>;
  /** Writes `.data/screenshots/<name>.png`, to be looked at. */
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

const PATIENCE_MS = 20_000;
const PAUSE_MS = 100;

/** What the browser says of a refusal that the test has asked for, and the form library of fields that are not filled in. */
const EXPECTED =
  /Failed to load resource: the server responded with a status of (401|403|404|409|422|429)|^Form validation failed/;

export async function openWindow(browser: Browser, url: string, screen: Screen = 'desk'): Promise<Window> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: SCREENS[screen],
    locale: 'zh-CN',
    // A machine elsewhere in the world sees the city's dates all the same.
    timezoneId: 'America/Los_Angeles',
    ...(screen === 'telephone' ? { isMobile: true, hasTouch: true } : {}),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const faults: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !EXPECTED.test(message.text()))
      faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const { host, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && host !== new URL(url).host) faults.push(`request: ${request.url()}`);
  });
  return {
    page,
    context,
    faults,
    async violations() {
      const found = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
        .analyze();
      return found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
      );
    },
    async until(expression) {
      for (let tries = 0; tries < PATIENCE_MS / PAUSE_MS; tries += 1) {
        if (await page.evaluate(expression)) return;
        await page.waitForTimeout(PAUSE_MS);
      }
      throw new Error(`not within ${PATIENCE_MS} ms: ${expression}`);
    },
    async picture(name) {
      await mkdir(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
    },
    close: () => context.close(),
  };
}

/** Closes a window in which nothing has gone wrong unseen. */
export async function closed(window: Window): Promise<void> {
  expect(window.faults).toEqual([]);
  await window.close();
}
