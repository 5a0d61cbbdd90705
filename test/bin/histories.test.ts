import { resolve } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { replay } from '../../bin/predeploy/replay';
import { FAILURE_CONVERTER } from '../../keys/data-converter';
import { bundleWorkflows } from '../../worker/bundle';
import { recordedHistories } from '../support/recorded-histories';

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

test('P1.4: lives that earlier code has led go on under this code', async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const codePath = await bundleWorkflows({ cacheDir: resolve(__dirname, '../../.data/cache') });
  const histories = recorded.map(({ workflowId, history }) => ({ workflowId, history }));
  const { replayed, broken } = await replay(
    codePath,
    { failureConverterPath: FAILURE_CONVERTER },
    histories as never,
  );
  expect(broken).toEqual([]);
  expect(replayed).toBe(recorded.length);
}, 150_000);

test('among them is every step done, a step turned back, and a project completed, one withdrawn, one rejected', () => {
  const names = recorded.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(DONE.map((type) => `${type}.step-done.first`)));
  for (const end of ['completed', 'withdrawn', 'rejected']) {
    expect(names).toContain(`renovationProject.${end}.first`);
  }
  expect(names.filter((name) => name.includes('.step-turned-back.')).length).toBeGreaterThan(0);
});
