import type { Client } from '@temporalio/client';
import type { Activities } from '../domain/world';
import type { Policy } from '../policy/schema';
import type { Store } from '../store/connect';
import { answerObjectionsActivity } from './answer-objections';
import { sealArchiveActivity } from './archive';
import { briefingActivity } from './briefing';
import { claimDocumentNumberActivity } from './document-number';
import { objectionsActivity } from './objections';
import { poolActivity } from './pool';
import { recordActivity } from './record';
import { startPlanActivity } from './start-plan';

export interface World {
  readonly store: Store;
  readonly client: Client;
  /** The city's policy in force: what a new plan starts with. */
  readonly policy: Policy;
  /** Where workflows that activities start are run. */
  readonly taskQueue: string;
}

/** All that workflows may ask of the world. */
export function createActivities(world: World): Activities {
  const { store } = world;
  return {
    record: recordActivity(store),
    briefing: briefingActivity(store),
    objections: objectionsActivity(store),
    answerObjections: answerObjectionsActivity(store),
    sealArchive: sealArchiveActivity(store),
    claimDocumentNumber: claimDocumentNumberActivity(store),
    pool: poolActivity(store),
    startPlan: startPlanActivity(world),
  };
}
