import request, { type Test } from 'supertest';
import { startApi, type Person, type TestApi } from './api';

/** Tables of organisations, users and communities: tried first, then taken in whole or not at all. */
describe('imports with dry run', () => {
  let api: TestApi;
  let system: Person;
  let security: Person;
  let county: Person;

  beforeAll(async () => {
    api = await startApi();
    system = await api.administrator('system');
    security = await api.administrator('security');
    county = await api.as('371302-housing');
  });
  afterAll(() => api.stop());

  const send = (person: Person, path: string, text: string, key?: string): Test => {
    const post = request(api.app)
      .post(`/api/v1/${path}`)
      .set('Authorization', `Bearer ${person.token}`)
      .set('Content-Type', 'text/csv');
    return (key === undefined ? post : post.set('Idempotency-Key', key)).send(text);
  };
  const counts = async () => {
    const { organisations, users, communities } = api.store;
    return Promise.all([
      organisations.model.countDocuments(),
      users.model.countDocuments(),
      communities.model.countDocuments(),
    ]);
  };

  test('P2.1.0: a table of communities is tried: line by line what would be entered, and what is wrong in which column', async () => {
    const table =
      '小区名称,居委会,户数,楼栋数,建筑面积(㎡)\n' +
      '样例甲小区,371302-n1,120,4,9600\n样例乙小区,371302-n1,很多,4,9600\n样例丙小区,371302-n9,60,2,4800\n';
    const path = 'communities/import?county=371302&subdistrict=371302-s1';
    const before = await counts();
    const { body } = await send(county, `${path}&dryRun=true`, table).expect(200);
    expect(body).toEqual({
      dryRun: true,
      created: 1,
      updated: 0,
      rows: [{ line: 2, name: '样例甲小区', outcome: 'created' }],
      faults: [
        { line: 3, column: '户数', message: '应为 1 以上的整数' },
        {
          line: 4,
          column: '居委会',
          message: '没有单位承担 371302-n9 的席位，请先登记单位',
          clause: 'P1.4',
        },
      ],
    });
    await send(county, path, table).expect(400);
    expect(await counts()).toEqual(before);
    const right = '小区名称,居委会,户数,楼栋数,建筑面积(㎡)\n样例甲小区,371302-n1,120,4,9600\n';
    expect((await send(county, path, right).expect(200)).body).toMatchObject({ created: 1, updated: 0 });
    const again = await send(county, `${path}&dryRun=true`, right).expect(200);
    expect(again.body).toMatchObject({ created: 0, updated: 1, rows: [{ outcome: 'updated' }], faults: [] });
  });

  test('what is no such table is named as that, without a line of data', async () => {
    const { body } = await send(county, 'communities/import?dryRun=true', '小区名称,颜色\n样例,红\n').expect(
      200,
    );
    expect(body).toMatchObject({ rows: [], faults: [{ line: 1, column: '颜色', message: '没有这一列' }] });
    const empty = await send(county, 'communities/import?dryRun=true', '小区名称\n').expect(200);
    expect(empty.body.faults).toEqual([{ message: '没有数据行' }]);
    const english = await send(county, 'communities/import?dryRun=true', '小区名称\n').set(
      'Accept-Language',
      'en',
    );
    expect(english.body.faults).toEqual([{ message: 'There are no lines' }]);
  });

  describe('P1.4: organisations', () => {
    const HEAD = '单位名称,层级,区域,席位,服务区域\n';

    test('names of bodies, levels and areas count; a wrong seat refuses the whole table', async () => {
      const table = `${HEAD}样例消防大队,县区级,兰山区,消防救援,\n样例供水公司,专营单位,临沂市,供水单位,兰山区；罗庄区\n样例设计院,市级,临沂市,设计单位,\n`;
      const { body } = await send(system, 'organisations/import?dryRun=true', table).expect(200);
      expect(body).toMatchObject({
        created: 2,
        faults: [{ line: 4, column: '席位', clause: 'P1.4' }],
      });
      const before = await counts();
      const refused = await send(system, 'organisations/import', table).expect(422);
      expect(refused.body.violations[0].path).toBe('rows.4.bodies.0');
      expect(await counts()).toEqual(before);
    });

    test('a table is taken in once, and brings up to date who is there already', async () => {
      const table = `${HEAD}样例供水公司,专营单位,临沂市,供水单位,兰山区\n`;
      const { body } = await send(system, 'organisations/import', table, 'orgs-1').expect(200);
      expect(body).toMatchObject({ created: 1, updated: 0 });
      expect((await send(system, 'organisations/import', table, 'orgs-1').expect(200)).body).toEqual(body);
      const wider = `${HEAD}样例供水公司,专营单位,临沂市,供水单位,兰山区；罗庄区\n`;
      const next = await send(system, 'organisations/import', wider).expect(200);
      expect(next.body).toEqual({ created: 0, updated: 1, ids: body.ids });
      const one = await system.get(`organisations/${body.ids[0]}`).expect(200);
      expect(one.body).toMatchObject({ bodies: ['water'], serves: ['371302', '371311'] });
      const unknown = await send(
        system,
        'organisations/import?dryRun=true',
        `编号,${HEAD}org-99,样例,市级,临沂市,审计,\n`,
      );
      expect(unknown.body.faults).toMatchObject([{ line: 2, column: '编号' }]);
    });

    test('only the system administrator may', async () => {
      for (const person of [security, county])
        await send(person, 'organisations/import?dryRun=true', HEAD).expect(403);
    });
  });

  describe('P1.4: users', () => {
    const HEAD = '用户名,姓名,单位,角色,管理员\n';

    test('every fault is named by line and column, and nobody is entered', async () => {
      const table =
        `${HEAD}sample.one,样例一,371302-housing,经办,\nsample.one,样例一,371302-housing,经办,\n` +
        `${county.user},样例二,371302-housing,经办,\nsample.three,样例三,样例无此单位,签发,\nsample.four,样例四,371302-housing,,审计管理员\n`;
      const before = await counts();
      const { body } = await send(security, 'users/import?dryRun=true', table).expect(200);
      const faults = (body.faults as { line: number; column: string }[]).map(({ line, column }) => [
        line,
        column,
      ]);
      expect(faults).toEqual([
        [3, '用户名'],
        [4, '用户名'],
        [5, '单位'],
        [6, '角色'],
      ]);
      expect(body.created).toBe(1);
      await send(security, 'users/import', table).expect(400);
      expect(await counts()).toEqual(before);
    });

    test('each gets a first password, told once, with which he logs in and which he must change', async () => {
      const table = `${HEAD}sample.one,样例一,371302-housing；371302-finance,经办；签发,\nsample.two,样例二,,,系统管理员\n`;
      const { body } = await send(security, 'users/import', table, 'users-1').expect(200);
      expect(body.created).toBe(2);
      const again = await send(security, 'users/import', table, 'users-1').expect(200);
      expect(again.body).toEqual(body);
      const [{ username, password }] = body.users as { username: string; password: string }[] as [
        { username: string; password: string },
      ];
      const kept = JSON.stringify(await api.store.answers.model.find().lean());
      expect(kept).not.toContain(password);
      const logIn = await request(api.app).post('/api/v1/sessions').send({ username, password }).expect(201);
      expect(logIn.body.user).toMatchObject({ mustChangePassword: true, roles: ['handler', 'signatory'] });
      expect(logIn.body.user.may).toContain('register:write');
      expect(logIn.body.user.may).not.toContain('users:read');
      const row = await api.store.users.byName('sample.one');
      expect(row?.seats).toEqual([
        { organisation: '371302-housing', role: 'handler' },
        { organisation: '371302-finance', role: 'signatory' },
      ]);
      await send(system, 'users/import?dryRun=true', table).expect(403);
    });
  });
});
