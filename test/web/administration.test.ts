import type { Browser, Page } from 'playwright-core';
import request from 'supertest';
import { hashPassword } from '../../api/auth/passwords';
import { serve, type Listening } from '../../api/serve';
import { BUILT_PAGES, buildPages } from '../../bin/pages/build';
import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import type { SystemRole } from '../../store/users';
import { ensureAnnualPlanSchedule } from '../../worker/annual-plan-schedule';
import { eventually, insist, startReal, TASK_QUEUE, type RealSystem } from '../api/real';
import { closed, launch, openWindow, type Screen, type Window } from './support/browser';
import { logIn } from './support/city';

/** The administration in a browser, on a real engine: a rehearsal's has no Schedules. */
const PASSWORD = '一段足够长的样例口令';
const SYSTEM_ROLES: readonly SystemRole[] = ['system', 'security', 'audit'];
const NEXT = `${linyi.version.split('.')[0]}.${Number(linyi.version.split('.')[1]) + 1}`;

let system: RealSystem;
let listening: Listening;
let browser: Browser;

beforeAll(async () => {
  await buildPages(() => undefined);
  [system, browser] = await Promise.all([startReal({ pages: BUILT_PAGES }), launch()]);
  listening = await serve(system.app, 0, '127.0.0.1');
  const passwordHash = await hashPassword(PASSWORD);
  const user = (id: string, rights: object) => ({
    _id: id,
    username: id,
    passwordHash,
    mustChangePassword: false,
    disabled: false,
    sample: true,
    createdAt: new Date(),
    ...rights,
  });
  await system.store.users.model.insertMany([
    ...SYSTEM_ROLES.map((systemRole) => user(`sample-${systemRole}`, { seats: [], systemRole })),
    user('sample-county', { seats: [{ organisation: '371302-housing', role: 'handler' }] }),
    user('sample-leaver', { seats: [{ organisation: '371302-housing', role: 'handler' }] }),
  ] as never);
  await ensureAnnualPlanSchedule(system.client, TASK_QUEUE);
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
  await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
  await insist(await system.as('371302-housing'), 'projects', { communityIds: ['c1'], year }, 'begin');
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await listening?.close();
  await system?.stop();
}, 60_000);

async function as(username: string, screen?: Screen): Promise<Window> {
  const window = await openWindow(browser, `http://127.0.0.1:${listening.port}`, screen);
  await logIn(window, { username, password: PASSWORD, organisation: null, area: '', roles: [] });
  return window;
}

async function open({ page }: Window, name: string): Promise<void> {
  await page.getByRole('link', { name: '管理', exact: true }).click();
  await page.getByRole('navigation', { name: '管理事项' }).getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
}

/** Nobody is shut out by how it looks, and how it looks is there to be looked at. */
async function seen(window: Window, name: string): Promise<void> {
  expect(await window.violations()).toEqual([]);
  await window.picture(`administration-${name}`);
}

const dialog = (page: Page) => page.getByRole('dialog');
const file = (name: string, text: string | Buffer) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(text),
});

test('P1.4: each of the three administrators is offered the pages that are theirs, an officer only the import', async () => {
  const offered: Record<string, string[]> = {};
  for (const username of ['sample-system', 'sample-security', 'sample-audit', 'sample-county']) {
    const window = await as(username);
    await window.page.getByRole('link', { name: '管理', exact: true }).click();
    const navigation = window.page.getByRole('navigation', { name: '管理事项' });
    await navigation.waitFor();
    offered[username] = await navigation.getByRole('link').allTextContents();
    await closed(window);
  }
  expect(offered).toEqual({
    'sample-system': ['单位', '政策版本', '日历', '导入', '对外通知', '定时任务', '系统状态'],
    'sample-security': ['用户', '导入', '对外通知'],
    'sample-audit': ['用户', '对外通知', '查阅日志'],
    'sample-county': ['导入'],
  });
  const window = await as('sample-security');
  await window.page.goto('/app/admin/policy');
  await window.page.getByRole('heading', { name: '用户', level: 1 }).waitFor();
  await closed(window);
});

test('an organisation is entered; a seat that its level lacks is refused at the field with the clause', async () => {
  const window = await as('sample-system');
  const { page } = window;
  await open(window, '单位');
  await page.getByLabel('层级').selectOption('city');
  await page.getByRole('cell', { name: '371300-housing' }).waitFor();
  await seen(window, 'organisations');
  await page.getByRole('button', { name: '登记单位' }).click();
  await dialog(page).getByLabel('单位名称').fill('样例消防大队');
  await dialog(page).getByLabel('区域', { exact: true }).fill('110101');
  await dialog(page).getByLabel('消防救援').check();
  await dialog(page).getByRole('button', { name: '确定' }).click();
  const field = dialog(page).locator('.field', { hasText: '区域' }).first();
  await field.getByText('110101 不在本市范围').waitFor();
  await field.getByRole('button', { name: /P1\.4/ }).waitFor();
  await seen(window, 'organisation-refused');
  await dialog(page).getByLabel('区域', { exact: true }).fill('371302');
  await dialog(page).getByRole('button', { name: '确定' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await page.getByLabel('层级').selectOption('county');
  await page.getByLabel('席位').selectOption('fire-rescue');
  const row = page.getByRole('row', { name: /样例消防大队/ });
  await row.getByRole('button', { name: '更正' }).click();
  await dialog(page).getByLabel('已停用').check();
  await dialog(page).getByRole('button', { name: '确定' }).click();
  await row.getByText('已停用').waitFor();
  await closed(window);
});

test('a user is entered with a first password, gets a new one, hands over and is out', async () => {
  const window = await as('sample-security');
  const { page } = window;
  await open(window, '用户');
  await page.getByRole('button', { name: '登记用户' }).click();
  await dialog(page).getByLabel('用户名').fill('sample.new');
  await dialog(page).getByLabel('姓名').fill('样例人员');
  expect(await dialog(page).getByLabel('初始密码').inputValue()).toMatch(/^\w{16}$/);
  await dialog(page).getByRole('button', { name: '确定' }).click();
  await dialog(page).getByText('用户须有席位或为三员之一').first().waitFor();
  await dialog(page).getByRole('button', { name: '增加一个单位' }).click();
  const { name: office } = (await system.store.organisations.find('371302-housing')) ?? { name: '' };
  await dialog(page).getByLabel('单位', { exact: true }).fill(office);
  await seen(window, 'user-new');
  await dialog(page).getByRole('button', { name: '确定' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name.replace('.', '\\.')) });
  await row('sample.new').getByText('待改密码').waitFor();
  await row('sample.new').getByText(`${office}（经办）`).waitFor();
  await seen(window, 'users');
  await row('sample.new').getByRole('button', { name: '办理' }).click();
  await dialog(page).getByRole('button', { name: '重设密码' }).click();
  await dialog(page).getByRole('button', { name: '确定' }).click();
  await dialog(page).getByText('密码已重设').waitFor();
  await dialog(page).getByRole('button', { name: '关闭' }).click();
  await row('sample.new').getByRole('button', { name: '办理' }).click();
  await dialog(page).getByRole('button', { name: '解除动态口令' }).click();
  await dialog(page).getByRole('button', { name: '确定' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await row('sample-leaver').getByRole('button', { name: '办理' }).click();
  await dialog(page).getByRole('button', { name: '离岗移交' }).click();
  await dialog(page).getByLabel('接任人').selectOption({ label: '样例人员（sample.new）' });
  await dialog(page).getByLabel('原因').fill('样例：调离');
  await seen(window, 'hand-over');
  await dialog(page).getByRole('button', { name: '确定' }).click();
  await dialog(page).getByText('已移交 0 件待办').waitFor();
  await dialog(page).getByRole('button', { name: '关闭' }).click();
  await row('sample-leaver').getByText('已停用').waitFor();
  await closed(window);
});

test('P2.1.3: a policy whose notice is too short is refused at that value with its clause; a longer one is published, and a project moved to it', async () => {
  const window = await as('sample-system');
  const { page } = window;
  await open(window, '政策版本');
  await seen(window, 'policy');
  await page.getByRole('link', { name: linyi.version, exact: true }).click();
  await page.getByText('不低于 5 个工作日').waitFor();
  await seen(window, 'policy-version');
  await page.getByRole('button', { name: '拟定新版本' }).click();
  expect(await page.getByLabel('版本', { exact: true }).inputValue()).toBe(NEXT);
  const notice = page.getByRole('row', { name: /改造方案公示/ });
  await notice.getByLabel('改造方案公示', { exact: true }).fill('4');
  await page.getByRole('button', { name: '发布新版本' }).click();
  await notice.getByText(/不得短于 5 个工作日/).waitFor();
  await notice
    .getByRole('alert')
    .getByRole('button', { name: /P2\.1\.3/ })
    .waitFor();
  await seen(window, 'policy-refused');
  const longer = {
    ...linyi,
    version: NEXT,
    periods: { ...linyi.periods, survey: { ...linyi.periods.survey, length: { workingDays: 60 } } },
  };
  await page.getByLabel('从文件载入').setInputFiles(file('样例.json', 'no policy'));
  await page.getByText('文件不是 JSON 格式的政策').waitFor();
  await page.getByLabel('从文件载入').setInputFiles(file('样例.json', JSON.stringify(longer)));
  await page.getByText('已载入 样例.json').waitFor();
  await page.getByRole('button', { name: '发布新版本' }).click();
  await page.getByRole('heading', { name: `改按 ${NEXT} 办理` }).waitFor();
  await page.getByText(`${NEXT} 已发布`).waitFor();
  await page.getByText('1 项变化').click();
  await page.getByText(/入户调查：20 个工作日 → 60 个工作日/).waitFor();
  await page.getByRole('checkbox').first().check();
  await seen(window, 'policy-projects');
  await page.getByRole('button', { name: '改按该版办理' }).click();
  await dialog(page).getByLabel('原因').fill('样例：新方案印发');
  await dialog(page).getByRole('button', { name: '改按该版办理' }).click();
  await page.getByText('已改按该版').waitFor();
  await page.getByText('没有按其他版本办理的在办项目').waitFor();
  await seen(window, 'policy-moved');
  await closed(window);
});

test('a year’s holidays are read from a file, looked at and loaded', async () => {
  const window = await as('sample-system');
  const { page } = window;
  await open(window, '日历');
  await page.getByRole('button', { name: '载入一年的安排' }).click();
  const off = ['01-01', '02-06', '02-07', '02-08', '02-09', '02-10', '10-01'];
  const lines = (days: readonly string[]) => days.map((day) => `2027-${day},放假`).join('\n');
  await dialog(page).getByLabel('文件').setInputFiles(file('样例.csv', '日期,安排\n'));
  await dialog(page).getByText('文件中没有放假、上班日期').waitFor();
  await dialog(page)
    .getByLabel('文件')
    .setInputFiles(file('样例.csv', `日期,安排\n${lines(off)}\n2027-02-22,上班\n`));
  await dialog(page).getByText('读到放假 7 日，调休上班 1 日').waitFor();
  expect(await dialog(page).getByLabel('年份').inputValue()).toBe('2027');
  await dialog(page).getByLabel('来源').fill('样例通知');
  await dialog(page).getByRole('button', { name: '载入' }).click();
  await dialog(page).getByText('2027-02-22 不是周末，不需要调休').first().waitFor();
  await seen(window, 'calendar-refused');
  await dialog(page)
    .getByLabel('文件')
    .setInputFiles(file('样例.csv', `日期,安排\n${lines(off)}\n2027-02-20,上班\n`));
  await dialog(page).getByLabel('来源').fill('样例通知');
  await dialog(page).getByRole('button', { name: '载入' }).click();
  await page.getByText(/2027 年已载入，\d+ 个在办流程已重算期限/).waitFor();
  await page.getByRole('cell', { name: '样例通知' }).waitFor();
  await seen(window, 'calendars');
  await closed(window);
});

test.each(['desk', 'telephone'] as const)(
  'a table with a wrong line is only tried; mended, it is imported, on a %s',
  async (screen) => {
    const window = await as('sample-county', screen);
    const { page } = window;
    await open(window, '导入');
    const head = '小区名称,县区,街道,居委会,户数,楼栋数,建筑面积(㎡)\n';
    const line = (name: string, households: string) =>
      `${name}${screen},371302,371302-s1,371302-n1,${households},4,9600\n`;
    const before = await system.store.communities.model.countDocuments();
    const wrong = `${head}${line('样例东', '120')}${line('样例西', '很多')}`;
    await page.getByLabel('文件').setInputFiles(file('样例.csv', wrong));
    await page.getByRole('row', { name: /3 户数/ }).waitFor();
    await page.getByText('可新登记 1 行，更正 0 行').waitFor();
    expect(await page.getByRole('button', { name: '导入', exact: true }).count()).toBe(0);
    expect(await system.store.communities.model.countDocuments()).toBe(before);
    await seen(window, `import-wrong-${screen}`);
    await page
      .getByLabel('文件')
      .setInputFiles(file('样例.csv', `${head}${line('样例东', '120')}${line('样例西', '80')}`));
    await page.getByRole('button', { name: '导入', exact: true }).click();
    await page.getByText('已导入：新登记 2 行，更正 0 行').waitFor();
    expect(await system.store.communities.model.countDocuments()).toBe(before + 2);
    await closed(window);
  },
);

test('users of a table in GBK, as Excel writes it, get first passwords that are shown once', async () => {
  const window = await as('sample-security');
  const { page } = window;
  await open(window, '导入');
  // 用户名,姓名,单位,角色 and 样例,经办 in GBK.
  const gbk = Buffer.concat([
    Buffer.from('d3c3bba7c3fb2cd0d5c3fb2cb5a5cebb2cbdc7c9ab0a', 'hex'),
    Buffer.from('sample.gbk,'),
    Buffer.from('d1f9c0fd', 'hex'),
    Buffer.from(',371302-housing,'),
    Buffer.from('beadb0ec0a', 'hex'),
  ]);
  await page.getByLabel('文件').setInputFiles(file('样例.csv', gbk));
  await page.getByText('没有发现错误，可以导入').waitFor();
  await page.getByRole('button', { name: '导入', exact: true }).click();
  await page.getByRole('heading', { name: '初始密码' }).waitFor();
  await page.getByRole('cell', { name: 'sample.gbk' }).waitFor();
  await seen(window, 'import-users');
  expect((await system.store.users.byName('sample.gbk'))?.displayName).toBe('样例');
  await closed(window);
});

test('what could not be delivered is sent again', async () => {
  const entry = { _id: 'sample-note.webhook.w1', channel: 'webhook', kind: 'task-assigned' } as const;
  await system.store.outbox.add([{ ...entry, nextAt: new Date() }], new Date());
  await system.store.outbox.model.updateOne(
    { _id: entry._id },
    { $set: { state: 'dead', attempts: 15, lastError: 'HTTP 500' } },
  );
  const window = await as('sample-system');
  const { page } = window;
  await open(window, '对外通知');
  const row = page.getByRole('row', { name: /新待办.*HTTP 500/ });
  await row.waitFor();
  await seen(window, 'outgoing');
  await row.getByRole('button', { name: '重发' }).click();
  await dialog(page).getByRole('button', { name: '重发' }).click();
  await page.getByText('将重新发送').waitFor();
  await page.getByRole('button', { name: '待发送' }).click();
  await page.getByRole('row', { name: /新待办.*0 次/ }).waitFor();
  await closed(window);
});

test('the security administrator names where another system hears, and takes it back', async () => {
  const window = await as('sample-security');
  const { page } = window;
  await open(window, '对外通知');
  await page.getByRole('button', { name: '登记接口' }).click();
  await dialog(page).getByLabel('地址').fill('https://office.example/jiugai');
  await dialog(page).getByRole('button', { name: '确定' }).click();
  await dialog(page)
    .locator('.field', { hasText: '单位' })
    .getByText(/须填单位/)
    .waitFor();
  const { name: office } = (await system.store.organisations.find('371302-housing')) ?? { name: '' };
  await dialog(page).getByLabel('单位', { exact: true }).fill(office);
  await dialog(page).getByRole('button', { name: '确定' }).click();
  await dialog(page).getByRole('heading', { name: '验签密钥' }).waitFor();
  await seen(window, 'webhook-secret');
  await dialog(page).getByRole('button', { name: '关闭' }).click();
  await page
    .getByRole('row', { name: /office\.example/ })
    .getByRole('button', { name: '撤销' })
    .click();
  await dialog(page).getByRole('button', { name: '撤销' }).click();
  await page.getByRole('row', { name: /office\.example/ }).waitFor({ state: 'detached' });
  await closed(window);
});

test('P2.1.4: the Schedule of the annual plan is paused, run and resumed, each for a reason', async () => {
  const window = await as('sample-system');
  const { page } = window;
  await open(window, '定时任务');
  const card = page.getByRole('region', { name: '开启次年度改造计划', exact: true });
  const act = async (name: string, reason: string) => {
    await card.getByRole('button', { name, exact: true }).click();
    await dialog(page).getByLabel('原因').fill(reason);
    await dialog(page).getByRole('button', { name, exact: true }).click();
    await card.getByText(reason).waitFor();
  };
  await act('暂停', '样例：机构调整');
  await card.getByText('已暂停', { exact: true }).waitFor();
  await act('立即执行', '样例：补办');
  await eventually('the run has ended', async () => {
    await page.reload();
    await card.waitFor();
    return (await card.getByText('已完成').count()) > 0 ? true : undefined;
  });
  await seen(window, 'schedules');
  await act('恢复', '样例：调整已毕');
  await card.getByText('正常', { exact: true }).waitFor();
  await closed(window);
});

test('the system’s state is live: a part that goes away is said to be away', async () => {
  await system.store.alerts.raise(
    'needs-repair',
    'project/371302-2028-0001',
    '样例：记录与引擎不一致',
    new Date(),
  );
  const window = await as('sample-system');
  const { page } = window;
  await open(window, '系统状态');
  const part = (name: string) => page.getByRole('region', { name, exact: true }).first();
  await part('流程引擎').getByText('正常', { exact: true }).waitFor();
  await part('worker').getByText('正常', { exact: true }).waitFor();
  await page.getByRole('cell', { name: 'project/371302-2028-0001' }).waitFor();
  await seen(window, 'system');
  await system.killTemporal();
  await part('流程引擎').getByText('无应答').waitFor({ timeout: 30_000 });
  await part('存储').getByText('正常', { exact: true }).waitFor();
  await seen(window, 'system-away');
  await system.restartTemporal();
  await part('流程引擎').getByText('正常', { exact: true }).waitFor({ timeout: 30_000 });
  // Without the store nobody can be told apart; the machines' own check still says what is away.
  await system.killMongo();
  await page.getByText('状态暂时无法查询').waitFor({ timeout: 40_000 });
  await page.getByText(/流程引擎 正常 存储 无应答/).waitFor();
  expect(await part('告警').count()).toBe(0);
  await seen(window, 'system-no-store');
  await system.restartMongo();
  await page.getByText('状态暂时无法查询').waitFor({ state: 'detached', timeout: 40_000 });
  const others = window.faults.filter((fault) => !/status of 503/.test(fault));
  expect(others).toEqual([]);
  await window.close();
}, 180_000);

test('the audit administrator reads who has done what and why', async () => {
  const [administrator, security] = await Promise.all([
    system.administrator('system'),
    system.administrator('security'),
  ]);
  await administrator.post('schedules/annual-plan/pause', { reason: '样例：核对' }).expect(200);
  await administrator.post('schedules/annual-plan/resumption', { reason: '样例：核对已毕' }).expect(200);
  await request(system.app)
    .post('/api/v1/users/import?dryRun=true')
    .set({ Authorization: `Bearer ${security.token}`, 'Content-Type': 'text/csv' })
    .send('用户名\n')
    .expect(200);
  const window = await as('sample-audit');
  const { page } = window;
  await open(window, '查阅日志');
  const row = page.getByRole('row', { name: /u-system.*暂停定时任务.*样例：核对/ });
  await row.waitFor();
  const tried = page.getByRole('row', { name: /u-security.*导入用户.*（只检查）/ });
  await tried.waitFor();
  await seen(window, 'access-log');
  await row.getByRole('link', { name: 'u-system' }).click();
  await page.getByRole('button', { name: '显示全部用户' }).waitFor();
  await tried.waitFor({ state: 'detached' });
  await closed(window);
});

test('all of it is there in English', async () => {
  const window = await as('sample-system');
  const { page } = window;
  await page.getByRole('button', { name: /English/ }).click();
  await page.getByRole('link', { name: 'Administration' }).click();
  await page.getByRole('heading', { name: 'Organisations', level: 1 }).waitFor();
  for (const name of ['Policy', 'Calendars', 'Import', 'Outgoing', 'Schedules', 'System']) {
    await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name }).click();
    await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
  }
  await closed(window);
});
