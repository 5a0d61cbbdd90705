import type { Browser } from 'playwright-core';
import { Person } from '../bin/demo/client';
import { buildPages } from '../bin/pages/build';
import { yearToDeclare } from '../domain/annual-plan';
import { linyi } from '../policy/linyi';
import { launch, openWindow, type Window } from '../test/web/support/browser';
import { cityHousing } from './decisions';
import { insertTasks } from './inbox';
import { percentile, type Row } from './statistics';
import type { RunningSystem } from './system';

const TASKS = 10_000;
const LOADS = 7;
const EVENTS = 300;
const SHOWN_AT_ONCE = 40;

/** What a browser takes for the inbox with 10,000 open tasks, and for the record of a project with 300 events. */
export async function measurePages(system: RunningSystem): Promise<Row[]> {
  await buildPages(() => undefined);
  const housing = system.accounts.find(({ username }) => username === cityHousing(system));
  await insertTasks(system, housing?.organisation ?? '', 0, TASKS);
  const browser = await launch();
  try {
    const inbox = await measureInboxPage(system, browser);
    await system.store.tasks.model.deleteMany({ projectId: 'bench-inbox' });
    return [...inbox, ...(await measureRecordPage(system, browser))];
  } finally {
    await browser.close();
  }
}

/** A browser that has never been here, in which this account is logged in. */
async function windowOf(system: RunningSystem, browser: Browser, username: string): Promise<Window> {
  const window = await openWindow(browser, system.url);
  const { password } = system.accounts.find((one) => one.username === username) ?? {};
  const answer = await window.context.request.post('/api/v1/sessions', {
    data: { username, password, cookie: true },
  });
  if (answer.status() !== 201) throw new Error(`log-in of ${username}: ${answer.status()}`);
  return window;
}

async function measureInboxPage(system: RunningSystem, browser: Browser): Promise<Row[]> {
  const shown: number[] = [];
  const interactions: number[] = [];
  let scripts = 0;
  for (let load = 0; load < LOADS; load += 1) {
    const window = await windowOf(system, browser, cityHousing(system));
    const { page } = window;
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (new URL(request.url()).pathname.endsWith('.js'))
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.addInitScript(WHEN_SHOWN);
    await page.goto('/app/', { waitUntil: 'commit' });
    await page.locator('.task-link').first().waitFor();
    shown.push(await page.evaluate<number>('whenShown'));
    await page.waitForLoadState('load');
    scripts = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    interactions.push(...(await interact(window)));
    await window.close();
  }
  return [
    { what: 'JavaScript for the inbox, gzip', value: `${(scripts / 1_024).toFixed(0)} KB`, aim: '≤ 250 KB' },
    {
      what: `inbox, ${TASKS.toLocaleString('en')} open tasks: first list shown, median of ${LOADS} first visits`,
      value: `${percentile(shown, 0.5).toFixed(0)} ms`,
      aim: '≤ 1,500 ms',
    },
    {
      what: `inbox: from touch to paint, p95 of ${interactions.length} (ticks, letters, another list)`,
      value: `${percentile(interactions, 0.95).toFixed(0)} ms`,
      aim: '≤ 100 ms',
    },
  ];
}

/** Ms since the page was asked for, by its own clock, at the frame that shows the first task: whoever waits outside looks at intervals. */
const WHEN_SHOWN = `window.whenShown = new Promise((resolve) => {
  const look = (_, watching) => {
    if (!document.querySelector('.task-link')) return;
    watching.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
});`;

/** What the browser itself says of each touch: until the next frame shows what it led to. */
async function interact({ page }: Window): Promise<number[]> {
  await page.evaluate(`window.touches = [];
    new PerformanceObserver((list) => touches.push(...list.getEntries()
      .filter(({ interactionId }) => interactionId > 0).map(({ duration }) => duration)))
      .observe({ type: 'event', durationThreshold: 16 });`);
  const boxes = page.locator('tbody input[type=checkbox]');
  for (let n = 0; n < 5; n += 1) await boxes.nth(n).click();
  await page.getByRole('searchbox').pressSequentially('样例', { delay: 80 });
  for (const list of ['已办', '待办']) {
    await page.getByRole('button', { name: list }).first().click();
    await page.waitForTimeout(300);
  }
  await page.waitForTimeout(500);
  return page.evaluate('touches');
}

async function measureRecordPage(system: RunningSystem, browser: Browser): Promise<Row[]> {
  const account = system.accounts.find(({ organisation }) => organisation === '371302-housing');
  const city = system.accounts.find(({ username }) => username === cityHousing(system));
  if (!account || !city) throw new Error('nobody sits for housing');
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
  await (await Person.logIn(system.url, city)).post('/plans', { year });
  const county = await Person.logIn(system.url, account);
  const { items: communities } = await county.get<{ items: { id: string }[] }>('/communities?limit=1');
  const begun = await county.post<{ id: string }>('/projects', {
    communityIds: communities.map(({ id }) => id),
    year,
  });
  if (begun.status !== 201) throw new Error(`a project: ${JSON.stringify(begun.body)}`);
  const { id } = begun.body;
  let items: { type: string }[] = [];
  while (items.length < 2)
    ({ items } = await county.get<{ items: { type: string }[] }>(`/projects/${id}/events?limit=200`));
  const many = Array.from({ length: EVENTS }, (_, i) => ({ ...items[i % items.length], id: `bench#${i}` }));
  const window = await windowOf(system, browser, account.username);
  const { page } = window;
  await page.route(/\/events\?/, (route) => {
    const at = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
    const next = at + SHOWN_AT_ONCE;
    return route.fulfill({
      json: {
        items: many.slice(at, next),
        people: {},
        ...(next < many.length ? { nextCursor: String(next) } : {}),
      },
    });
  });
  await page.goto(`/app/projects/${id}`);
  await page.getByRole('link', { name: '全程记录' }).waitFor();
  await page.waitForTimeout(1_000);
  await page.evaluate(`window.pauses = [];
    new PerformanceObserver((list) => pauses.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });`);
  await page.getByRole('link', { name: '全程记录' }).click();
  for (let shown = SHOWN_AT_ONCE; shown < EVENTS; shown += SHOWN_AT_ONCE) {
    await page
      .locator('.events > li')
      .nth(shown - 1)
      .waitFor();
    await page.getByRole('button', { name: '再显示 40 条' }).click();
  }
  await page
    .locator('.events > li')
    .nth(EVENTS - 1)
    .scrollIntoViewIfNeeded();
  const pauses = await page.evaluate<number[]>('pauses');
  await window.close();
  return [
    {
      what: `a record of ${EVENTS} events read to its end: longest pause`,
      value: pauses.length === 0 ? 'none over 50 ms' : `${Math.max(...pauses).toFixed(0)} ms`,
      aim: '≤ 50 ms',
    },
  ];
}
