import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import request from 'supertest';
import type { Json } from '../../../domain/events';
import { SAMPLE_ATTACHMENT, type Task } from '../../../domain/task';
import { writeBatch } from '../../../store/record';
import { writeReferences } from '../../../store/references';
import { batchOf, chain, stepNode, task } from '../../store/sample-record';
import { taskRow } from '../../../store/tasks';
import { startApi, type TestApi } from '../api';
import { PROJECT, settle, viewer, VIEWERS, type Viewer } from './town';

const EVERYBODY = Object.keys(VIEWERS) as Viewer[];
const WHOLE: Viewer[] = ['own county', 'city', 'own subdistrict', 'own neighbourhood', 'its owner', 'audit'];

describe('P1.4: an attachment is seen by whoever sees what refers to it', () => {
  let api: TestApi;
  let workflows = 0;

  beforeAll(async () => {
    api = await startApi();
    await settle(api);
  });
  afterAll(() => api.stop());

  /** A file that the own subdistrict's handler has sent. */
  async function upload(id: string = randomUUID()): Promise<string> {
    const { user } = await viewer(api, 'own subdistrict');
    const head = { id, filename: 'a.pdf', contentType: 'application/pdf', by: user };
    await api.store.attachments.save(Readable.from([Buffer.from('%PDF-1.7')]), head);
    return id;
  }

  /** Writes a task and its event, as the record of a step's workflow would. */
  async function record(change: Partial<Task>, data: Json = {}): Promise<void> {
    const workflowId = `project/${PROJECT}/construction/${(workflows += 1)}`;
    const [first] = chain(workflowId, 1);
    if (!first) throw new Error('no event');
    const event = { ...first, projectId: PROJECT, data };
    const tasks = [task(workflowId, 1, { projectId: PROJECT, ...change })];
    await writeBatch(
      api.store,
      batchOf(workflowId, [event], { tasks, node: stepNode({ step: 'construction' }) }),
    );
  }

  async function seers(id: string): Promise<Viewer[]> {
    const found: Viewer[] = [];
    for (const who of EVERYBODY) {
      const { status } = await (await viewer(api, who)).get(`attachments/${id}`);
      if (status === 200) found.push(who);
      // Administrators who have no business with files learn no more than that.
      else expect([who, status]).toEqual([who, who === 'system' || who === 'security' ? 403 : 404]);
    }
    return found;
  }

  test('until something refers to it, whoever has sent it, and audit', async () => {
    expect(await seers(await upload())).toEqual(['own subdistrict', 'audit']);
  });

  test('a form that was decided: whoever sees the project as a whole', async () => {
    const id = await upload();
    await record({}, { form: { documents: { photo: id } } });
    expect((await seers(id)).sort()).toEqual([...WHOLE].sort());
  });

  test('a task that shows it to an operator: that operator, too', async () => {
    const id = await upload();
    await record({ organisation: '371300-gas', context: { evidence: id } });
    expect((await seers(id)).sort()).toEqual([...WHOLE, 'operator not asked'].sort());
  });

  test('a decision from paper that awaits its second person', async () => {
    const id = await upload();
    const paper = { number: '1', date: '2027-03-01', attachment: id };
    const by = { user: 'u', organisation: '371302-housing' };
    await record({
      organisation: '371300-gas',
      paperBy: '371302-housing',
      paperPending: { form: {}, paper, by },
    });
    expect(await seers(id)).toContain('own county');
  });

  test('what belongs to a county’s part of a plan: that county, the city, audit', async () => {
    const id = await upload();
    const list = task('submission/2028-371302', 1, { county: '371302', context: { scan: id } });
    const { projectId: _, ...ofPlan } = list;
    await api.store.connection.transaction((session) =>
      writeReferences(
        api.store,
        { events: [], tasks: [{ ...ofPlan, organisation: '371302-housing' }] },
        session,
      ),
    );
    expect((await seers(id)).sort()).toEqual(['audit', 'city', 'own county', 'own subdistrict']);
  });

  test('P2.1.3: the photos of a posted notice: everybody, without a log-in, under a name that says nothing', async () => {
    const [photo, scan] = [await upload(), await upload()];
    const [before, after, former] = [await upload(), await upload(), await upload()];
    const workflowId = `project/${PROJECT}/public-notice/1`;
    const facts = {
      phase: 'posted',
      communities: [
        {
          id: 'c1',
          name: '样例',
          items: [],
          budgetFen: 1,
          funding: [],
          newBuildings: [],
          postedOn: '2027-03-01',
        },
      ],
      mode: 'mixed',
      budgetFen: 1,
      provisional: false,
    };
    await api.store.steps.model.collection.updateOne({ _id: workflowId as never }, { $set: { facts } });
    const outcome = (form: Json) => ({
      form,
      by: { user: 'u', organisation: '371302-s1' },
      at: '2027-03-01T01:00:00.000Z',
    });
    const done = { status: 'completed', projectId: PROJECT } as const;
    const pictures = [{ what: '南门', before, after }];
    const posted = (of: object) => outcome({ documents: { 'notice-photo': photo }, ...of });
    const tasks = [
      // It did not hang throughout, and was posted again, with other pictures.
      task(workflowId, 7, { ...done, outcome: posted({ pictures: [{ what: '南门', before: former }] }) }),
      task(workflowId, 8, { ...done, outcome: posted({ pictures }) }),
      task(workflowId, 9, { ...done, kind: 'paper-objections', outcome: outcome({ documents: { scan } }) }),
    ];
    await api.store.tasks.model.collection.insertMany(tasks.map((one) => taskRow(one, 1)) as never);
    const { body } = await request(api.app).get(`/api/v1/notices/${PROJECT}-1`).expect(200);
    expect(body.documents).toEqual([`/api/v1/notices/${PROJECT}-1/documents/${photo}`]);
    const hrefOf = (id: string): string => `/api/v1/notices/${PROJECT}-1/documents/${id}`;
    expect(body.pictures).toEqual([{ what: '南门', before: hrefOf(before), after: hrefOf(after) }]);
    await request(api.app).get(hrefOf(after)).expect(200);
    await request(api.app).get(hrefOf(former)).expect(404);
    const { headers } = await request(api.app).get(body.documents[0]).expect(200);
    expect(headers['content-disposition']).toContain(`${PROJECT}-1-1.pdf`);
    expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox");
    await request(api.app).get(`/api/v1/notices/${PROJECT}-1/documents/${scan}`).expect(404);
    await request(api.app).get(`/api/v1/notices/${PROJECT}-2/documents/${photo}`).expect(404);
  });

  test('the permanent sample: everybody who may look at files at all', async () => {
    await upload(SAMPLE_ATTACHMENT);
    expect(await seers(SAMPLE_ATTACHMENT)).toEqual(
      EVERYBODY.filter((who) => who !== 'system' && who !== 'security'),
    );
    await request(api.app).get(`/api/v1/attachments/${SAMPLE_ATTACHMENT}`).expect(401);
  });
});
