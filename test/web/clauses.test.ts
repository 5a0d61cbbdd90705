import { startCity, type City } from './support/city';

let city: City;
let task: { id: string; organisation: string } | undefined;

beforeAll(async () => {
  city = await startCity();
  const county = await city.person('371302-housing');
  const { items } = await county.get<{ items: { id: string }[] }>('/communities?limit=1');
  const communityIds = items.map(({ id }) => id);
  await county.post('/projects', { communityIds, year: city.rehearsal.planYear });
  while (!task) {
    for (const organisation of ['371302-n1', '371302-n2']) {
      const [found] = await (await city.person(organisation)).tasks();
      if (found) task = { id: found.id, organisation };
    }
  }
}, 180_000);
afterAll(() => city?.stop());

test.each(['desk', 'telephone'] as const)(
  'the clause behind a task is one click away, in the document’s own words, on a %s',
  async (screen) => {
    const { organisation = '', id } = task ?? {};
    const window = await city.as(organisation, { screen });
    const { page } = window;
    await page.goto(`/app/tasks/${id}`);
    const tag = page.getByRole('button', { name: '查看条款 P2.1.1 原文' }).first();
    await tag.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'P2.1.1 征集改造需求' });
    await dialog.getByText('动员群众广泛参与').waitFor();
    await dialog.getByText('入户调查同意户占全部户数').waitFor();
    await window.picture(`clause-${screen}`);
    expect(await window.violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('P2.1.1');
    expect(window.faults).toEqual([]);
    await window.close();
  },
);

test('a refusal and the ends of a step lead to their clauses, and clauses are read by anybody', async () => {
  const { organisation = '', id } = task ?? {};
  const window = await city.as(organisation);
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  await page.getByRole('button', { name: '填入样例' }).click();
  await page.getByLabel('参与调查户数').fill('1');
  await page.getByRole('button', { name: '核对并提交' }).click();
  const review = page.getByRole('dialog');
  await review
    .getByRole('button', { name: /^查看条款/ })
    .first()
    .waitFor();
  await review.getByRole('button', { name: '确认提交' }).click();
  const refusal = page.getByRole('alert').filter({ has: page.getByRole('button', { name: /^查看条款/ }) });
  await refusal
    .getByRole('button', { name: /^查看条款/ })
    .first()
    .click();
  await page.getByRole('dialog').getByText('临政办字〔2020〕81号').first().waitFor();
  expect(await window.violations()).toEqual([]);
  expect(window.faults).toEqual([]);
  await window.close();
  const answer = await fetch(`${city.rehearsal.url}/api/v1/clauses`);
  expect([answer.status, answer.headers.get('Cache-Control')]).toEqual([200, 'public, max-age=86400']);
});
