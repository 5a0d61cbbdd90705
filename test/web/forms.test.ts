import type { Person } from '../../bin/demo/client';
import { startCity, type City } from './support/city';
import { closed } from './support/browser';

let city: City;
beforeAll(async () => {
  city = await startCity();
  const county = await city.person('371302-housing');
  const { items } = await county.get<{ items: { id: string }[] }>('/communities?limit=1');
  await county.post('/projects', {
    communityIds: items.map(({ id }) => id),
    year: city.rehearsal.planYear,
  });
}, 180_000);
afterAll(() => city?.stop());

/** The task of this kind, as soon as it is there. */
async function awaited(
  kind: string,
  organisations: readonly string[],
): Promise<{ person: Person; organisation: string; id: string }> {
  for (;;) {
    for (const organisation of organisations) {
      const person = await city.person(organisation);
      const task = (await person.tasks()).find((one) => one.kind === kind);
      if (task) return { person, organisation, id: task.id };
    }
  }
}

async function decide({ person, id }: { person: Person; id: string }): Promise<void> {
  const task = await person.task(id);
  await person.complete(task, task.example ?? {});
}

test.each(['desk', 'telephone'] as const)(
  'a list of plain rows is entered as a table, wholly by keyboard, on a %s',
  async (screen) => {
    const { organisation, id } = await awaited('household-survey', ['371302-n1', '371302-n2']);
    const window = await city.as(organisation, { screen });
    const { page } = window;
    await page.goto(`/app/tasks/${id}`);
    await page.getByRole('button', { name: /列出其余 \d+ 项/ }).focus();
    await page.keyboard.press('Enter');
    const rows = page.locator('.entered tbody tr');
    expect(await rows.count()).toBeGreaterThan(30);
    await page.getByLabel('第 2 行 希望改造的户数').focus();
    await page.keyboard.type('12');
    await page.getByRole('button', { name: '删除第 3 行' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.getByLabel('第 2 行 希望改造的户数').inputValue()).toBe('12');
    expect(await window.violations()).toEqual([]);
    await window.picture(`rows-${screen}`);
    const choices = await page.getByLabel('参与率不足时').locator('option').allInnerTexts();
    expect(choices).toEqual(['请选择', '延长调查', '重新调查']);
    await page.getByRole('button', { name: '核对并提交' }).click();
    await page.locator('.entered').getByText('请填写此项').first().waitFor();
    expect(await window.violations()).toEqual([]);
    await closed(window);
  },
);

test('the preliminary plan is a form that county housing can fill in and read', async () => {
  await decide(await awaited('household-survey', ['371302-n1', '371302-n2']));
  await decide(await awaited('needs-confirmation', ['371302-s1', '371302-s2']));
  const { id } = await awaited('preliminary-plan', ['371302-housing']);
  const window = await city.as('371302-housing');
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  await page.getByRole('button', { name: '填入样例' }).click();
  await page.getByLabel('第 1 行 改造内容').first().waitFor();
  await window.picture('plan-form');
  expect(await window.violations()).toEqual([]);
  await page.getByRole('button', { name: '核对并提交' }).click();
  await page.getByRole('dialog').getByText('办理后将会怎样').waitFor();
  await window.picture('plan-review');
  expect(await window.violations()).toEqual([]);
  await closed(window);
});
