import type { Client } from '@temporalio/client';
import type { Activities } from '../domain/world';
import type { Root } from '../domain/signing/certificate';
import type { Identity } from '../keys/identity';
import type { Policy } from '../policy/schema';
import type { Store } from '../store/connect';
import { answerObjectionsActivity } from './answer-objections';
import { sealArchiveActivity } from './archive';
import { briefingActivity } from './briefing';
import { claimDocumentNumberActivity } from './document-number';
import { layToRestActivity } from './lay-to-rest';
import { objectionsActivity } from './objections';
import { policyVersionActivity } from './policy-version';
import { poolActivity } from './pool';
import { recordActivity } from './record';
import { signActivity } from './sign';
import { startPlanActivity } from './start-plan';

export interface World {
  readonly store: Store;
  readonly client: Client;
  /** The city's policy in force: what a new plan starts with. */
  readonly policy: Policy;
  /** Where workflows that activities start are run. */
  readonly taskQueue: string;
  /** The workers' signing key. */
  readonly identity: Identity;
  /** Whom workflows shall believe. */
  readonly roots: readonly Root[];
}

/** All that workflows may ask of the world. */
export function createActivities(world: World): Activities {
  const { store } = world;
  return {
    record: recordActivity(store),
    briefing: briefingActivity(store, world.roots),
    layToRest: layToRestActivity(store),
    objections: objectionsActivity(store),
    answerObjections: answerObjectionsActivity(store),
    sealArchive: sealArchiveActivity(store),
    claimDocumentNumber: claimDocumentNumberActivity(store),
    pool: poolActivity(store),
    policyVersion: policyVersionActivity(store, world.policy),
    startPlan: startPlanActivity(world),
    sign: signActivity(world.identity),
  };
}
