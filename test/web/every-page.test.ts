import { startCity, type City } from './support/city';
import type { Screen, Window } from './support/browser';
import { crowdOf, projectFromPaper, projectIn } from './support/lives';

const COUNTY = '371302';
/** So many pages of one account at most: each kind of address is opened once. */
const MOST = 40;

let city: City;
/** Where people are awaited. */
let onSite: string;

beforeAll(async () => {
  city = await startCity();
  const crowd = await crowdOf(city, COUNTY);
  await projectIn(city, crowd, { community: `${COUNTY}-c1`, step: 'public-notice' });
  onSite = await projectFromPaper(city, await city.person(`${COUNTY}-housing`), `${COUNTY}-c2`);
  await crowd.advance('PT1S');
}, 240_000);
afterAll(() => city?.stop());

/** `/app/projects/371302-2028-0001?part=money` → `/app/projects/*?money`: pages of one kind. */
function kindOf(href: string): string {
  const { pathname, searchParams } = new URL(href, 'http://program');
  const path = pathname
    .split('/')
    .map((part) => (/\d/.test(part) ? '*' : part))
    .join('/');
  const part = searchParams.get('part') ?? searchParams.get('list');
  // Whatever else is asked for narrows what the same page shows.
  return searchParams.size === 0 ? path : `${path}?${part ?? '…'}`;
}

interface Walked {
  readonly seen: string[];
  readonly wrong: string[];
}

/** Follows every link from these pages on, and says what is wrong with the pages. */
async function walk({ page, violations, faults, until }: Window, from: readonly string[]): Promise<Walked> {
  const wrong: string[] = [];
  const waiting = [...from];
  const seen = new Set(waiting.map(kindOf));
  for (let href = waiting.shift(); href !== undefined; href = waiting.shift()) {
    await page.goto(href);
    await page.locator('h1').first().waitFor();
    await until(`!document.body.innerText.includes('正在加载')`);
    wrong.push(...(await violations()).map((one) => `${href}: ${one}`));
    wrong.push(...faults.splice(0).map((one) => `${href}: ${one}`));
    const width = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (width > 0) wrong.push(`${href}: ${width} px wider than the screen`);
    const links = await page
      .locator('a[href^="/app"]:not([download])')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    for (const link of links) {
      if (seen.has(kindOf(link)) || seen.size >= MOST) continue;
      seen.add(kindOf(link));
      waiting.push(link);
    }
  }
  return { seen: [...seen], wrong };
}

const PROJECT = ['', '?money', '?documents', '?record'].map((part) => `/app/projects/*${part}`);
const OWN = ['/app/messages', '/app/account'];
const OFFICE = ['/app/tasks/*', ...PROJECT, '/app/notices/*', '/app/year', '/app/year?…', ...OWN];

/** Somebody, and pages that they come to by links alone. */
type Walker = [
  who: string,
  organisation: string | null,
  role: string,
  screen: Screen,
  among: readonly string[],
];
const PEOPLE: readonly Walker[] = [
  ['the county', `${COUNTY}-housing`, 'handler', 'desk', OFFICE],
  ['a subdistrict', `${COUNTY}-s2`, 'handler', 'telephone', OFFICE],
  ['the system administrator', null, 'system-administrator', 'desk', PROJECT],
  ['the security administrator', null, 'security-administrator', 'telephone', OWN],
  ['the audit administrator', null, 'audit-administrator', 'desk', PROJECT],
];

test.each(PEOPLE)(
  'every page that %s comes to is fit for everybody, without an error and without a request to anybody else',
  async (_who, organisation, role, screen, among) => {
    const window = await city.as(organisation, { role, screen });
    const { seen, wrong } = await walk(window, [
      '/app/',
      ...(among === OFFICE ? [`/app/projects/${onSite}`] : []),
    ]);
    expect(wrong).toEqual([]);
    expect(among.filter((kind) => !seen.includes(kind))).toEqual([]);
    await window.close();
  },
  240_000,
);

test('every page that a visitor comes to, too, and that of an address that there is not', async () => {
  const window = await city.open('telephone');
  const { seen, wrong } = await walk(window, ['/app/notices']);
  expect(wrong).toEqual([]);
  expect(seen).toContain('/app/notices/*');
  await window.page.goto('/app/nowhere');
  await window.page.locator('h1').waitFor();
  expect(await window.violations()).toEqual([]);
  expect(window.faults).toEqual([]);
  await window.close();
});
