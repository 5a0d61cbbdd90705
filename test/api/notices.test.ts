import request from 'supertest';
import type { NoticeFacts } from '../../domain/notice';
import { Keyring, newSymmetricKey } from '../../keys/keyring';
import { resealPersonal } from '../../store/personal-data';
import { testPersonalKey, testPersonalKeys } from '../support/keys';
import { community, startApi, type Person, type TestApi } from './api';

describe('P2.1.3: public notices', () => {
  let api: TestApi;
  const PROJECT = '371302-2028-0001';
  const ID = `${PROJECT}-1`;

  const FACTS: NoticeFacts & { secret: string } = {
    phase: 'posted',
    communities: [
      {
        id: 'c1',
        name: '样例小区',
        items: ['供水管网'],
        budgetFen: 100,
        funding: [{ name: '市级财政资金', amountFen: 100 }],
        newBuildings: [],
        place: '南门',
        postedOn: '2027-03-01',
        lastDay: '2027-03-08',
        provisional: true,
        certified: false,
      },
    ],
    mode: 'government-guided',
    budgetFen: 100,
    postedOn: '2027-03-01',
    lastDay: '2027-03-08',
    provisional: true,
    secret: '不应公开',
  };

  async function addNotice(round: number, facts: object): Promise<void> {
    const workflowId = `project/${PROJECT}/public-notice/${round}`;
    await api.store.steps.model.collection.insertOne({
      _id: workflowId as never,
      workflowId,
      seq: 1,
      node: 'step',
      step: 'public-notice',
      round,
      projectId: PROJECT,
      county: '371302',
      status: 'running',
      openedAt: `2027-03-0${round}T01:00:00.000Z`,
      waits: [],
      acts: [],
      facts,
    });
  }

  beforeAll(async () => {
    api = await startApi();
    await api.store.communities.model.create(community({ _id: 'c1' }));
    await api.store.projects.model.collection.insertOne({
      _id: PROJECT as never,
      projectId: PROJECT,
      communities: ['c1'],
    });
    await addNotice(1, FACTS);
    await addNotice(2, { phase: 'posting', communities: [{ id: 'c1', name: '样例小区', certified: false }] });
  });
  afterAll(() => api.stop());

  const get = (path: string) => request(api.app).get(`/api/v1/${path}`);
  const object = (body: object, key = '') =>
    request(api.app)
      .post(`/api/v1/notices/${ID}/objections`)
      .set(key === '' ? {} : { 'Idempotency-Key': key })
      .send(body);

  test('are open to everybody once they hang, and show only what a notice shows', async () => {
    const { body } = await get('notices?county=371302&open=true').expect(200);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ id: ID, open: true, lastDay: '2027-03-08', budgetFen: 100 });
    expect(body.items[0]).toMatchObject({ countyName: '兰山区', left: { workingDays: 5, days: 7 } });
    const { text } = await get(`notices/${ID}`).expect(200);
    expect(text).not.toContain('不应公开');
    await get(`notices/${PROJECT}-2`).expect(404);
    await get(`notices/${PROJECT}-9`).expect(404);
    await get('notices/nonsense').expect(400);
    expect((await get('notices?county=371311').expect(200)).body.items).toEqual([]);
  });

  test('an objection gets a receipt, and only its receipt finds it again', async () => {
    const { body, headers } = await object({
      subject: 'items',
      text: '希望增设充电桩',
      contact: '13800000000',
    }).expect(201);
    expect(body).toEqual({
      receipt: expect.stringMatching(/^[\w-]{22}$/),
      receivedAt: expect.any(String),
      late: false,
    });
    const { body: found } = await request(api.app)
      .get(headers['location'] as string)
      .expect(200);
    expect(found).toEqual({
      receipt: body.receipt,
      subject: 'items',
      receivedAt: body.receivedAt,
      late: false,
    });
    await get(`notices/${ID}/objections/${'x'.repeat(22)}`).expect(404);
    await get(`notices/${PROJECT}-2/objections/${body.receipt}`).expect(404);
  });

  test('the answer is read with the receipt', async () => {
    const { body, headers } = await object({ subject: 'budget', text: '预算过高' }).expect(201);
    const answer = { text: '样例：已核减', changesPlan: true, at: '2027-03-09T01:00:00.000Z' };
    await api.store.objections.answer({ projectId: PROJECT, round: 1 }, 'budget', answer);
    const { body: found } = await request(api.app)
      .get(headers['location'] as string)
      .expect(200);
    expect(found).toMatchObject({ receipt: body.receipt, answer });
  });

  test('one after the last day is kept and marked late', async () => {
    api.at(Date.parse('2027-03-09T00:00:01+08:00'));
    const { body } = await object({ subject: 'other', text: '迟到的意见' }).expect(201);
    expect(body.late).toBe(true);
    expect(
      await api.store.objections.late({ projectId: PROJECT, round: 1 }, '2027-03-08T16:00:00.000Z'),
    ).toBe(1);
    expect((await get(`notices/${ID}`).expect(200)).body.open).toBe(false);
    api.at(Date.parse('2027-03-01T12:00:00+08:00'));
  });

  test('the same key is one objection', async () => {
    const first = await object({ subject: 'other', text: '同一意见' }, 'resident-1').expect(201);
    const again = await object({ subject: 'other', text: '同一意见' }, 'resident-1').expect(201);
    expect(again.body).toEqual(first.body);
    await object({ subject: 'other', text: '另一意见' }, 'resident-1').expect(409);
    expect(await api.store.objections.model.countDocuments({ text: '同一意见' })).toBe(1);
  });

  test('a subject that is none, an empty text and a community that is not on the notice are refused', async () => {
    await object({ subject: 'weather', text: '下雨' }).expect(400);
    await object({ subject: 'other', text: ' ' }).expect(400);
    const { body } = await object({ subject: 'other', text: '意见', community: 'c9' }).expect(422);
    expect(body).toMatchObject({ clause: 'P2.1.3', violations: [{ path: 'community' }] });
  });

  test('the offices of the place read the texts, never a name or a way to reach somebody', async () => {
    const street = await api.as('371302-s1');
    const { body, text } = await street.get(`notices/${ID}/objections`).expect(200);
    expect((body.items as { text: string }[]).map((one) => one.text)).toContain('希望增设充电桩');
    expect(text).not.toContain('13800000000');
    await (await api.as('371311-s1')).get(`notices/${ID}/objections`).expect(403);
    await get(`notices/${ID}/objections`).expect(401);
  });

  describe('who objects may say who they are', () => {
    const NAME = '样例甲';
    const CONTACT = '13800001234';
    const REASON = '样例：电话回访';
    let street: Person;
    let ref: string;
    let receipt: string;

    beforeAll(async () => {
      street = await api.as('371302-s1');
      const given = {
        subject: 'construction',
        text: '样例：请避开午休时间施工',
        name: NAME,
        contact: CONTACT,
      };
      receipt = (await object(given, 'with-name').expect(201)).body.receipt as string;
      const { body } = await street.get(`notices/${ID}/objections`).expect(200);
      ref = (body.items as Shown[]).find(({ text }) => text === given.text)?.ref ?? '';
    });

    interface Shown {
      ref: string;
      text: string;
      name?: string;
      contact?: string;
    }

    const authors = (person: Person, body: object = { refs: [ref], reason: REASON }) =>
      person.post(`notices/${ID}/objection-authors`, body);

    test('P5.1.2: at rest name and contact are sealed, each for its own objection', async () => {
      const stored = api.store.connection.getClient().db(api.store.connection.name);
      const everything = JSON.stringify([
        await stored.collection('objections').find().toArray(),
        await stored.collection('answers').find().toArray(),
      ]);
      expect(everything).toContain('sealed:personal-');
      for (const word of [NAME, CONTACT]) expect(everything).not.toContain(word);
      const row = await stored.collection('objections').findOne({ _id: receipt as never });
      expect(testPersonalKeys.open(row?.['name'], `objections/${receipt}/name`)).toBe(NAME);
      expect(testPersonalKeys.open(row?.['name'], `objections/${receipt}/contact`)).toBeUndefined();
    });

    test('the offices of the place see them masked, the receipt not at all', async () => {
      for (const office of ['371302-s1', '371302-housing', '371300-housing']) {
        const { body, text } = await (await api.as(office)).get(`notices/${ID}/objections`).expect(200);
        const shown = (body.items as Shown[]).find((one) => one.ref === ref);
        expect(shown).toMatchObject({ name: '样**', contact: '138****1234' });
        for (const word of [NAME, CONTACT, receipt]) expect(text).not.toContain(word);
      }
      const audit = await api.administrator('audit');
      expect((await audit.get(`notices/${ID}/objections`).expect(200)).text).not.toContain(CONTACT);
    });

    test('P1.4: the office that must answer opens them, with a reason, and it is written down', async () => {
      const { body } = await authors(street).expect(200);
      expect(body.items).toEqual([{ ref, name: NAME, contact: CONTACT }]);
      const audit = await api.administrator('audit');
      const { body: log, text } = await audit.get(`access-log?user=${street.user}`).expect(200);
      expect(log.items).toMatchObject([
        {
          kind: 'objection-authors',
          user: street.user,
          organisation: '371302-s1',
          of: ID,
          refs: [ref],
          reason: REASON,
        },
      ]);
      for (const word of [NAME, CONTACT, receipt]) expect(text).not.toContain(word);
    });

    test('P1.4: nobody else opens them: not the county, not the city, not another street, no administrator', async () => {
      const before = await api.store.accessLog.model.countDocuments();
      const others = [
        ...(await Promise.all(
          ['371302-housing', '371300-housing', '371302-n1', '371311-s1', '371300-water'].map((one) =>
            api.as(one),
          ),
        )),
        ...(await Promise.all(
          (['system', 'security', 'audit'] as const).map((one) => api.administrator(one)),
        )),
      ];
      for (const person of others)
        expect([person.user, (await authors(person)).status]).toEqual([person.user, 403]);
      await request(api.app)
        .post(`/api/v1/notices/${ID}/objection-authors`)
        .send({ refs: [ref] })
        .expect(401);
      expect(await api.store.accessLog.model.countDocuments()).toBe(before);
    });

    test('without a reason, or with a telephone number in it, nothing is opened', async () => {
      await authors(street, { refs: [ref] }).expect(400);
      await authors(street, { refs: [ref], reason: `回电 ${CONTACT}` }).expect(422);
      const { body } = await authors(street, { refs: ['0'.repeat(16)], reason: REASON }).expect(200);
      expect(body.items).toEqual([]);
    });

    test('a telephone or identity number in the text itself is refused, and the answer does not repeat it', async () => {
      const { body, text } = await object({ subject: 'other', text: `请回电 ${CONTACT}` }).expect(422);
      expect(body).toMatchObject({ clause: 'P2.1.3', violations: [{ path: 'text' }] });
      expect(text).not.toContain(CONTACT);
    });

    test('after a rotation all is sealed anew, and an author whose key is lost is empty and breaks nothing', async () => {
      const fresh = newSymmetricKey('personal');
      const rotated = new Keyring('personal', [fresh, testPersonalKey]);
      await api.store.objections.model.collection.insertOne({
        ...{ _id: 'a'.repeat(22) as never, projectId: PROJECT, round: 1, group: 'other', text: '早先的意见' },
        ...{
          name: NAME,
          contact: 'sealed:personal-lost:AAAA',
          via: 'online',
          receivedAt: '2027-03-01T01:00:00.000Z',
        },
      });
      const sealed = await api.store.objections.model.countDocuments({ contact: { $exists: true } });
      expect(await resealPersonal(api.store, rotated)).toEqual({ resealed: sealed + 1, unreadable: 1 });
      expect(await resealPersonal(api.store, rotated)).toEqual({ resealed: 0, unreadable: 1 });
      const notice = { projectId: PROJECT, round: 1 };
      const alone = new Keyring('personal', [fresh]);
      expect(await api.store.objections.authors(notice, [ref], alone)).toEqual([
        { ref, name: NAME, contact: CONTACT },
      ]);
      const { body } = await street.get(`notices/${ID}/objections`).expect(200);
      const lost = (body.items as Shown[]).find(({ text }) => text === '早先的意见');
      expect(lost).toMatchObject({ contact: '****' });
    });
  });

  test('one address cannot flood a notice', async () => {
    let status = 0;
    for (let n = 0; n < 70 && status !== 429; n += 1) {
      status = (await object({ subject: 'other', text: `意见 ${n}` })).status;
    }
    expect(status).toBe(429);
  });
});
