import { startCity, type City } from './support/city';
import { closed } from './support/browser';

let city: City;
beforeAll(async () => {
  city = await startCity();
}, 180_000);
afterAll(() => city?.stop());

/** Of the engine's clock, which a rehearsal has set ahead. */
const dayAhead = (days: number): string =>
  new Date(city.rehearsal.now() + days * 86_400_000).toISOString().slice(0, 10);

test('a colleague is named as stand-in, finds for whom they do a task, and resigns', async () => {
  const begun = await (
    await city.person('371302-housing')
  ).post('/projects', { communityIds: ['371302-c1'], year: city.rehearsal.planYear });
  expect(begun.status).toBe(201);
  const chief = city.account('371302-n1', 'signatory');
  const window = await city.as('371302-n1', { role: 'signatory' });
  const { page } = window;
  await page.goto('/app/account');
  const section = page.getByRole('region', { name: '代理', exact: true });
  await section.getByRole('button', { name: '指定代理人' }).click();
  const dialog = page.getByRole('dialog');
  const colleague = city.account('371302-n1').username;
  await dialog.getByLabel('人员').selectOption({ label: `${colleague}（经办）` });
  await dialog.getByLabel('起日').fill(dayAhead(3));
  await dialog.getByLabel('止日').fill(dayAhead(1));
  await dialog.getByRole('button', { name: '确定' }).click();
  await dialog.locator('.field', { hasText: '止日' }).getByText('止日不得早于起日').waitFor();
  await dialog.getByLabel('起日').fill(dayAhead(0));
  await dialog.getByLabel('止日').fill(dayAhead(5));
  await dialog.getByLabel('代理事项').selectOption('选定事项');
  await dialog.getByLabel('入户调查，征集改造需求').check();
  await dialog.getByLabel('事由').fill('样例：外出培训');
  expect(await window.violations()).toEqual([]);
  await window.picture('stand-in-dialog');
  await dialog.getByRole('button', { name: '确定' }).click();
  await section
    .getByRole('row', { name: new RegExp(`${colleague}.*入户调查.*样例：外出培训.*代理中`) })
    .waitFor();
  expect(await window.violations()).toEqual([]);
  await window.picture('account-stand-ins');

  const person = await city.person('371302-n1', 'signatory');
  let [task] = await person.tasks();
  for (; !task; [task] = await person.tasks()) await page.waitForTimeout(300);
  expect((await person.post(`/tasks/${task.id}/claim`, {})).status).toBe(200);
  const other = await city.as('371302-n1', { screen: 'telephone' });
  await other.page.getByText(`代理 ${chief.username}`).waitFor();
  expect(await other.violations()).toEqual([]);
  await other.picture('inbox-stand-in-telephone');
  await other.page.goto('/app/account');
  const theirs = other.page.getByRole('region', { name: '代理', exact: true });
  await theirs.getByRole('row', { name: new RegExp(chief.username) }).waitFor();
  expect(await other.violations()).toEqual([]);
  expect(await other.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  await other.picture('account-stand-ins-telephone');
  await theirs.getByRole('button', { name: '辞去' }).click();
  await other.page.getByRole('dialog').getByRole('button', { name: '辞去' }).click();
  await theirs.getByText('已终止').waitFor();
  await other.page.goto('/app/');
  await other.page.getByText('已领取').waitFor();
  expect(await other.page.getByText(`代理 ${chief.username}`).count()).toBe(0);
  await closed(window);
  await closed(other);
});

test.each(['desk', 'telephone'] as const)(
  'where e-mail goes and of what one is told is settled with one button, on a %s',
  async (screen) => {
    const window = await city.as(null, { role: 'audit-administrator', screen });
    const { page } = window;
    await page.goto('/app/account');
    const section = page.getByRole('region', { name: '通知设置' });
    const email = section.getByLabel('电子邮箱');
    await email.fill('样例');
    await section.getByRole('button', { name: '保存' }).click();
    await section.locator('.field').getByRole('alert').waitFor();
    await email.fill(`sample-${screen}@lanshan.example`);
    const overdue = section.getByRole('row', { name: /^逾期/ });
    await overdue.getByRole('checkbox').setChecked(screen === 'telephone');
    await overdue.getByLabel('逾期：邮件').selectOption('每日汇总');
    await section.getByRole('button', { name: '保存' }).click();
    await section.getByText('已保存。').waitFor();
    expect(await window.violations()).toEqual([]);
    await window.picture(`account-told-${screen}`);
    await page.reload();
    await overdue.waitFor();
    expect(await email.inputValue()).toBe(`sample-${screen}@lanshan.example`);
    expect(await overdue.getByRole('checkbox').isChecked()).toBe(screen === 'telephone');
    expect(await overdue.getByRole('combobox').inputValue()).toBe('digest');
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    window.faults.splice(0, Infinity, ...window.faults.filter((fault) => !fault.includes('400')));
    await closed(window);
  },
);
