import { startCity, type City } from './support/city';
import type { Window } from './support/browser';
import { crowdOf, projectIn } from './support/lives';

const COUNTY = '371302';
let city: City;
let id: string;

beforeAll(async () => {
  city = await startCity();
  const crowd = await crowdOf(city, COUNTY);
  id = `${await projectIn(city, crowd, { community: `${COUNTY}-c1`, step: 'public-notice' })}-1`;
}, 240_000);
afterAll(() => city?.stop());

async function closed(window: Window): Promise<void> {
  expect(window.faults).toEqual([]);
  await window.close();
}

test('P2.1.3: a resident objects on a telephone without a log-in, and finds the answer by the receipt', async () => {
  const window = await city.open('telephone');
  const { page } = window;
  await page.goto('/app/notices');
  await page.getByText('还剩 5 个工作日').waitFor();
  expect(await window.violations()).toEqual([]);
  await window.picture('notices-telephone');
  await page.getByRole('link', { name: /样例一小区/ }).tap();
  await page.getByText('供水管网和设施设备改造').waitFor();
  await page.getByRole('cell', { name: '中央补助资金' }).waitFor();
  await page.getByRole('button', { name: '提交意见' }).tap();
  await page.getByText('请填写此项').first().waitFor();
  expect(await window.violations()).toEqual([]);
  await page.getByLabel('意见类别').selectOption('施工安排与扰民');
  await page.getByLabel('意见', { exact: true }).fill('样例：请致电 13800000000');
  await page.getByRole('button', { name: '提交意见' }).tap();
  await page.getByRole('alert').filter({ hasText: '电话' }).waitFor();
  await page.getByLabel('意见', { exact: true }).fill('样例：请避开午休时间施工');
  await window.picture('notice-telephone');
  await page.getByRole('button', { name: '提交意见' }).tap();
  const receipt = await page.locator('.receipt').innerText();
  expect(receipt).toMatch(/^[\w-]{22}$/);
  expect(await window.violations()).toEqual([]);
  await window.picture('notice-receipt');
  await page.getByLabel('回执号').fill('abc');
  await page.getByRole('button', { name: '查询' }).tap();
  await page.getByText('回执号为 22 个字母').waitFor();
  await page.getByLabel('回执号').fill(receipt);
  await page.getByRole('button', { name: '查询' }).tap();
  await page.getByText('尚未答复').waitFor();
  const width = await page.evaluate('document.documentElement.scrollWidth');
  expect(width).toBeLessThanOrEqual(390);
  await closed(window);
});

test('a notice is read in large type, and printed without forms', async () => {
  const window = await city.open();
  const { page } = window;
  await page.goto(`/app/notices/${id}`);
  await page.getByRole('button', { name: '大字版' }).click();
  const size = await page.evaluate("getComputedStyle(document.querySelector('.items li')).fontSize");
  expect(size).toBe('24px');
  expect(new URL(page.url()).searchParams.get('large')).toBe('1');
  expect(await window.violations()).toEqual([]);
  await window.picture('notice-large');
  await page.getByRole('button', { name: '标准字号' }).click();
  await window.picture('notice-desk');
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('button', { name: '提交意见' }).isVisible()).toBe(false);
  expect(await page.getByText('供水管网和设施设备改造').isVisible()).toBe(true);
  await window.picture('notice-print');
  await closed(window);
});
