import { resolve } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { bundleForReplay, replay } from '../../bin/predeploy/replay';
import { FAILURE_CONVERTER } from '../../keys/data-converter';
import { recordedHistories } from '../support/recorded-histories';
import { Dice } from '../faults/dice';
import { seenTogether, silentTasks, WRITTEN } from '../support/silent-tasks';

const IN_THE_CLEAR = { failureConverterPath: FAILURE_CONVERTER };
const CACHE = resolve(__dirname, '../../.data/cache');

/** Lives that earlier code has led: `npm run histories` records them, a change of replayed code must not lead them elsewhere. */
const recorded = recordedHistories();

/** Every step of a life in its order, and what belongs to a year. */
const DONE = [
  'needsCollection',
  'preliminaryPlan',
  'publicNotice',
  'municipalApproval',
  'jointDocument',
  'schemeReview',
  'tendering',
  'construction',
  'completionAcceptance',
  'finalAccounts',
  'archiving',
  'handover',
  'propertyManagement',
  'consent',
];

test('P1.4: lives that earlier code has led go on under this code, and tell their past as they told it', async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const codePath = await bundleForReplay({ cacheDir: CACHE });
  const histories = recorded.map(({ workflowId, history }) => ({ workflowId, history }));
  const { replayed, broken } = await replay(codePath, IN_THE_CLEAR, histories);
  expect(broken).toEqual([]);
  expect(replayed).toBe(recorded.length);
}, 150_000);

test('among them is every step done, a step turned back, and a project at each of its ends', () => {
  const names = recorded.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(DONE.map((type) => `${type}.step-done.first`)));
  for (const end of ['completed', 'withdrawn', 'rejected', 'cancelled', 'residents-declined']) {
    expect(names).toContain(`renovationProject.${end}.first`);
  }
  expect(names.filter((name) => name.includes('.step-turned-back.')).length).toBeGreaterThan(0);
});

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test('P5.1.2: their tasks that left no event saw only that the record was written', () => {
  const others = recorded.flatMap(({ name, history }) =>
    silentTasks(history)
      .filter(({ saw }) => saw.some((sight) => sight !== WRITTEN))
      .map((task) => `${name}: ${JSON.stringify(task)}`),
  );
  expect(others).toEqual([]);
});

test.each(['all', 'some'])(
  'P5.1.2: had they heard of %s writes only together with what came next, as after a crash, they had done and told the same',
  async (which) => {
    process.stdout.write(`SEED=${SEED}\n`);
    const dice = new Dice(SEED);
    const lives = recorded.flatMap(({ workflowId, history }) => {
      const together = silentTasks(history).filter(() => which === 'all' || dice.next() < 0.5);
      return together.length === 0 ? [] : [{ workflowId, history: seenTogether(history, together) }];
    });
    expect(lives.length).toBeGreaterThan(which === 'all' ? 15 : 5);
    const codePath = await bundleForReplay({ cacheDir: CACHE });
    expect(await replay(codePath, IN_THE_CLEAR, lives)).toEqual({ replayed: lives.length, broken: [] });
  },
  150_000,
);
