import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, type Payload } from '@temporalio/common';
import { signedAct, signedDecision } from '../../api/engine/sign';
import { yearToDeclare } from '../../domain/annual-plan';
import { hashOf, type Json } from '../../domain/events';
import { workflowOfTask, type Decision, type Task } from '../../domain/task';
import { issueIdentity, newRoot, revoke, type Identity } from '../../keys/identity';
import { letterTo } from '../../keys/letters';
import { linyi } from '../../policy/linyi';
import {
  beginActUpdate,
  briefingChangedSignal,
  completeTaskUpdate,
  resumeSignal,
  suspendSignal,
  tasksQuery,
  workflowIds,
  type ActRequest,
} from '../../workflows/messages';
import { testKeys, testRoot } from '../support/keys';
import { programPath } from '../support/servers';
import { eventually, insist, startReal, taskOf, type RealSystem } from './real';
import type { Person } from './api';

/** Whoever reaches the engine's port can send what they like. These do. */
describe('past the API, with a client of the engine', () => {
  let system: RealSystem;
  let housing: Person;
  let neighbourhood: Person;
  let project: string;
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);

  beforeAll(async () => {
    system = await startReal();
    [housing, neighbourhood] = await Promise.all([system.as('371302-housing'), system.as('371302-n1')]);
    const city = await system.as('371300-housing');
    await insist(city, 'plans', { year }, 'plan');
    const { body } = await insist(housing, 'projects', { communityIds: ['c1'], year }, 'begin');
    project = body.id as string;
  }, 90_000);
  afterAll(() => system.stop(), 30_000);

  async function survey(): Promise<{ task: Task; decision: Omit<Decision, 'signature'> }> {
    const { id, example } = await taskOf(neighbourhood, 'household-survey');
    const task = (await system.store.tasks.find(id)) as Task;
    const form = example as unknown as Json;
    const by = { user: 'u-371302-n1-handler', organisation: task.organisation };
    return { task, decision: { taskId: id, form, by, bodyHash: hashOf(form) } };
  }

  /** The history's length once the workflow has done what it is about by itself. */
  async function length(workflowId: string): Promise<number> {
    const now = async (): Promise<number> =>
      (await system.client.workflow.getHandle(workflowId).describe()).historyLength;
    let before = await now();
    return eventually('the history rests', async () => {
      await new Promise((done) => setTimeout(done, 150));
      const after = await now();
      const rests = after === before;
      before = after;
      return rests ? after : undefined;
    });
  }

  /** Sends it as it is; what it was refused with, after a look at whether the history has grown. */
  async function refusalOf(
    decision: Decision | Omit<Decision, 'signature'>,
    updateId: string = randomUUID(),
  ) {
    const workflowId = workflowOfTask(decision.taskId);
    const handle = system.client.workflow.getHandle(workflowId);
    const before = await length(workflowId);
    const error: unknown = await handle
      .executeUpdate(completeTaskUpdate, { args: [decision as Decision], updateId })
      .then(
        () => 'accepted',
        (thrown: unknown) => thrown,
      );
    expect(await length(workflowId)).toBe(before);
    return codeOf(error);
  }

  function codeOf(error: unknown): string | undefined {
    if (!(error instanceof WorkflowUpdateFailedError)) return String(error);
    const { cause } = error;
    return cause instanceof ApplicationFailure ? (cause.type ?? undefined) : String(cause);
  }

  const sign = (
    task: Task,
    decision: Omit<Decision, 'signature'>,
    updateId: string,
    by: Identity = testKeys.api,
  ) => signedDecision(by, task, decision, updateId, Date.now());

  test('P1.4: a decision without a signature is refused, from a client and from the engine’s own command line', async () => {
    const { decision } = await survey();
    expect(await refusalOf(decision)).toBe('signature-invalid');
    const workflowId = workflowOfTask(decision.taskId);
    const before = await length(workflowId);
    const said = await promisify(execFile)(await programPath('temporal'), [
      ...['workflow', 'update', 'execute', '--address', system.url, '--workflow-id', workflowId],
      ...['--name', 'completeTask', '--input', JSON.stringify(decision)],
    ]).catch((error: Error & { stderr?: string }) => error.stderr ?? error.message);
    expect(said).toContain('signature');
    expect(await length(workflowId)).toBe(before);
  });

  test('P1.4: an altered form, another person, another organisation, another late reason: refused, without a trace', async () => {
    const { task, decision } = await survey();
    const updateId = randomUUID();
    const signed = sign(task, decision, updateId);
    const form = { ...(decision.form as Record<string, Json>), remarks: '另一内容' };
    expect(await refusalOf({ ...signed, form }, updateId)).toBe('signature-invalid');
    expect(await refusalOf({ ...signed, lateReason: '补正' }, updateId)).toBe('signature-invalid');
    const other = { ...decision.by, user: 'u-somebody' };
    expect(await refusalOf({ ...signed, by: other }, updateId)).toBe('signature-invalid');
    const elsewhere = { ...decision.by, organisation: '371302-s1' };
    expect(await refusalOf({ ...signed, by: elsewhere }, updateId)).toBe('not-your-seat');
  });

  test('P1.4: one signed for another task, another round, another request or another day is refused', async () => {
    const { task, decision } = await survey();
    const updateId = randomUUID();
    expect(await refusalOf(sign(task, decision, updateId), 'another-request')).toBe('signature-invalid');
    expect(await refusalOf(sign({ ...task, round: 2 }, decision, updateId), updateId)).toBe(
      'signature-invalid',
    );
    const elsewhere = { ...task, id: task.id.replace('.1.', '.2.') };
    expect(await refusalOf(sign(elsewhere, decision, updateId), updateId)).toBe('signature-invalid');
    const [day, now] = [86_400_000, Date.now()];
    const old = issueIdentity(testRoot, 'api', now - 2 * day);
    const yesterday = signedDecision(old, task, decision, updateId, now - day);
    expect(await refusalOf(yesterday, updateId)).toBe('signature-out-of-time');
  });

  test('P1.4: a key of nobody, a worker’s key and a key past its time sign nothing', async () => {
    const { task, decision } = await survey();
    const [updateId, now] = [randomUUID(), Date.now()];
    const stranger = issueIdentity(newRoot(), 'api', now);
    const expired = issueIdentity(testRoot, 'api', now - 10 * 86_400_000, 1);
    const pretender = { ...stranger, certificate: { ...testKeys.api.certificate } };
    const upgraded = {
      ...testKeys.worker,
      certificate: { ...testKeys.worker.certificate, use: 'api' as const },
    };
    for (const identity of [stranger, expired, pretender, upgraded, testKeys.worker]) {
      expect(await refusalOf(sign(task, decision, updateId, identity), updateId)).toBe('signature-invalid');
    }
  });

  test('P1.4: a revoked key signs nothing any more; a forged revocation revokes nothing; a rotated key goes on', async () => {
    const { task, decision } = await survey();
    const stolen = issueIdentity(testRoot, 'api', Date.now());
    const successor = issueIdentity(testRoot, 'api', Date.now());
    const at = new Date(Date.now() - 1_000).toISOString();
    const genuine = revoke(testRoot, stolen.certificate.keyId, at, '样例：密钥泄露');
    const forged = {
      ...revoke(newRoot(), successor.certificate.keyId, at, '样例'),
      issuer: testRoot.root.id,
    };
    for (const one of [genuine, forged]) await system.store.revocations.enter(one, new Date());
    const workflowId = workflowOfTask(task.id);
    await system.client.workflow
      .getHandle(workflowId)
      .signal(
        briefingChangedSignal,
        letterTo(workflowId, briefingChangedSignal, null, { identity: testKeys.api, now: Date.now() }),
      );
    // A form that does not fit is refused after its signature, so that nothing is decided here.
    const wrong = { ...decision, form: {} };
    const updateId = randomUUID();
    await eventually('the revocation is known', async () => {
      const handle = system.client.workflow.getHandle(workflowId);
      const args: [Decision] = [sign(task, wrong, updateId, stolen)];
      const code = await handle.executeUpdate(completeTaskUpdate, { args, updateId }).catch(codeOf);
      return code === 'signature-invalid' ? true : undefined;
    });
    expect(await refusalOf(sign(task, wrong, updateId, stolen), updateId)).toBe('signature-invalid');
    expect(await refusalOf(sign(task, wrong, updateId, successor), updateId)).toBe('invalid-request');
  });

  test('P1.4: a Signal that nobody entitled has signed is put aside, and a signed one counts once', async () => {
    const { task } = await survey();
    const workflowId = workflowOfTask(task.id);
    const handle = system.client.workflow.getHandle(workflowId);
    const stop = { reason: '样例：伪造', at: new Date().toISOString() };
    const from = (identity: Identity) => ({ identity, now: Date.now() });
    await handle.signal('suspend', stop);
    await handle.signal('suspend', 'garbage');
    await handle.signal(suspendSignal, letterTo(workflowId, suspendSignal, stop, from(testKeys.api)));
    const toAnother = letterTo('project/another', suspendSignal, stop, from(testKeys.worker));
    await handle.signal(suspendSignal, toAnother);
    const suspended = async (): Promise<boolean> =>
      (await handle.query(tasksQuery)).some((one) => one.suspended);
    expect(await suspended()).toBe(false);

    const genuine = letterTo(workflowId, suspendSignal, stop, from(testKeys.worker));
    await handle.signal(suspendSignal, genuine);
    await eventually('it is suspended', async () => ((await suspended()) ? true : undefined));
    await handle.signal(resumeSignal, letterTo(workflowId, resumeSignal, stop, from(testKeys.worker)));
    await eventually('it goes on', async () => ((await suspended()) ? undefined : true));
    await handle.signal(suspendSignal, genuine);
    expect(await suspended()).toBe(false);
  });

  test('P1.4: a step or project that somebody else starts ends at once, records nothing, and its id stays free', async () => {
    const id = `${project}/scheme-review/1`;
    const workflowId = `project/${id}`;
    const { taskQueue } = await system.client.workflow.getHandle(workflowIds.project(project)).describe();
    const history = await system.client.workflow
      .getHandle(`project/${project}/needs-collection/1`)
      .fetchHistory();
    const sent = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    const { payloadCodecs, payloadConverter } = system.client.options.loadedDataConverter;
    let plain = sent as Payload[];
    for (const codec of payloadCodecs) plain = await codec.decode(plain);
    const [start, seal] = plain.map((one) => payloadConverter.fromPayload<unknown>(one));
    const garbage = [[], ['garbage'], [{ city: {} }, seal], [{ city: '371300' }, 7]];
    for (const args of [[start], [start, seal], ...garbage]) {
      await system.client.workflow.start('schemeReview', { workflowId, taskQueue, args });
      const { cause } = await system.client.workflow
        .getHandle(workflowId)
        .result()
        .catch((error: Error) => error as Error & { cause: ApplicationFailure });
      expect((cause as ApplicationFailure).type).toBe('signature-invalid');
    }
    expect(await system.store.events.ofWorkflow(workflowId)).toEqual([]);
  });

  test('P1.4: an act captured on its way and sent again under another key is refused', async () => {
    const workflowId = workflowIds.project(project);
    const form = { reason: '样例：汛期' };
    const request = {
      act: 'suspension',
      form,
      by: { user: 'u-371302-housing-handler', organisation: '371302-housing' },
      bodyHash: hashOf(form),
    };
    const updateId = randomUUID();
    const captured = signedAct(testKeys.api, workflowId, request, updateId, Date.now());
    const handle = system.client.workflow.getHandle(workflowId);
    const begin = (of: ActRequest, under: string) =>
      handle.executeUpdate(beginActUpdate, { args: [of], updateId: under }).then(() => 'accepted', codeOf);
    expect(await begin({ ...captured, signature: undefined as never }, updateId)).toBe('signature-invalid');
    expect(await begin(captured, 'replayed-first')).toBe('signature-invalid');
    expect(await begin(captured, updateId)).toBe('accepted');
    await eventually('it is resumed', async () => {
      const { status } = await housing.post(`projects/${project}/resumption`, { reason: '样例：汛期结束' });
      return status === 201 ? true : undefined;
    });
    expect(await begin(captured, 'replayed')).toBe('signature-invalid');
    // The very same request again is the first one's answer, not a second act.
    expect(await begin(captured, updateId)).toBe('accepted');
    const acts = await system.store.events.model.countDocuments({ type: 'suspension-begun' });
    expect(acts).toBe(1);
  });

  test('P1.4: what the API has signed for the person counts, once, and its event holds the signature', async () => {
    const { task, decision } = await survey();
    const updateId = randomUUID();
    const handle = system.client.workflow.getHandle(workflowOfTask(task.id));
    await eventually('it goes on', async () =>
      (await handle.query(tasksQuery)).some(({ suspended }) => suspended) ? undefined : true,
    );
    const signed = sign(task, decision, updateId);
    await handle.executeUpdate(completeTaskUpdate, { args: [signed], updateId });
    expect(await refusalOf(signed, 'replayed')).toBe('task-not-open');
    const event = await eventually('its event', () => system.store.events.ofUpdate(updateId));
    expect(event.signature).toEqual({ ...signed.signature, seat: expect.stringContaining('@') });
  });
});
