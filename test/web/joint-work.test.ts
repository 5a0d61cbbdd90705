import type { Moment } from '../../domain/task';
import { jointReview, countyList, countySubmission, reviewConclusion } from '../../domain/forms/annual-plan';
import type { Candidate } from '../../domain/world';
import { connectStore, type Store } from '../../store/connect';
import { taskRow } from '../../store/tasks';
import { task } from '../store/sample-record';
import { startCity, type City } from './support/city';
import { closed, type Window } from './support/browser';

const MANY = 300;
const COUNTY = '371302';

/** 样例：what a county may submit in a large year. */
const projects: Candidate[] = Array.from({ length: MANY }, (_, n) => ({
  projectId: `${COUNTY}-2028-${String(n + 1).padStart(4, '0')}`,
  name: `样例${n + 1}号小区改造项目`,
  communities: 1,
  households: 100 + n,
  buildings: 5 + (n % 10),
  floorArea: 10_000 + n,
  budgetFen: 100_000_000 + ((n * 7) % MANY) * 1_000_000,
  readyAt: '2027-03-01T01:00:00.000Z',
}));
const review = { year: 2028, county: COUNTY, round: 1, projects };
const at = { today: '2027-10-11' } as Moment;

let city: City;
let store: Store;
beforeAll(async () => {
  city = await startCity();
  store = await connectStore(city.rehearsal.mongoUri);
}, 180_000);
afterAll(async () => {
  await store?.close();
  await city?.stop();
});

/** A task as a workflow would have projected it; nobody waits for its decision. */
async function seeded(
  kind: typeof jointReview | typeof countyList | typeof countySubmission | typeof reviewConclusion,
  organisation: string,
  context: object,
): Promise<string> {
  const workflow = `submission/2028-${COUNTY}/${kind.kind}-${organisation}`;
  const { projectId: _project, due: _due, ...sample } = task(workflow, 1);
  const row = {
    ...sample,
    kind: kind.kind,
    title: kind.title,
    step: kind.step,
    planYear: 2028,
    county: COUNTY,
    organisation,
    context,
  };
  await store.tasks.model.collection.insertOne(taskRow(row as never, 1) as never);
  return row.id;
}

/** What the page sends; the answer is the API's own would-be. */
async function sentFrom({ page }: Window): Promise<unknown> {
  let sent: unknown;
  await page.route('**/completion', async (route) => {
    sent = route.request().postDataJSON();
    await route.fulfill({ status: 200, contentType: 'application/json', body: '{}' });
  });
  await page.getByRole('button', { name: '核对并提交' }).click();
  await page.getByRole('button', { name: '确认提交' }).click();
  await page.getByRole('status').getByText('已办结').waitFor();
  return sent;
}

test('P2.2.1: a bureau decides on 300 projects, many at once, with a remark on one, and sees the sums', async () => {
  const id = await seeded(jointReview, '371300-finance', review);
  const window = await city.as('371300-finance');
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  const sheet = page.getByRole('region', { name: '逐项意见' }).last();
  await sheet
    .locator('tbody tr')
    .nth(MANY - 1)
    .waitFor();
  await page.getByText('未提出意见：300 项').waitFor();
  await page.getByRole('definition').getByText('兰山区', { exact: true }).waitFor();
  await page.getByRole('button', { name: '选择所列 300 项' }).click();
  await page.getByRole('button', { name: '通过', exact: true }).click();
  await page.getByText('通过：300 项，74,850 户').waitFor();
  await page.getByRole('button', { name: '取消选择' }).click();
  await page.getByRole('button', { name: /预算/ }).click();
  expect(await sheet.locator('th[aria-sort]').innerText()).toContain('预算');
  await page.getByRole('searchbox', { name: '查找' }).fill('样例17号');
  await sheet.locator('tbody tr').nth(1).waitFor({ state: 'detached' });
  await page.getByLabel('样例17号小区改造项目 的意见').selectOption('缓列');
  await page.getByLabel('样例17号小区改造项目 的说明').fill('样例：资金未落实');
  await page.getByLabel('样例17号小区改造项目 的说明').press('Enter');
  await page.getByText('通过：299 项').waitFor();
  await page.getByText('缓列：1 项，116 户').waitFor();
  await page.getByRole('searchbox', { name: '查找' }).fill('');
  await page.getByLabel('只看').selectOption({ index: 4 });
  expect(await sheet.locator('tbody tr').count()).toBe(1);
  // Every row is alike: of one, not of hundreds, is asked whether everybody can use it.
  expect(await window.violations()).toEqual([]);
  await page.getByLabel('只看').selectOption({ index: 0 });
  await window.picture('joint-review');
  const sent = jointReview.form(review).parse(await sentFrom(window));
  expect(jointReview.rules?.(sent, review, at)).toEqual([]);
  expect(sent.decisions).toHaveLength(MANY);
  expect(sent.decisions[16]).toEqual({
    projectId: `${COUNTY}-2028-0017`,
    verdict: 'defer',
    remarks: '样例：资金未落实',
  });
  await closed(window);
});

test('P2.2.1: the same by keyboard alone, and what is refused stands at its project', async () => {
  const id = await seeded(jointReview, '371300-development-and-reform', review);
  const window = await city.as('371300-development-and-reform');
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  await page.getByRole('button', { name: '选择所列 300 项' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('checkbox', { name: '选择 样例1号小区改造项目' }).focus();
  await page.keyboard.press('1');
  await page.getByText('通过：300 项').waitFor();
  await page.getByRole('button', { name: '取消选择' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('checkbox', { name: '选择 样例1号小区改造项目' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const started = Date.now();
  await page.keyboard.press('2');
  await page.getByText('修改：1 项').waitFor();
  expect(Date.now() - started).toBeLessThan(2_000);
  // What the rule refuses, as the API passes it on from the workflow.
  await page.route('**/completion', async (route) => {
    const sent = jointReview.form(review).parse(route.request().postDataJSON());
    const violations = (jointReview.rules?.(sent, review, at) ?? []).map(({ path, message, clause }) => ({
      path,
      message,
      clause,
    }));
    const problem = {
      type: 'about:blank',
      title: '不符合规定',
      status: 422,
      code: 'rule-violated',
      violations,
    };
    await route.fulfill({
      status: 422,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem),
    });
  });
  await page.getByRole('button', { name: '核对并提交' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '确认提交' }).focus();
  await page.keyboard.press('Enter');
  await page
    .getByRole('row', { name: /样例3号小区改造项目/ })
    .getByText('修改、缓列、不予列入须说明理由')
    .waitFor();
  await page.getByLabel('只看').selectOption({ index: 3 });
  expect(await window.violations()).toEqual([]);
  await closed(window);
});

test('P2.2.1: city housing concludes from the three verdicts as the API suggests', async () => {
  const verdicts = Object.fromEntries(
    projects.map(({ projectId }, n) => [projectId, ['approve', 'approve', n === 2 ? 'correct' : 'approve']]),
  );
  const opinions = { [projects[2]?.projectId ?? '']: ['样例：补充方案'] };
  const context = { ...review, verdicts, opinions };
  const id = await seeded(reviewConclusion, '371300-housing', context);
  const window = await city.as('371300-housing');
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  await page.getByRole('button', { name: '按三部门意见填入' }).click();
  await page.getByText('通过：299 项').waitFor();
  await page.getByText('修改：1 项').waitFor();
  const sent = reviewConclusion.form(context as never).parse(await sentFrom(window));
  expect(reviewConclusion.rules?.(sent, context as never, at)).toEqual([]);
  await closed(window);
});

test('P2.1.4: county housing puts 300 projects on its list, and the government reads it before it submits', async () => {
  const context = { year: 2028, county: COUNTY, candidates: projects };
  const list = await seeded(countyList, '371302-housing', context);
  const housing = await city.as('371302-housing');
  await housing.page.goto(`/app/tasks/${list}`);
  await housing.page.getByRole('button', { name: '列入所列 300 项' }).click();
  await housing.page.getByRole('checkbox', { name: '列入 样例5号小区改造项目' }).uncheck();
  await housing.page.getByText('列入：299 项').waitFor();
  const sent = countyList.form(context).parse(await sentFrom(housing));
  expect(countyList.rules?.(sent, context, at)).toEqual([]);
  expect(sent.projects).toHaveLength(MANY - 1);
  await closed(housing);

  const totals = { projects: MANY, households: 74_850, budgetFen: 1 };
  const submission = await seeded(countySubmission, '371302-government', {
    year: 2028,
    county: COUNTY,
    projects,
    totals,
  });
  const government = await city.as('371302-government', { screen: 'telephone' });
  await government.page.goto(`/app/tasks/${submission}`);
  await government.page.getByText('合计：300 项，74,850 户').waitFor();
  await government.page.getByText('同意提报').first().waitFor();
  // What has not been answered is neither a yes nor a no.
  expect(await government.page.getByRole('radio', { checked: true }).count()).toBe(0);
  expect(await government.violations()).toEqual([]);
  await government.picture('county-submission-telephone');
  await closed(government);
});
