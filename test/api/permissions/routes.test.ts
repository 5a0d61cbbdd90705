import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import request from 'supertest';
import { COLUMNS, type Column } from '../../../api/permissions/matrix';
import { SERVICE_SCOPES } from '../../../api/permissions';
import { FILE, routes } from '../../../bin/permissions';
import { parseSeat, type SeatText } from '../../../policy/keys';
import { linyi } from '../../../policy/linyi';
import { logIn, startApi, type TestApi } from '../api';

/**
 * Every route × every role, over HTTP. What is expected stands in docs/permissions.md, where people read it; that the
 * rules generate it is another test's business.
 */
const TABLE = new Map(
  readFileSync(FILE, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, route, , ...cells] = line.split('|').map((cell) => cell.trim());
      const name = /^`((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`/.exec(route ?? '')?.[1];
      return name === undefined ? [] : [[name, cells.slice(0, COLUMNS.length)] as const];
    }),
);

/** All seats that the table names, and some others. */
const SEATS: readonly SeatText[] = [
  'housing@city',
  'housing@county',
  'government@county',
  'finance@county',
  'subdistrict@subdistrict',
  'water@operator',
];
/** Fits no form: where a route lets in, it goes no further. */
const NOTHING = JSON.stringify({ nothing: '样例' });

const OFFICES: readonly Column[] = ['handler', 'section-chief', 'signatory', 'service'];

/** What is nowhere, in the shape of what could be. */
const ABSENT: Record<string, string> = {
  '/tasks': 'project.371302-2028-0099.control.1.1',
  '/projects': '371302-2028-0099',
  '/communities': '371302-c99999',
  '/notices': '371302-2028-0099-1',
};
const OTHER: Record<string, string> = {
  year: '2031',
  version: '2030.1',
  receipt: 'AAAAAAAAAAAAAAAAAAAAAA',
  act: 'paper-objections',
  document: 'nowhere-1',
  id: 'nowhere-1',
};

function urlOf(path: string): string {
  const resource = Object.keys(ABSENT).find((one) => path.includes(one));
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'id' && resource ? (ABSENT[resource] ?? '') : (OTHER[name] ?? ''),
  );
}

interface Who {
  readonly column: Column;
  readonly seat?: SeatText | undefined;
}

describe('P1.4: every route × every role', () => {
  let api: TestApi;
  const keys = new Map<string, string>();

  beforeAll(async () => {
    api = await startApi({
      mode: 'rehearsal',
      advance: async () => 0,
      requestLimit: { accountPerMinute: 1_000_000, addressPerMinute: 1_000_000 },
    });
    await api.store.organisations.model.insertMany(SEATS.map(organisationOf));
    for (const who of people) await settle(who);
  });
  afterAll(() => api.stop());

  const people: Who[] = COLUMNS.flatMap((column): Who[] =>
    OFFICES.includes(column) ? SEATS.map((seat) => ({ column, seat })) : [{ column }],
  );

  const tokens = new Map<string, string>();
  /** Some routes end a session: whoever calls one is logged in afresh. */
  async function tokenOf({ column, seat }: Who, route: string): Promise<string | undefined> {
    if (column === 'visitor') return undefined;
    if (column === 'service') return keys.get(seat ?? '');
    const user = userId({ column, seat });
    const known = route.includes('/sessions') ? undefined : tokens.get(user);
    const token = known ?? (await logIn(api.store, user));
    tokens.set(user, token);
    return token;
  }

  async function settle({ column, seat }: Who): Promise<void> {
    if (column === 'visitor') return;
    if (column === 'service') keys.set(seat ?? '', await newServiceKey(seat ?? 'housing@city'));
    else await api.store.users.model.create(userOf(column, seat));
  }

  async function newServiceKey(seat: SeatText): Promise<string> {
    const security = await api.administrator('security');
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const body = {
      name: `样例 ${seat}`,
      organisation: organisationId(seat),
      scopes: SERVICE_SCOPES,
      expiresAt,
    };
    const answer = await security.post('service-accounts', body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return String(answer.body.key);
  }

  /** A call that comes to nothing even where it is allowed: what it names is not there, or its body says nothing. */
  async function call(route: string, who: Who): Promise<number> {
    const [method = '', path = ''] = route.split(' ');
    const token = await tokenOf(who, route);
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const sent = request(api.app)[verb](urlOf(path));
    if (token !== undefined) sent.set('Authorization', `Bearer ${token}`);
    // Only the status counts; a live stream would be read for ever.
    if (path.endsWith('/stream')) return (await sent.parse(hangUp)).status;
    if (verb === 'get') return (await sent).status;
    return (await sent.set('Content-Type', 'application/json').send(NOTHING)).status;
  }

  test('the table has a line for each route that is mounted, and no other', () => {
    const there = routes().map(({ method, path }) => `${method} ${path}`);
    expect([...TABLE.keys()].sort()).toEqual([...there].sort());
  });

  test.each([...TABLE])('%s', async (route, cells) => {
    const cellOf = ({ column }: Who): string => cells[COLUMNS.indexOf(column)] ?? '';
    const allowed = (who: Who): boolean =>
      cellOf(who) === '✓' || (who.seat !== undefined && cellOf(who).includes(`\`${who.seat}\``));
    const answers = async (all: readonly Who[], right: (status: number, who: Who) => boolean) => {
      const wrong: string[] = [];
      for (const who of all) {
        const status = await call(route, who);
        const said = `${who.column} ${who.seat ?? ''}: ${status}, the table says ${cellOf(who)}`;
        if (!right(status, who)) wrong.push(said);
      }
      return wrong;
    };
    const before = await contents(api);
    const denied = people.filter((who) => !allowed(who));
    expect(
      await answers(denied, (status, { column }) => status === (column === 'visitor' ? 401 : 403)),
    ).toEqual([]);
    expect(await contents(api)).toEqual(before);
    expect(await answers(people.filter(allowed), (status) => ![401, 403, 500].includes(status))).toEqual([]);
    expect([api.engine.started, api.engine.sent, api.engine.signalled]).toEqual([[], [], []]);
  });
});

/** Ends the connection once the head of the answer is there. */
function hangUp(answer: request.Response, done: (error: null, body: null) => void): void {
  (answer as unknown as IncomingMessage).destroy();
  done(null, null);
}

const organisationId = (seat: SeatText): string => `o-${seat.replace('@', '-')}`;
const userId = ({ column, seat }: Who): string => `u-${column}-${seat?.replace('@', '-') ?? ''}`;

function organisationOf(text: SeatText) {
  const seat = parseSeat(text);
  const area = linyi.city.code;
  return { _id: organisationId(text), name: text, bodies: [seat?.body], level: seat?.level, area } as never;
}

function userOf(column: Column, seat: SeatText | undefined) {
  const _id = userId({ column, seat });
  const rights =
    seat === undefined
      ? { seats: [], systemRole: column.replace('-administrator', '') }
      : { seats: [{ organisation: organisationId(seat), role: column }] };
  const shared = { passwordHash: 'none', mustChangePassword: false, disabled: false, sample: true };
  return { _id, username: _id, ...rights, ...shared, createdAt: new Date() } as never;
}

/** Hashes of all collections but those that every request may touch: who is logged in, how often, who looked. */
async function contents({ store }: TestApi): Promise<Record<string, string>> {
  const { collections } = (await store.connection.db?.command({ dbHash: 1 })) as {
    collections: Record<string, string>;
  };
  const busy = ['sessions', 'limits', 'service_accounts', 'access_log'];
  return Object.fromEntries(Object.entries(collections).filter(([name]) => !busy.includes(name)));
}
