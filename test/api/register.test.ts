import request from 'supertest';
import { community, startApi, type Person, type TestApi } from './api';

describe('P2.1.0: the register of communities', () => {
  let api: TestApi;
  let county: Person;
  let street: Person;

  beforeAll(async () => {
    api = await startApi();
    county = await api.as('371302-housing');
    street = await api.as('371302-s1');
  });
  afterAll(() => api.stop());
  afterEach(() => api.store.communities.model.deleteMany({}));

  const NEW = {
    name: '样例小区',
    households: 120,
    buildings: 4,
    floorArea: 9600.5,
    county: '371302',
    subdistrict: '371302-s1',
    neighbourhood: '371302-n1',
  };

  test('P1.1: what is unknown of a new community is named as unknown, not taken for no', async () => {
    const { body, headers } = await county.post('communities', NEW).expect(201);
    expect(body.eligible).toBe(false);
    const paths = (body.refusals as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual([
      'completedYear',
      'landOwnership',
      'location',
      'demolishAndRebuild',
      'deficiencies',
    ]);
    await county.get(headers['location'] as string).expect(200);
    const known = {
      completedYear: 1996,
      landOwnership: 'state',
      location: 'city',
      demolishAndRebuild: false,
      deficiencies: ['管网老化'],
    };
    const { body: changed } = await street.patch(`communities/${body.id}`, known).expect(200);
    expect(changed).toMatchObject({ ...known, eligible: true, refusals: [] });
    const { body: forgotten } = await county
      .patch(`communities/${body.id}`, { completedYear: null })
      .expect(200);
    expect(forgotten.completedYear).toBeUndefined();
    expect(forgotten.eligible).toBe(false);
  });

  test('the same name in the same neighbourhood is there already', async () => {
    await county.post('communities', NEW, 'c-1').expect(201);
    const { body } = await county.post('communities', NEW, 'c-2').expect(409);
    expect(body.code).toBe('already-exists');
    await county.post('communities', NEW, 'c-1').expect(201);
    expect(await api.store.communities.model.countDocuments()).toBe(1);
  });

  test('P1.4: a place whose seats no organisation holds is refused with its path', async () => {
    const { body } = await county.post('communities', { ...NEW, neighbourhood: '371302-n9' }).expect(422);
    expect(body).toMatchObject({ clause: 'P1.4', violations: [{ path: 'neighbourhood' }] });
    expect(await api.store.communities.model.countDocuments()).toBe(0);
  });

  test('P1.4: nobody enters or changes a community of another area', async () => {
    const other = await api.as('371311-housing');
    await other.post('communities', NEW).expect(403);
    const { body } = await county.post('communities', NEW).expect(201);
    await other.patch(`communities/${body.id}`, { households: 1 }).expect(404);
    await (await api.as('371302-s2')).patch(`communities/${body.id}`, { households: 1 }).expect(404);
    const finance = await api.as('371302-finance');
    await finance.post('communities', { ...NEW, name: '又一小区' }).expect(403);
    await other.get(`communities/${body.id}`).expect(404);
  });

  test('where a community lies does not change', async () => {
    const { body } = await county.post('communities', NEW).expect(201);
    const refused = await county.patch(`communities/${body.id}`, { county: '371311' }).expect(400);
    expect(refused.body.errors[0].path).toBe('county');
  });

  test('a list is paged, each entry once', async () => {
    await api.store.communities.model.insertMany(
      [1, 2, 3, 4, 5].map((n) => community({ _id: `371302-c0000${n}` })),
    );
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await county.get(`communities?county=371302&limit=2&cursor=${cursor}`).expect(200);
      seen.push(...(body.items as { id: string }[]).map(({ id }) => id));
      cursor = body.nextCursor ?? '';
    } while (cursor);
    expect(seen).toEqual([1, 2, 3, 4, 5].map((n) => `371302-c0000${n}`));
  });

  describe('import', () => {
    const WHERE = '?county=371302&subdistrict=371302-s1&neighbourhood=371302-n1';

    const send = (text: string | Buffer, key = '', query = WHERE) =>
      request(api.app)
        .post(`/api/v1/communities/import${query}`)
        .set('Authorization', `Bearer ${county.token}`)
        .set('Content-Type', 'text/csv')
        .set(key === '' ? {} : { 'Idempotency-Key': key })
        .send(text);

    test('takes a county’s own table, leaves unknown what it does not say, and brings it up to date', async () => {
      const table =
        '序号,小区名称,户数,楼栋数,建筑面积(㎡),计划投资(万元)\n1,样例一小区,105,3,13000,418\n2,样例二小区,80,2,7800,251.6\n';
      const { body } = await send(`\uFEFF${table}`).expect(200);
      expect(body).toMatchObject({ created: 2, updated: 0 });
      const { body: one } = await county.get(`communities/${body.ids[0]}`).expect(200);
      expect(one).toMatchObject({ name: '样例一小区', households: 105, floorArea: 13000, eligible: false });
      expect(one.completedYear).toBeUndefined();
      const more =
        '小区名称,户数,楼栋数,建筑面积,建成年份,土地权属,位置,拆除新建,存在问题\n样例一小区,105,3,13000,1996,国有,城市,否,管网老化；屋面渗漏\n';
      const { body: updated } = await send(more).expect(200);
      expect(updated).toEqual({ created: 0, updated: 1, ids: [body.ids[0]] });
      const { body: known } = await county.get(`communities/${body.ids[0]}`).expect(200);
      expect(known).toMatchObject({
        completedYear: 1996,
        deficiencies: ['管网老化', '屋面渗漏'],
        eligible: true,
      });
    });

    test('every fault of every line is named by line and field, and nothing is imported', async () => {
      const { body } = await send(
        '小区名称,户数,楼栋数,建筑面积(㎡),建成日期\n好小区,10,1,800,1990-05-01\n坏小区,很多,1,,1990-02-30\n\n好小区,10,1,800,\n',
      ).expect(400);
      const paths = (body.errors as { path: string }[]).map(({ path }) => path);
      expect(paths.sort()).toEqual(
        ['rows.3.completedOn', 'rows.3.floorArea', 'rows.3.households', 'rows.5.name'].sort(),
      );
      expect(await api.store.communities.model.countDocuments()).toBe(0);
    });

    test('an unknown column, ragged lines, an empty table and another encoding are 400', async () => {
      const unknown = await send('小区名称,颜色\n样例,红\n').expect(400);
      expect(unknown.body.errors).toEqual([{ path: 'rows.1.颜色', message: '没有这一列' }]);
      await send('小区名称,户数\n样例,1,2\n').expect(400);
      await send('小区名称,户数\n').expect(400);
      const gbk = await send(Buffer.from([0xd0, 0xa1, 0xc7, 0xf8])).expect(400);
      expect(gbk.body.detail).toBe('不是 UTF-8 编码');
    });

    test('a workbook is 415, a table of another county 403, one without a held seat 422', async () => {
      await request(api.app)
        .post('/api/v1/communities/import')
        .set('Authorization', `Bearer ${county.token}`)
        .set('Content-Type', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
        .send('PK')
        .expect(415);
      const table = '小区名称,户数,楼栋数,建筑面积\n样例,10,1,800\n';
      await send(table, '', '?county=371311&subdistrict=371311-s1&neighbourhood=371311-n1').expect(403);
      const { body } = await send(
        table,
        '',
        '?county=371302&subdistrict=371302-s9&neighbourhood=371302-n1',
      ).expect(422);
      expect(body.violations[0].path).toBe('rows.2.subdistrict');
    });

    test('the same key gives the first answer again', async () => {
      const table = '小区名称,户数,楼栋数,建筑面积\n样例,10,1,800\n';
      const first = await send(table, 'import-1').expect(200);
      const again = await send(table, 'import-1').expect(200);
      expect(again.body).toEqual(first.body);
      await send(`${table}再来,10,1,800\n`, 'import-1').expect(409);
    });
  });
});
