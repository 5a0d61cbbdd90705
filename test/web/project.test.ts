import { startCity, type City } from './support/city';
import { closed } from './support/browser';
import { crowdOf, projectFromPaper, projectIn } from './support/lives';

const COUNTY = '371302';
let city: City;
let noticed: string;
let onSite: string;

beforeAll(async () => {
  city = await startCity();
  const crowd = await crowdOf(city, COUNTY);
  noticed = await projectIn(city, crowd, { community: `${COUNTY}-c1`, step: 'public-notice' });
  onSite = await projectFromPaper(city, await city.person(`${COUNTY}-housing`), `${COUNTY}-c2`);
  await crowd.advance('PT1S');
  await crowd.work(await crowd.awaitedBy(onSite), []);
  await crowd.advance('PT1S');
}, 240_000);
afterAll(() => city?.stop());

test('projects are found by what one looks for, which stays in the address', async () => {
  const window = await city.as(`${COUNTY}-housing`);
  const { page } = window;
  await page.getByRole('link', { name: '项目', exact: true }).click();
  await page.getByRole('link', { name: /样例一小区/ }).waitFor();
  expect(await window.violations()).toEqual([]);
  await window.picture('projects-desk');
  await page.getByLabel('步骤').selectOption('公示');
  await page.getByRole('link', { name: /样例二小区/ }).waitFor({ state: 'detached' });
  await page.getByLabel('查找').fill('没有这样的名称');
  await page.keyboard.press('Enter');
  await page.getByText('没有符合条件的项目').waitFor();
  expect(new URL(page.url()).searchParams.get('step')).toBe('public-notice');
  await page.reload();
  await page.getByText('没有符合条件的项目').waitFor();
  await page.getByRole('button', { name: '清除条件' }).click();
  await page.getByRole('link', { name: /样例二小区/ }).waitFor();
  await closed(window);
});

test.each(['desk', 'telephone'] as const)(
  'a project’s steps stand on a timeline with rounds, the period that runs and the dates expected, on a %s',
  async (screen) => {
    const window = await city.as(`${COUNTY}-housing`, { screen });
    const { page } = window;
    await page.goto(`/app/projects/${noticed}`);
    const step = (name: string) =>
      page.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) });
    await step('初步方案').getByText('已完成').waitFor();
    await step('公示').getByText('办理中').waitFor();
    await page.getByText(/公示 兰山区样例一小区（5 个工作日/).waitFor();
    await step('联合审查')
      .getByText(/预计至迟 \d{4}-\d{2}-\d{2}/)
      .waitFor();
    await page.getByText('公示期满、意见已答复，提报县区').waitFor();
    expect(await window.violations()).toEqual([]);
    await window.picture(`project-course-${screen}`);
    await closed(window);
  },
);

test('who is awaited stands with office, due date and basis; money with sources and contracts; documents by step', async () => {
  const window = await city.as('371300-housing');
  const { page } = window;
  await page.goto(`/app/projects/${onSite}`);
  await page.getByRole('heading', { name: '等待谁' }).waitFor();
  await page
    .getByRole('cell', { name: /（样例）/ })
    .first()
    .waitFor();
  await window.picture('project-awaited');
  await page.goto(`/app/projects/${noticed}?part=money`);
  await page.getByRole('cell', { name: '中央补助资金' }).waitFor();
  await page.getByRole('cell', { name: '3,717,760.00' }).waitFor();
  expect(await window.violations()).toEqual([]);
  await window.picture('project-money');
  await page.goto(`/app/projects/${onSite}?part=money`);
  await page.getByRole('cell', { name: '3,840,000.00' }).waitFor();
  await window.picture('project-contracts');
  await page.goto(`/app/projects/${noticed}`);
  await page.getByRole('link', { name: '材料' }).click();
  await page.getByRole('cell', { name: '公示照片' }).first().waitFor();
  expect(await window.violations()).toEqual([]);
  await window.picture('project-documents');
  await closed(window);
});

test('P5.1.2: the record reads in sentences and says that it was verified', async () => {
  const window = await city.as(`${COUNTY}-housing`);
  const { page } = window;
  await page.goto(`/app/projects/${noticed}?part=record`);
  await page.getByText('记录完整').waitFor();
  await page.getByText(/公示自 \d{4}-\d{2}-\d{2} 至 \d{4}-\d{2}-\d{2}/).waitFor();
  await page.getByText(/办结「编制初步改造方案及预算」/).waitFor();
  expect(await page.locator('.events').innerText()).not.toMatch(/\{\w+\}/);
  await page.getByText('公示 · 记录内容').nth(1).click();
  await page.getByText('样例：小区南门公告栏').waitFor();
  expect(await window.violations()).toEqual([]);
  await window.picture('project-record');
  await closed(window);
});

test('a record of 300 events is read to its end', async () => {
  const window = await city.as(`${COUNTY}-housing`);
  const { page } = window;
  const person = await city.person(`${COUNTY}-housing`);
  const { items } = await person.get<{ items: { id: string }[] }>(`/projects/${noticed}/events?limit=200`);
  const many = Array.from({ length: 300 }, (_, i) => ({ ...items[i % items.length], id: `sample#${i}` }));
  await page.route(/\/events\?/, (route) => {
    const at = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
    const next = at + 40 < many.length ? { nextCursor: String(at + 40) } : {};
    return route.fulfill({ json: { items: many.slice(at, at + 40), people: {}, ...next } });
  });
  await page.goto(`/app/projects/${noticed}`);
  await page.getByText('公示期满').waitFor();
  await page.getByRole('link', { name: '全程记录' }).click();
  for (let shown = 40; shown < 300; shown += 40) {
    await page
      .locator('.events > li')
      .nth(shown - 1)
      .waitFor();
    await page.getByRole('button', { name: '再显示 40 条' }).click();
  }
  await page.locator('.events > li').nth(299).scrollIntoViewIfNeeded();
  expect(await page.locator('.events > li').count()).toBe(300);
  await closed(window);
});

test('what may be begun is offered to whom it is: the county suspends and resumes, the neighbourhood cannot', async () => {
  const neighbourhood = await city.as(`${COUNTY}-n1`);
  await neighbourhood.page.goto(`/app/projects/${noticed}`);
  await neighbourhood.page.getByRole('button', { name: '登记居民书面意见' }).waitFor();
  expect(await neighbourhood.page.getByRole('button', { name: '暂停项目' }).count()).toBe(0);
  await closed(neighbourhood);
  const window = await city.as(`${COUNTY}-housing`);
  const { page } = window;
  await page.goto(`/app/projects/${noticed}`);
  await page.getByRole('button', { name: '暂停项目' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '确定' }).click();
  await dialog.getByText('请填写此项').waitFor();
  await dialog.getByLabel('理由').fill('样例：汛期停工');
  expect(await window.violations()).toEqual([]);
  await window.picture('project-suspension');
  await dialog.getByRole('button', { name: '确定' }).click();
  await page.getByText('已受理').waitFor();
  await page.getByText('已暂停').first().waitFor();
  await page.getByRole('button', { name: '恢复项目' }).click();
  await dialog.getByLabel('理由').fill('样例：汛期已过');
  await dialog.getByRole('button', { name: '确定' }).click();
  await page.getByRole('button', { name: '暂停项目' }).waitFor();
  await closed(window);
});

test.each(['projects', 'tasks'])(
  'of %s that are not there the page says so under a heading',
  async (what) => {
    const window = await city.as(`${COUNTY}-housing`);
    const { page } = window;
    await page.goto(`/app/${what}/project.${COUNTY}-2031-9999.public-notice.1.1`);
    await page.getByRole('heading', { level: 1, name: '没有这个页面' }).waitFor();
    await page.getByText('您无权查看').waitFor();
    expect(await window.violations()).toEqual([]);
    await window.close();
  },
);
