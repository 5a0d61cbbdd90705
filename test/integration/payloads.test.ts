import { Client, Connection, WorkflowUpdateFailedError } from '@temporalio/client';
import type { DataConverter, Payload } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { yearToDeclare } from '../../domain/annual-plan';
import { dataConverterOf } from '../../keys/data-converter';
import { Keyring, newSymmetricKey } from '../../keys/keyring';
import { linyi } from '../../policy/linyi';
import { workflowOfTask } from '../../domain/task';
import { stepStart } from '../workflows/sample';
import { historyOf, payloadsIn, textsIn } from '../support/histories';
import { testDataConverter, testPayloadKey } from '../support/keys';
import { eventually, insist, startReal, TASK_QUEUE, taskOf, type RealSystem } from '../api/real';
import type { Person } from '../api/api';

/** Stands in what people send in this test, and nowhere else. */
const PLANTED = '样例植入语句';

let system: RealSystem;
let connection: Connection;
let housing: Person;
let neighbourhood: Person;
let project: string;
let survey: { id: string; example: Record<string, never> };

beforeAll(async () => {
  system = await startReal();
  connection = await Connection.connect({ address: system.temporal().address });
  [housing, neighbourhood] = await Promise.all([system.as('371302-housing'), system.as('371302-n1')]);
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
  await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
  const { body } = await insist(
    housing,
    'projects',
    { communityIds: ['c1'], year, name: `${PLANTED}项目` },
    'begin',
  );
  project = `project/${body.id as string}`;
  survey = await taskOf(neighbourhood, 'household-survey');
}, 120_000);

afterAll(async () => {
  await connection?.close();
  await system?.stop();
}, 60_000);

const lengthOf = async (workflowId: string): Promise<number> =>
  (await historyOf(system.client, workflowId)).events?.length ?? 0;

async function everyWorkflow(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of system.client.workflow.list()) ids.push(workflowId);
  return ids;
}

/** Until the running step has heard of it. */
function stands(still: boolean): Promise<true> {
  return eventually(`suspended: ${still}`, async () =>
    (await neighbourhood.get(`tasks/${survey.id}`)).body.suspended === still ? true : undefined,
  );
}

describe('what the engine keeps', () => {
  test('no history, memo or summary has a word of a form, an event or a refusal in the clear', async () => {
    const refused = await neighbourhood.post(`tasks/${survey.id}/completion`, {
      ...survey.example,
      answered: 9e5,
    });
    expect(refused.status).toBe(422);
    const suspension = { reason: `${PLANTED}：汛期停工` };
    await insist(housing, `projects/${project.slice(8)}/suspension`, suspension, 'stop');
    await stands(true);
    await insist(housing, `projects/${project.slice(8)}/resumption`, suspension, 'go-on');
    await stands(false);

    const ids = await eventually('the engine lists them', async () => {
      const found = await everyWorkflow();
      return found.length >= 3 ? found : undefined;
    });
    expect(ids).toContain(project);
    for (const workflowId of ids) {
      const description = await connection.workflowService.describeWorkflowExecution({
        namespace: 'default',
        execution: { workflowId },
      });
      const texts = [...textsIn(await historyOf(system.client, workflowId)), ...textsIn(description)].join(
        '\n',
      );
      expect(texts).toContain('binary/encrypted');
      for (const word of [PLANTED, '汛期', 'household-survey', 'task-assigned', '样例小区', 'json/plain {'])
        expect([workflowId, word, texts.includes(word)]).toEqual([workflowId, word, false]);
      // All that may be read are search attributes, and what the SDK itself notes of a local activity or a patch.
      expect(payloadsIn(await historyOf(system.client, workflowId)).filter(isPlain)).toEqual([]);
    }
  });

  test('why a workflow failed is told to whoever has the keys, and to nobody who reads the history', async () => {
    const workflowId = `project/${project.slice(8)}/public-notice/9`;
    const handle = await system.client.workflow.start('publicNotice', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [stepStart('public-notice', { remarks: PLANTED })],
    });
    const reason = await handle.result().then(
      () => 'nothing failed',
      (error: Error) => String((error.cause as Error | undefined)?.message),
    );
    expect(reason).not.toMatch(/nothing failed|undefined|Encoded failure/);
    const failed = (await historyOf(system.client, workflowId)).events?.at(-1);
    const { failure } = failed?.workflowExecutionFailedEventAttributes ?? {};
    expect([failure?.message, failure?.stackTrace]).toEqual(['Encoded failure', '']);
    expect(textsIn(failed).join()).not.toContain(reason);
  });

  test('with the keys, and only with them, all of it is read', async () => {
    const described = await system.client.workflow.getHandle(project).describe();
    expect(await described.staticSummary()).toContain(PLANTED);
    const stranger = new Client({
      connection,
      dataConverter: dataConverterOf(new Keyring('payload', [newSymmetricKey('payload')])),
    });
    expect(await (await stranger.workflow.getHandle(project).describe()).staticSummary()).toEqual({
      jiugai: 'undecodable',
    });
  });
});

describe('a garbage payload', () => {
  const bytes = (text: string): Buffer => Buffer.from(text);
  const GARBAGE: readonly (readonly [string, Payload])[] = [
    ['without an encoding', { data: bytes('x') }],
    ['that is no JSON', { metadata: { encoding: bytes('json/plain') }, data: bytes('{"a":') }],
    ['without data', { metadata: { encoding: bytes('json/plain') } }],
    ['of an unknown encoding', { metadata: { encoding: bytes('样例') }, data: bytes('{}') }],
    ['of an unknown key', encrypted('unknown', Buffer.alloc(64))],
    ['that only looks encrypted', encrypted(testPayloadKey.id, Buffer.alloc(64, 7))],
    ['that is null', { metadata: { encoding: bytes('binary/null') } }],
    ['that is a number', { metadata: { encoding: bytes('json/plain') }, data: bytes('7') }],
  ];

  function encrypted(keyId: string, data: Buffer): Payload {
    const encoding = Buffer.from('binary/encrypted');
    return { metadata: { encoding, 'encryption-key-id': Buffer.from(keyId) }, data };
  }

  /** Somebody past the API, with a client of their own, who sends this whatever they are asked to send. */
  function sending(payload: Payload): Client {
    const dataConverter: DataConverter = {
      ...testDataConverter,
      payloadCodecs: [
        {
          encode: async (payloads) => payloads.map(() => payload),
          decode: async (payloads) => testDataConverter.payloadCodecs?.[0]?.decode(payloads) ?? payloads,
        },
      ],
    };
    return new Client({ connection, dataConverter });
  }

  test.each(GARBAGE)('%s in an Update is refused, and leaves no trace in the history', async (_, payload) => {
    const workflowId = workflowOfTask(survey.id);
    const before = await lengthOf(workflowId);
    for (const update of ['completeTask', 'beginAct']) {
      const sent = sending(payload)
        .workflow.getHandle(workflowId)
        .executeUpdate(update, { args: ['anything'] });
      await expect(sent).rejects.toThrow(WorkflowUpdateFailedError);
    }
    expect(await lengthOf(workflowId)).toBe(before);
  });

  test('in a Signal is put aside, whichever Signal it is, and the project goes on', async () => {
    const step = workflowOfTask(survey.id);
    const signals = [
      'suspend',
      'resume',
      'turnBack',
      'briefingChanged',
      'recordAgain',
      'listing',
      'projectReady',
    ];
    for (const [, payload] of GARBAGE) {
      for (const workflowId of [project, step])
        for (const signal of signals)
          await sending(payload).workflow.getHandle(workflowId).signal(signal, 'anything');
    }
    const { status, body } = await insist(
      neighbourhood,
      `tasks/${survey.id}/completion`,
      survey.example,
      'survey',
    );
    expect([status, body]).toMatchObject([200, { task: { status: 'completed' } }]);
    await taskOf(await system.as('371302-s1'), 'needs-confirmation');
    const { body: found } = await housing.get(`projects/${project.slice(8)}`).expect(200);
    expect(found).toMatchObject({ status: 'running' });
  }, 60_000);
});

test('rotation: what the old key encrypted replays under the new one with the old beside it, and not without', async () => {
  const fresh = newSymmetricKey('payload');
  const replayed = async (keys: Keyring): Promise<void> => {
    await Worker.runReplayHistory(
      { workflowBundle: { codePath: system.bundlePath }, dataConverter: dataConverterOf(keys) },
      await historyOf(system.client, project),
      project,
    );
  };
  const rotated = new Keyring('payload', [fresh, testPayloadKey]);
  await replayed(rotated);
  await expect(replayed(new Keyring('payload', [fresh]))).rejects.toThrow();
});

function isPlain({ metadata }: Payload): boolean {
  return Buffer.from(metadata?.['encoding'] ?? []).toString() !== 'binary/encrypted';
}
