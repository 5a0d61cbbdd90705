import type { Person } from '../../bin/demo/client';
import { startCity, type City } from './support/city';
import type { Window } from './support/browser';

let city: City;
beforeAll(async () => {
  city = await startCity();
  const county = await city.person('371302-housing');
  const { items } = await county.get<{ items: { id: string }[] }>('/communities?limit=3');
  for (const { id } of items)
    await county.post('/projects', { communityIds: [id], year: city.rehearsal.planYear });
}, 180_000);
afterAll(() => city?.stop());

async function surveyOf(): Promise<{ organisation: string; person: Person; id: string }> {
  for (;;) {
    for (const organisation of ['371302-n1', '371302-n2']) {
      const person = await city.person(organisation);
      const [task] = await person.tasks();
      if (task) return { organisation, person, id: task.id };
    }
  }
}

async function closed(window: Window): Promise<void> {
  expect(window.faults).toEqual([]);
  await window.close();
}

async function filled(window: Window, id: string): Promise<void> {
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  await page.getByRole('button', { name: '填入样例' }).click();
  await page.getByRole('button', { name: '核对并提交' }).click();
  await page.getByRole('dialog').getByText('办理后将会怎样').waitFor();
}

const decisionsOf = async (person: Person, id: string): Promise<number> => {
  const project = /project\.([^.]+)\./.exec(id)?.[1];
  const { items } = await person.get<{ items: { type: string; taskId?: string }[] }>(
    `/projects/${project}/events?limit=200`,
  );
  return items.filter(({ type, taskId }) => type === 'task-completed' && taskId === id).length;
};

test.each(['desk', 'telephone'] as const)(
  'a task shows its form, what it is about and whatever one may do with it, on a %s',
  async (screen) => {
    const { organisation, person, id } = await surveyOf();
    const window = await city.as(organisation, { screen });
    const { page } = window;
    await page.goto(`/app/tasks/${id}`);
    await page.getByRole('heading', { name: '办理依据' }).waitFor();
    const { acts } = await person.get<{ acts: { title: string }[] }>(`/tasks/${id}`);
    for (const { title } of acts) await page.getByRole('button', { name: title, exact: true }).waitFor();
    await window.picture(`task-${screen}`);
    expect(await window.violations()).toEqual([]);
    await page.getByRole('button', { name: '填入样例' }).click();
    await window.picture(`task-filled-${screen}`);
    expect(await window.violations()).toEqual([]);
    await page.getByRole('button', { name: '核对并提交' }).click();
    await page.getByRole('dialog').getByText('办理后将会怎样').waitFor();
    await window.picture(`task-review-${screen}`);
    expect(await window.violations()).toEqual([]);
    await closed(window);
  },
);

test('what was entered is kept until it is sent, and what is missing is said at its field', async () => {
  const { organisation, id } = await surveyOf();
  const window = await city.as(organisation);
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  await page.getByRole('button', { name: '核对并提交' }).click();
  await page.getByText('请填写此项').first().waitFor();
  expect(await window.violations()).toEqual([]);
  await page.getByLabel('参与调查户数').fill('90');
  await page.reload();
  await page.getByText('已恢复上次未提交的内容').waitFor();
  expect(await page.getByLabel('参与调查户数').inputValue()).toBe('90');
  await closed(window);
});

test('whoever only reads a task is offered no form', async () => {
  const { id } = await surveyOf();
  const window = await city.as('371302-housing');
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  await page.getByText('您可以查看').waitFor();
  expect(await page.getByRole('button', { name: '核对并提交' }).count()).toBe(0);
  await page.getByLabel('留言').fill('请尽快完成调查（样例）');
  await page.getByRole('button', { name: '发送' }).click();
  const said = page.getByRole('listitem').filter({ hasText: '请尽快完成调查（样例）' });
  await said.getByText(`（样例） ${city.account('371302-housing').username} `).waitFor();
  await window.picture('task-read-only');
  await closed(window);
});

test('a connection that is cut in the middle of a submit, and a double click, never decide twice', async () => {
  const { organisation, person, id } = await surveyOf();
  const window = await city.as(organisation);
  const { page } = window;
  await filled(window, id);
  let cut = 0;
  const keys: (string | undefined)[] = [];
  await page.route('**/completion', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    if (cut > 0) return route.continue();
    cut += 1;
    // The decision arrives; its answer does not.
    await route.fetch();
    return route.abort('connectionreset');
  });
  await page.getByRole('button', { name: '确认提交' }).dblclick();
  await page.getByText(/办结/).first().waitFor();
  // What is seen may have come by the live stream: the page goes on asking until it is answered itself.
  for (let waited = 0; keys.length < 2 && waited < 100; waited += 1) await page.waitForTimeout(100);
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
  expect(await decisionsOf(person, id)).toBe(1);
  window.faults.splice(
    0,
    Infinity,
    ...window.faults.filter((fault) => !fault.includes('ERR_CONNECTION_RESET')),
  );
  await closed(window);
});

test('of two officers who decide at the same moment one decides, and the other is told and loses nothing', async () => {
  const { organisation, person, id } = await surveyOf();
  const [one, other] = [await city.as(organisation), await city.as(organisation, { role: 'signatory' })];
  await Promise.all([filled(one, id), filled(other, id)]);
  await Promise.all([one, other].map(({ page }) => page.getByRole('button', { name: '确认提交' }).click()));
  await Promise.all([one, other].map(({ page }) => page.getByText(/（样例） 37\S+ 于 .* 办结/).waitFor()));
  await other.picture('task-decided-by-another');
  expect(await decisionsOf(person, id)).toBe(1);
  await closed(one);
  await closed(other);
});
