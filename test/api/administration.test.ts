import request from 'supertest';
import { linyi } from '../../policy/linyi';
import { startApi, type Person, type TestApi } from './api';

describe('administration', () => {
  let api: TestApi;
  let system: Person;
  let security: Person;
  let handler: Person;

  beforeAll(async () => {
    api = await startApi();
    system = await api.administrator('system');
    security = await api.administrator('security');
    handler = await api.as('371302-housing');
  });
  afterAll(() => api.stop());

  describe('users', () => {
    const NEW = {
      username: 'li.na',
      password: 'twelve or more',
      seats: [{ organisation: '371302-finance', role: 'handler' }],
    };

    test('P1.4: a seat without an organisation is refused with its path and changes nothing', async () => {
      const seats = [{ organisation: 'nowhere', role: 'handler' }];
      const { body } = await security.post('users', { ...NEW, seats }).expect(422);
      expect(body).toMatchObject({ code: 'rule-violated', clause: 'P1.4' });
      expect(body.violations[0].path).toBe('seats.0.organisation');
      expect(await api.store.users.byName('li.na')).toBeUndefined();
    });

    test('a user is added once, must change the password, and can log in', async () => {
      const { body, headers } = await security.post('users', NEW, 'user-1').expect(201);
      expect(body).toMatchObject({ username: 'li.na', roles: ['handler'], mustChangePassword: true });
      expect(headers['location']).toBe(`/api/v1/users/${body.id}`);
      const again = await security.post('users', NEW, 'user-1').expect(201);
      expect(again.body).toEqual(body);
      await security.post('users', { ...NEW, username: 'li.nan' }, 'user-1').expect(409);
      const taken = await security.post('users', NEW).expect(409);
      expect(taken.body.code).toBe('already-exists');
      await request(api.app).post('/api/v1/sessions').send(NEW).expect(400);
      const { username, password } = NEW;
      await request(api.app).post('/api/v1/sessions').send({ username, password }).expect(201);
      expect(JSON.stringify(await api.store.answers.model.find().lean())).not.toContain(password);
    });

    test('no one holds two of the three administrators’ roles, nor one of them and a seat', async () => {
      const two = { ...NEW, username: 'two', systemRole: ['system', 'audit'] };
      await security.post('users', two).expect(400);
      const both = { ...NEW, username: 'both', systemRole: 'system' };
      const { body } = await security.post('users', both).expect(422);
      expect(body.basis).toBe('GB/T 22239 三员分立');
      const neither = { ...NEW, username: 'neither', seats: [] };
      await security.post('users', neither).expect(422);
    });

    test('nobody changes their own rights', async () => {
      await security.patch(`users/${security.user}`, { systemRole: 'system' }).expect(403);
    });

    test('a user who is disabled is out at once', async () => {
      const person = await api.as('371302-audit');
      await person.get('tasks').expect(200);
      const { body } = await security.patch(`users/${person.user}`, { disabled: true }).expect(200);
      expect(body.disabled).toBe(true);
      await person.get('tasks').expect(401);
    });

    test('only the security and the audit administrator read users, and only the first changes any', async () => {
      await handler.get('users').expect(403);
      await system.get('users').expect(403);
      await system.post('users', { ...NEW, username: 'x.y' }).expect(403);
      const audit = await api.administrator('audit');
      const { body } = await audit.get('users?limit=2').expect(200);
      expect(body.items).toHaveLength(2);
      expect(JSON.stringify(body)).not.toMatch(/password|argon/);
      const next = await audit.get(`users?limit=2&cursor=${body.nextCursor}`).expect(200);
      expect(next.body.items[0].username > body.items[1].username).toBe(true);
      await audit.post('users', { ...NEW, username: 'x.y' }).expect(403);
      await handler.patch(`users/${audit.user}`, { disabled: true }).expect(403);
    });

    test('who has looked at users is written down for the audit administrator', async () => {
      const [security, audit] = await Promise.all([
        api.administrator('security'),
        api.administrator('audit'),
      ]);
      await security.get('users?organisation=371302-s1').expect(200);
      const { body } = await audit.get(`access-log?user=${security.user}`).expect(200);
      expect(body.items).toEqual(
        expect.arrayContaining([expect.objectContaining({ kind: 'users', of: '371302-s1' })]),
      );
      await security.get('access-log').expect(403);
    });

    test('administrators decide nothing', async () => {
      expect((await system.get('tasks').expect(200)).body).toEqual({ items: [], people: {} });
      await system.get('tasks/project.371302-2028-0001.public-notice.1.1').expect(403);
      await system.post('tasks/project.371302-2028-0001.public-notice.1.1/completion', {}).expect(403);
    });
  });

  describe('organisations', () => {
    const NEW = { name: '样例消防队', bodies: ['fire-rescue'], level: 'county', area: '371302' };

    test('a body at a level where there is none, and an area outside the city, are refused', async () => {
      const { body } = await system
        .post('organisations', { ...NEW, bodies: ['designer'], area: '110101' })
        .expect(422);
      const paths = (body.violations as { path: string }[]).map(({ path }) => path);
      expect(paths).toEqual(['bodies.0', 'area']);
    });

    test('a new one is told to every open workflow, so that vacant seats are filled', async () => {
      const heads = ['project/371302-2028-0001', 'plan/2028'];
      for (const _id of heads) {
        await api.store.heads.model.create({
          _id,
          seq: 1,
          hash: 'x',
          origin: 'x',
          at: '2027-03-01T04:00:00.000Z',
          open: _id !== 'plan/2028',
          writtenAt: new Date(),
        });
      }
      api.engine.signalled.length = 0;
      const { body } = await system.post('organisations', NEW, 'org-1').expect(201);
      expect(api.engine.signalled).toEqual(['project/371302-2028-0001']);
      const again = await system.post('organisations', NEW, 'org-1').expect(201);
      expect(again.body.id).toBe(body.id);
      const renamed = await system.patch(`organisations/${body.id}`, { name: '样例消防大队' }).expect(200);
      expect(renamed.body).toEqual({ ...body, name: '样例消防大队' });
      const { body: list } = await handler.get('organisations?area=371302&body=fire-rescue').expect(200);
      expect((list.items as { id: string }[]).map(({ id }) => id)).toEqual(
        ['371302-fire-rescue', body.id as string].sort(),
      );
    });

    test('only the system administrator writes', async () => {
      await handler.post('organisations', NEW).expect(403);
      await security.post('organisations', NEW).expect(403);
    });
  });

  describe('calendars', () => {
    const OFF = ['01-01', '02-06', '02-07', '02-08', '02-09', '02-10', '10-01'].map((day) => `2027-${day}`);
    const LIST = { off: OFF, work: ['2027-02-20'], source: '样例通知' };

    test('a due date is open to everybody, and provisional where the year has no list yet', async () => {
      const due = (query: string) => request(api.app).get(`/api/v1/calendars/due?${query}`);
      const known = await due('from=2026-02-13&workingDays=5').expect(200);
      expect(known.body).toEqual({ date: '2026-02-27', provisional: false });
      const unknown = await due('from=2027-02-05&workingDays=5').expect(200);
      expect(unknown.body).toEqual({ date: '2027-02-12', provisional: true });
      const impossible = await due('from=2026-02-30&workingDays=5').expect(400);
      expect(impossible.body.errors[0].path).toBe('from');
      await due('from=2026-02-13').expect(400);
      await due('from=2026-02-13&workingDays=-1').expect(400);
    });

    test('a list with days of another year, twice, or worked on a weekday is refused', async () => {
      const { body } = await system
        .put('calendars/2027', {
          ...LIST,
          off: [...OFF, '2028-01-01', OFF[0]],
          work: ['2027-02-22', '2027-02-06'],
        })
        .expect(422);
      const paths = (body.violations as { path: string }[]).map(({ path }) => path);
      expect(paths).toEqual(['off.7', 'off.8', 'work.0', 'work.1']);
      expect(await api.store.calendars.all()).toEqual([]);
    });

    test('a year that is loaded counts at once and is told to every open workflow', async () => {
      api.engine.signalled.length = 0;
      await handler.put('calendars/2027', LIST).expect(403);
      const { body } = await system.put('calendars/2027', LIST).expect(200);
      expect(body.told).toBe(1);
      expect(api.engine.signalled).toEqual(['project/371302-2028-0001']);
      const due = await request(api.app)
        .get('/api/v1/calendars/due?from=2027-02-05&workingDays=5')
        .expect(200);
      expect(due.body).toEqual({ date: '2027-02-17', provisional: false });
      const { body: years } = await handler.get('calendars').expect(200);
      expect(years.items.at(-1)).toMatchObject({ year: 2027, source: '样例通知' });
    });
  });

  describe('policy', () => {
    const with_ = (change: object) => ({ ...structuredClone(linyi), version: '2026.2', ...change });

    test('P2.1.3: a policy with a notice of four working days is refused with clause and basis', async () => {
      const notice = { ...linyi.periods['public-notice'], length: { workingDays: 4 } };
      const { body } = await system
        .post('policy', with_({ periods: { ...linyi.periods, 'public-notice': notice } }))
        .expect(422);
      expect(body).toMatchObject({ code: 'rule-violated', clause: 'P2.1.3' });
      expect(body.violations[0].path).toContain('periods.public-notice');
      expect(body.violations[0].basis).toBeTruthy();
      expect(await api.store.policies.versions('linyi')).toEqual([]);
    });

    test('a malformed policy is 400 with its path, an older version and another city are refused', async () => {
      const malformed = await system.post('policy', with_({ goals: 'none' })).expect(400);
      expect(malformed.body.errors[0].path).toBe('goals');
      const older = await system.post('policy', with_({ version: '2025.9' })).expect(422);
      expect(older.body.violations[0].path).toBe('version');
      const other = await system.post('policy', with_({ id: 'jinan' })).expect(422);
      expect(other.body.violations[0].path).toBe('id');
      await handler.post('policy', with_({})).expect(403);
    });

    test('a newer version is in force from then on, and the earlier stays readable', async () => {
      const before = await handler.get('policy').expect(200);
      expect(before.body.policy.version).toBe(linyi.version);
      await system.post('policy', with_({})).expect(201);
      const after = await handler.get('policy').expect(200);
      expect(after.body.policy.version).toBe('2026.2');
      await system.post('policy', with_({})).expect(409);
      const { body } = await handler.get('policy/versions').expect(200);
      expect(body.items).toMatchObject([
        { version: '2026.2', inForce: true },
        { version: linyi.version, inForce: false },
      ]);
      await handler.get(`policy/versions/${linyi.version}`).expect(200);
      await handler.get('policy/versions/2020.1').expect(404);
    });
  });
});
