import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../activities';
import { hashOf } from '../../domain/events';
import type { ProjectNode, ProjectStatus } from '../../domain/node';
import type { Activities } from '../../domain/world';
import { linyi } from '../../policy/linyi';
import { sampleOrganisations } from '../../bin/sample-city/organisations';
import type { Store } from '../../store/connect';
import { batchOf, chain } from '../store/sample-record';
import { testKeys } from '../support/keys';
import { withStore } from '../support/store';

let store: Store;
let activities: Activities;
/** The engine's time of every activity below. */
let engineTime = Date.parse('2026-11-23T02:00:00Z');

withStore((opened) => (store = opened));
beforeAll(async () => {
  const workerKeys = { identity: testKeys.worker, roots: testKeys.roots };
  const world = { store, client: {} as never, policy: linyi, taskQueue: 'none', ...workerKeys };
  activities = createActivities(world);
}, 60_000);

function run<Arg, Result>(activity: (arg: Arg) => Promise<Result>, arg: Arg): Promise<Result> {
  const env = new MockActivityEnvironment(
    { currentAttemptScheduledTimestampMs: engineTime },
    { logger: new DefaultLogger('ERROR', () => undefined) },
  );
  return env.run(activity as never, arg as never) as Promise<Result>;
}

describe('record', () => {
  test('writes a batch', async () => {
    const id = 'project/371302-2027-0001/public-notice/1';
    await run(activities.record, batchOf(id, chain(id, 2)));
    expect(await store.heads.find(id)).toMatchObject({ seq: 2 });
  });

  test('a slot that holds something else is a failure that is not tried again', async () => {
    const id = 'project/371302-2027-0002/public-notice/1';
    await run(activities.record, batchOf(id, chain(id, 1)));
    const attempt = run(activities.record, batchOf(id, chain(id, 1, 'task-completed')));
    await expect(attempt).rejects.toMatchObject({ type: 'slot-taken', nonRetryable: true });
  });

  test('a store that lacks the events before says up to where it holds them', async () => {
    const id = 'project/371302-2027-0003/public-notice/1';
    const [first, , third] = chain(id, 3);
    if (!first || !third) throw new Error('unreachable');
    await run(activities.record, batchOf(id, [first]));
    const failure = await run(activities.record, batchOf(id, [third])).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: 'record-behind',
      nonRetryable: true,
      details: [{ seq: 1, hash: first.hash }],
    });
  });
});

describe('briefing', () => {
  beforeAll(async () => {
    await store.organisations.model.insertMany(
      sampleOrganisations(linyi).map(({ id, ...rest }) => ({ _id: id, ...rest })),
    );
  });

  test('names the organisations of a county, its quarters, the city, operators and companies, and no other county', async () => {
    const { organisations } = await run(activities.briefing, { city: '371300', county: '371302' });
    const ids = organisations.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        '371302-housing',
        '371302-s1',
        '371302-n1',
        '371300-finance',
        '371300-telecom-3',
        '371300-designer-1',
      ]),
    );
    expect(ids.filter((id) => !/^37130[02]-/.test(id))).toEqual([]);
    expect(ids.filter((id) => id.startsWith('371300-jkq'))).toEqual([]);
  });

  test("names a management committee's own organisations, whose key begins like the city's", async () => {
    const { organisations } = await run(activities.briefing, { city: '371300', county: '371300-jkq' });
    const ids = organisations.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['371300-jkq-housing', '371300-jkq-s1', '371300-audit']));
    expect(ids).not.toContain('371300-jkq-audit');
    expect(ids.filter((id) => id.startsWith('371300-lgq'))).toEqual([]);
  });

  test('carries the working days from last year on, with the years that were loaded since', async () => {
    const loaded = { off: ['2027-01-01'], work: [] };
    await store.calendars.model.create({
      _id: 2027,
      ...loaded,
      source: '样例',
      loadedBy: 'u-1',
      loadedAt: new Date(),
    });
    const { calendar } = await run(activities.briefing, { city: '371300' });
    expect(Object.keys(calendar.years)).toEqual(['2025', '2026', '2027']);
    expect(calendar.years['2027']).toEqual(loaded);
  });

  test("last year is the engine's, not this machine's", async () => {
    const before = engineTime;
    engineTime = Date.parse('2027-12-31T17:00:00Z');
    const { calendar } = await run(activities.briefing, { city: '371300' });
    engineTime = before;
    // In Shanghai it is 2028 already.
    expect(Object.keys(calendar.years)).toEqual(['2027']);
  });
});

describe('P2.1.3: objections to a public notice', () => {
  const notice = { projectId: '371302-2027-0009', round: 1 };
  const closedAt = '2026-11-20T16:00:00.000Z';

  beforeAll(async () => {
    const objection = (receipt: string, group: string, receivedAt: string) => ({
      _id: receipt,
      ...notice,
      group,
      text: '样例意见',
      via: 'online',
      receivedAt,
    });
    await store.objections.model.insertMany([
      objection('r1', 'items', '2026-11-16T02:00:00.000Z'),
      objection('r2', 'items', '2026-11-20T15:59:59.000Z'),
      objection('r3', 'budget', closedAt),
      objection('r4', 'budget', '2026-11-20T16:00:00.001Z'),
    ]);
  });

  test('are counted by subject, without a word of what was written; late ones apart', async () => {
    expect(await run(activities.objections, { ...notice, closedAt })).toEqual({
      groups: [
        { group: 'budget', title: '预算与资金', count: 1 },
        { group: 'items', title: '改造内容', count: 2 },
      ],
      late: 1,
    });
  });

  test('like ones are answered together, and an answer that stands is not replaced', async () => {
    const answers = [{ group: 'items', answer: '已采纳', changesPlan: true }];
    await run(activities.answerObjections, { ...notice, answers });
    await run(activities.answerObjections, {
      ...notice,
      answers: [{ ...answers[0], answer: '改口' }] as never,
    });
    expect((await store.objections.find('r1'))?.answer).toEqual({
      text: '已采纳',
      changesPlan: true,
      at: new Date(engineTime).toISOString(),
    });
    expect((await store.objections.find('r3'))?.answer).toBeUndefined();
  });
});

describe('P2.4.4: the seal of an archive', () => {
  const keep = (id: string, content: string) =>
    store.attachments.save(Readable.from([content]), {
      id,
      filename: `${id}.txt`,
      contentType: 'text/plain',
    });

  test("covers every document with its file's SHA-256, in whatever order they were filed", async () => {
    const { sha256 } = await keep('a1', '一');
    expect(sha256).toBe(createHash('sha256').update('一').digest('hex'));
    await keep('a2', '二');
    const documents = [
      { step: 'tendering', name: 'contract', attachment: 'a2' },
      { step: 'public-notice', name: 'notice', attachment: 'a1' },
    ];
    const seal = await run(activities.sealArchive, { projectId: 'p', documents });
    const again = await run(activities.sealArchive, { projectId: 'p', documents: [...documents].reverse() });
    expect(again).toEqual(seal);
    const list = await store.attachments.findAll(['a1', 'a2']);
    const of = (id: string) => list.find((file) => file.id === id)?.sha256;
    expect(seal).toEqual({
      documents: 2,
      sha256: hashOf([
        { step: 'public-notice', name: 'notice', attachment: 'a1', sha256: of('a1') },
        { step: 'tendering', name: 'contract', attachment: 'a2', sha256: of('a2') },
      ]),
    });
  });

  test('is not set on an archive with a gap', async () => {
    const documents = [{ step: 'tendering', name: 'contract', attachment: 'gone' }];
    await expect(run(activities.sealArchive, { projectId: 'p', documents })).rejects.toThrow('gone');
  });

  test('does not count a file whose transfer broke off', async () => {
    const broken = Readable.from(
      (function* () {
        yield '半';
        throw new Error('connection lost');
      })(),
    );
    const head = { id: 'broken', filename: 'b.txt', contentType: 'text/plain' };
    await expect(store.attachments.save(broken, head)).rejects.toThrow('connection lost');
    expect(await store.attachments.find('broken')).toBeUndefined();
  });
});

describe("P2.1.4: a county's pool", () => {
  const project = (n: number, change: Partial<ProjectNode>): ProjectNode & { _id: string } => {
    const projectId = `371311-2027-000${n}`;
    return {
      _id: projectId,
      node: 'project',
      projectId,
      name: '样例项目',
      county: '371311',
      areas: ['371300', '371311'],
      year: 2027,
      communities: [],
      status: 'waiting' as ProjectStatus,
      steps: ['county-submission'],
      rounds: {},
      running: {},
      bindings: {},
      policyVersion: '2026.1',
      onPaper: [],
      outputs: {},
      candidate: candidate(projectId),
      acts: [],
      startedAt: '2026-02-01T00:00:00.000Z',
      ...change,
    };
  };
  const candidate = (projectId: string) => ({
    projectId,
    name: '样例项目',
    communities: 1,
    households: 160,
    buildings: 4,
    floorArea: 11_840,
    budgetFen: 320_000_000,
    readyAt: '2026-09-01T00:00:00.000Z',
  });

  test('holds the projects that wait for this year or missed an earlier one, and no other', async () => {
    await store.projects.model.collection.insertMany([
      project(1, {}),
      project(2, { year: 2026 }),
      project(3, { year: 2028 }),
      project(4, { status: 'running' }),
      project(5, { county: '371312' }),
      project(6, { status: 'suspended' }),
    ] as never);
    const found = await run(activities.pool, { county: '371311', year: 2027 });
    expect(found).toEqual([candidate('371311-2027-0001'), candidate('371311-2027-0002')]);
  });
});

test('P2.2.3: a document number belongs to one document, however its brackets are typed', async () => {
  const claim = (number: string, claimedBy: string) =>
    run(activities.claimDocumentNumber, { number, claimedBy });
  expect(await claim('临建发〔2027〕12号', 'plan/2027')).toEqual({ taken: false });
  expect(await claim('临建发〔2027〕12号', 'plan/2027')).toEqual({ taken: false });
  expect(await claim('临建发[2027] 12号', 'plan/2028')).toEqual({ taken: true });
});
