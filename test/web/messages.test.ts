import { startCity, type City } from './support/city';
import { closed } from './support/browser';

const NEIGHBOURHOOD = '371302-n1';

let city: City;
beforeAll(async () => {
  city = await startCity();
  const county = await city.person('371302-housing');
  const { items } = await county.get<{ items: { id: string }[] }>('/communities?limit=4');
  for (const { id } of items)
    await county.post('/projects', { communityIds: [id], year: city.rehearsal.planYear });
  const officer = await city.person(NEIGHBOURHOOD);
  const unread = async () => (await officer.get<{ unread: number }>('/messages?limit=1')).unread;
  while ((await unread()) < 2) await new Promise((done) => setTimeout(done, 300));
}, 180_000);
afterAll(() => city?.stop());

test.each([
  ['desk', 'handler'],
  ['telephone', 'signatory'],
] as const)(
  'the bell tells of unread messages, each leads to its task and is read by that, on a %s',
  async (screen, role) => {
    const window = await city.as(NEIGHBOURHOOD, { screen, role });
    const { page } = window;
    const bell = page.getByRole('link', { name: /^消息，\d+ 条未读$/ });
    await bell.waitFor();
    const told = async (): Promise<number> => Number(/\d+/.exec((await bell.textContent()) ?? '')?.[0]);
    const before = await told();
    await bell.click();
    const rows = page.locator('.messages li');
    await rows.nth(before - 1).waitFor();
    expect(await window.violations()).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    await window.picture(`messages-${screen}`);
    await rows.first().getByRole('link').click();
    await page.getByRole('heading', { name: '办理依据' }).waitFor();
    if (before > 1) await page.getByRole('link', { name: `消息，${before - 1} 条未读` }).waitFor();
    await page.goto('/app/messages?list=unread');
    const all = page.getByRole('button', { name: /所列 \d+ 条标为已读/ });
    if (before > 2) await all.click();
    else await page.getByRole('button', { name: '标为已读' }).click();
    await page.getByText('没有消息。').waitFor();
    await page.getByRole('link', { name: '消息', exact: true }).waitFor();
    expect(await window.violations()).toEqual([]);
    await closed(window);
  },
);
