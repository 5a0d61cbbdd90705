import { resolve } from 'node:path';
import { misfits } from '../../bin/backup/heads';
import { rebuild } from '../../bin/rebuild/rebuild';
import { compareWithEngine } from '../../bin/record/engine';
import { lifeOf } from '../../bin/record/history';
import { signedAct } from '../../api/engine/sign';
import { hashOf, type Json } from '../../domain/events';
import { finding } from '../../domain/forms/findings';
import { ChainCheck } from '../../domain/record/chain';
import { attemptOf } from '../../domain/request';
import { Verifier } from '../../domain/signing/signature';
import { sealedStart } from '../../keys/starts';
import { verifyNative } from '../../keys/verify';
import { reconcile } from '../../worker/reconcile/reconcile';
import { beginActUpdate } from '../../workflows/messages';
import { eventually, insist, startReal, TASK_QUEUE, taskOf, type RealSystem } from '../api/real';
import { testKeys } from '../support/keys';
import { BINDINGS, contracts, OWNER, planned, scheme } from '../workflows/procurement';
import { PROJECT, stepStart } from '../workflows/sample';

const WORKFLOW = `project/${PROJECT}/construction/1`;
const SUPERVISOR = '371300-supervisor-1';
const WATER = '371300-water';
const FINDINGS = 24;

/** A site whose workflow goes on in a further run every sixty events, on the real engine, behind the API. */
let system: RealSystem;
beforeAll(async () => {
  const workflowsPath = resolve(__dirname, '../workflows/continuing.workflows.ts');
  system = await startReal({ workflowsPath });
  const input = { planned: planned(), scheme: scheme(), contracts };
  const bindings = {
    ...BINDINGS,
    designer: '371300-designer-1',
    contractor: '371300-contractor-1',
    supervisor: SUPERVISOR,
  };
  const start = stepStart('construction', input, { bindings });
  const from = { identity: testKeys.api, now: Date.now() };
  const args = sealedStart(WORKFLOW, 'construction', start, from);
  await system.client.workflow.start('construction', { workflowId: WORKFLOW, taskQueue: TASK_QUEUE, args });
  const owner = await system.as(OWNER);
  for (const kind of ['construction-permit', 'construction-start']) {
    const { id, example } = await taskOf(owner, kind);
    expect((await insist(owner, `tasks/${id}/completion`, example, kind)).status).toBe(200);
  }
}, 120_000);
afterAll(() => system?.stop(), 30_000);

async function found(n: number): Promise<void> {
  const form = JSON.parse(
    JSON.stringify({ kind: 'quality', title: `样例：问题${n}`, description: '样例', found: WATER }),
  ) as Json;
  const request = {
    act: finding.act,
    form,
    by: { user: `u-${SUPERVISOR}-handler`, organisation: SUPERVISOR },
    bodyHash: hashOf(form),
  };
  await eventually('the finding is taken', async () => {
    const signed = signedAct(testKeys.api, WORKFLOW, request, `found-${n}`, Date.now());
    const updateId = attemptOf(`found-${n}`, signed.signature);
    const sent = system.client.workflow
      .getHandle(WORKFLOW)
      .executeUpdate(beginActUpdate, { updateId, args: [signed] });
    return sent.then(
      () => true,
      () => undefined,
    );
  });
}

test('P1.4: people who decide at once while runs change are each answered, and each decision counts once', async () => {
  const [water, supervisor] = await Promise.all([system.as(WATER), system.as(SUPERVISOR)]);
  const closed = new Set<string>();
  const statuses: number[] = [];
  const decide = async (person: typeof water, kind: string): Promise<void> => {
    const { body } = await person.get(`tasks?status=open&mine=true&kind=${kind}&limit=50`).expect(200);
    await Promise.all(
      (body.items as { id: string }[]).map(async ({ id }) => {
        const { body: task } = await person.get(`tasks/${id}`).expect(200);
        const { status } = await person.post(`tasks/${id}/completion`, task.example as object, id);
        statuses.push(status);
        if (kind === 'finding-closure') closed.add(id);
      }),
    );
  };
  for (let n = 0; n < FINDINGS; n += 6) {
    await Promise.all(Array.from({ length: 6 }, (_, i) => found(n + i)));
    while (closed.size < n + 6) {
      await decide(water, 'finding-answer');
      await decide(supervisor, 'finding-closure');
    }
  }
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(statuses).toHaveLength(2 * FINDINGS);

  const { history, from } = await lifeOf(system.client, WORKFLOW);
  const runs = history.events?.filter((event) => event.workflowExecutionStartedEventAttributes).length ?? 0;
  expect(runs).toBeGreaterThan(3);
  expect(from).toBeUndefined();
  const events = await system.store.events.ofWorkflow(WORKFLOW);
  const check = new ChainCheck(WORKFLOW, {
    verifier: new Verifier({ roots: testKeys.roots, revocations: [] }, verifyNative),
  });
  for (const event of events) check.see(event);
  expect(check.fault).toBeUndefined();
  expect(events.filter(({ type }) => type === 'finding-begun')).toHaveLength(FINDINGS);
}, 120_000);

test('P1.4: record, projections and heads are held against all runs, and agree', async () => {
  const { store, client } = system;
  expect((await compareWithEngine(store, client, [WORKFLOW], false)).faults).toEqual([]);
  const { differences, unanswered } = await reconcile(store, client, { workflowIds: [WORKFLOW] });
  expect({ differences, unanswered }).toEqual({ differences: [], unanswered: [] });
  expect((await misfits(store, client)).found).toEqual([]);
});

test('P1.4: tasks that an earlier run knew come back from the record, with what the record does not tell named', async () => {
  const { store, client } = system;
  const before = await store.tasks.ofWorkflow(WORKFLOW);
  const { deletedCount } = await store.tasks.model.deleteMany({});
  expect(deletedCount).toBe(before.length);
  const { fromEvents, lost, differences } = await rebuild(store, client, { identity: testKeys.worker });
  expect({ lost, differences }).toEqual({ lost: [], differences: [] });
  expect(fromEvents.map(({ workflowId }) => workflowId)).toEqual([WORKFLOW]);
  expect(fromEvents[0]?.lacks).toContain('task.context');
  const told = ({ id, kind, status, organisation, outcome }: (typeof before)[number]) => ({
    id,
    kind,
    status,
    organisation,
    form: outcome?.form,
    by: outcome?.by.user,
  });
  const after = await eventually('all tasks', async () => {
    const tasks = await store.tasks.ofWorkflow(WORKFLOW);
    return tasks.length === before.length ? tasks : undefined;
  });
  const sorted = (tasks: typeof before) => tasks.map(told).sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(sorted(after)).toEqual(sorted(before));
}, 60_000);

test('P1.4: what somebody adds to the store of an earlier run’s tasks is found, if it looks open', async () => {
  const { store, client } = system;
  const [one] = (await store.tasks.ofWorkflow(WORKFLOW)).filter(({ status }) => status === 'completed');
  if (!one) throw new Error('no task is completed');
  await store.tasks.model.updateOne({ _id: one.id }, { $set: { status: 'open' } });
  const { differences } = await reconcile(store, client, { workflowIds: [WORKFLOW] });
  expect(differences).toMatchObject([{ workflowId: WORKFLOW, what: 'task', taskId: one.id }]);
});

test('P1.4: a task of an earlier run that the store has lost is found, although no run knows it any more', async () => {
  const { store, client } = system;
  const [one] = await store.tasks.ofWorkflow(WORKFLOW);
  if (!one) throw new Error('there is no task');
  await store.tasks.model.deleteOne({ _id: one.id });
  const { differences } = await reconcile(store, client, { workflowIds: [WORKFLOW] });
  expect(differences.map(({ taskId }) => taskId)).toContain(one.id);
});
