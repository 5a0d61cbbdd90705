import type { Client } from '@temporalio/client';
import { join } from 'node:path';
import { REPOSITORY } from '../../bin/configuration';
import { bundleForReplay, replay, type Life } from '../../bin/predeploy/replay';
import { sentenceOf } from '../../bin/reconcile';
import { verifyRecord } from '../../bin/record/verify';
import { faultText } from '../../domain/record/fault';
import { readRootsOfAllTimes } from '../../keys/folder';
import { reconcile } from '../../worker/reconcile/reconcile';
import type { Fleet } from '../fleet';
import type { Sender } from '../people/sender';
import { weigh, wrongAnswers, type Weighed } from './decisions';
import { stuckWorkflows } from './stuck';

/** Something that must not be, by the promise that it breaks. */
export interface Finding {
  readonly promise: string;
  readonly what: string;
}

export interface Checked {
  readonly findings: readonly Finding[];
  readonly weighed: Omit<Weighed, 'findings'>;
  readonly figures: {
    readonly workflows: number;
    readonly events: number;
    readonly signatures: number;
    readonly reconciled: number;
    readonly replayed: number;
  };
}

/** Every promise, when all is quiet. */
export async function checkAll(fleet: Fleet, sender: Sender): Promise<Checked> {
  const { store, client, keysDir } = fleet;
  const findings: Finding[] = [];
  const note = (promise: string, all: readonly string[]): void => {
    findings.push(...all.map((what) => ({ promise, what })));
  };
  note('what is answered is true at once', [...sender.lies, ...wrongAnswers(sender.intentions)]);
  const { findings: misweighed, ...weighed } = await weigh(store, sender.intentions);
  note('an answered decision is in the record once, an unanswered one at most once', misweighed);

  const verified = await verifyRecord(store, { roots: readRootsOfAllTimes(keysDir), client });
  note(
    'chains and signatures verify, and the record is what the workflows hold',
    verified.faults.map(faultText),
  );

  const compared = await reconcile(store, client);
  note('projections equal what the workflows say', compared.differences.map(sentenceOf));
  note(
    'every workflow answers',
    compared.unanswered.map(({ workflowId, reason }) => `${workflowId}: ${reason}`),
  );

  const alerts = await store.alerts.standing(1_000);
  note(
    'nobody is alarmed',
    alerts.map(({ kind, workflowId, detail }) => `${kind} ${workflowId}: ${detail}`),
  );
  note('no workflow is stuck', await stuckWorkflows(store, client));

  const codePath = await bundleForReplay({ cacheDir: join(REPOSITORY, '.data/cache') });
  const { replayed, broken } = await replay(codePath, client.options.dataConverter ?? {}, allLives(fleet));
  note(
    'what is told on replay is what was told',
    broken.map(({ workflowId, reason }) => `${workflowId}: ${reason}`),
  );
  const { workflows, events, signatures } = verified;
  return {
    findings,
    weighed,
    figures: { workflows, events, signatures, reconciled: compared.compared, replayed },
  };
}

/** Of every workflow that the record knows, open or ended, one at a time. */
async function* allLives({ store, client }: Pick<Fleet, 'store' | 'client'>): AsyncIterable<Life> {
  for await (const { _id: workflowId } of store.heads.each()) {
    const history = await historyOf(client, workflowId);
    if (history) yield { workflowId, history };
  }
}

async function historyOf(client: Client, workflowId: string): Promise<Life['history'] | undefined> {
  // One that is not there any more is found when the record is held against the engine.
  return client.workflow
    .getHandle(workflowId)
    .fetchHistory()
    .catch(() => undefined);
}
