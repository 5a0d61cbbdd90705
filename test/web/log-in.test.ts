import { startCity, logIn, type City } from './support/city';
import { closed } from './support/browser';
import { codeAt, fromBase32, stepAt } from '../../api/auth/totp';

let city: City;
beforeAll(async () => {
  city = await startCity();
}, 120_000);
afterAll(() => city?.stop());

test.each(['desk', 'telephone'] as const)(
  'whoever follows a link logs in and arrives where it leads, on a %s',
  async (screen) => {
    const window = await city.open(screen);
    const { page } = window;
    await page.goto('/app/account');
    await page.getByRole('heading', { name: '登录' }).waitFor();
    expect(await window.violations()).toEqual([]);
    await window.picture(`log-in-${screen}`);
    const { username, password } = city.account('371300-housing');
    await page.getByLabel('用户名').fill(username);
    await page.getByLabel('密码').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('用户名或密码错误').waitFor();
    await page.getByLabel('密码').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '账号与登录' }).waitFor();
    await page.getByText('本次登录').waitFor();
    expect(new URL(page.url()).pathname).toBe('/app/account');
    expect(await window.violations()).toEqual([]);
    await window.picture(`account-${screen}`);
    await closed(window);
  },
);

test('one ends one’s log-in elsewhere, and the page there says so and keeps its address', async () => {
  const [here, there] = [await city.as('371300-finance'), await city.as('371300-finance')];
  await there.page.goto('/app/account');
  await there.page.getByText('本次登录').waitFor();
  await here.page.goto('/app/account');
  await here.page.getByRole('button', { name: '退出其他各处登录' }).click();
  await here.page.getByText('没有其他登录').waitFor();
  await there.page.reload();
  await there.page.getByRole('button', { name: '登录', exact: true }).waitFor();
  await here.page.getByRole('button', { name: '退出登录' }).click();
  await here.page.getByLabel('用户名').waitFor();
  await closed(here);
  await closed(there);
});

test('everything at the entrance is done by keyboard, and English is one switch away', async () => {
  const window = await city.open();
  const { page } = window;
  await page.goto('/');
  await page.getByLabel('用户名').waitFor();
  await page.getByRole('button', { name: '切换语言' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  expect(await page.getAttribute('html', 'lang')).toBe('en');
  await page.getByLabel('User name').focus();
  await page.keyboard.press('Enter');
  await page.getByText('Please fill in').first().waitFor();
  expect(await window.violations()).toEqual([]);
  await closed(window);
});

test('a generated password is changed before anything else is shown', async () => {
  const security = await city.person(null, 'security-administrator');
  const created = await security.post('/users', {
    username: 'yangli-first',
    password: 'first-given-4471',
    seats: [{ organisation: '371300-audit', role: 'handler' }],
  });
  expect(created.status).toBe(201);
  const window = await city.open();
  const { page } = window;
  await page.goto('/');
  await page.getByLabel('用户名').fill('yangli-first');
  await page.getByLabel('密码').fill('first-given-4471');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '修改密码' }).waitFor();
  expect(await window.violations()).toEqual([]);
  await window.picture('password-first');
  await page.getByLabel('原密码').fill('first-given-4471');
  await page.getByLabel('新密码', { exact: true }).fill('new-long-pass-8812');
  await page.getByLabel('再次输入新密码').fill('new-long-pass-8813');
  await page.keyboard.press('Enter');
  await page.getByText('两次输入的新密码不一致').waitFor();
  await page.getByLabel('再次输入新密码').fill('new-long-pass-8812');
  await page.keyboard.press('Enter');
  await page.getByText('密码已修改').waitFor();
  await logIn(window, {
    ...city.account('371300-audit'),
    username: 'yangli-first',
    password: 'new-long-pass-8812',
  });
  await closed(window);
});

test('a second factor is enrolled by the page, and asked for at the next log-in', async () => {
  const account = city.account('371300-natural-resources-and-planning');
  const window = await city.as('371300-natural-resources-and-planning');
  const { page } = window;
  await page.goto('/app/account');
  await page.getByLabel('请输入登录密码以继续').fill(account.password);
  await page.getByRole('button', { name: '绑定动态口令' }).click();
  const secret = await page.locator('code').innerText();
  await window.picture('second-factor');
  await page.getByLabel('动态口令').fill(codeAt(fromBase32(secret), stepAt(Date.now())));
  await page.getByRole('button', { name: '确认绑定' }).click();
  await page.getByRole('heading', { name: '恢复码' }).waitFor();
  const codes = await page.locator('.codes li').allInnerTexts();
  expect(await window.violations()).toEqual([]);
  await page.getByRole('button', { name: '已抄存' }).click();
  await page.getByText('已绑定').waitFor();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByLabel('用户名').fill(account.username);
  await page.getByLabel('密码').fill(account.password);
  await page.keyboard.press('Enter');
  await page.getByLabel('动态口令').fill(codes[0] ?? '');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '退出登录' }).waitFor();
  await closed(window);
});
