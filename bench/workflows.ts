import {
  ApplicationFailure,
  condition,
  defineUpdate,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { Trust } from '../domain/signing/certificate';
import { Verifier, type Signature } from '../domain/signing/signature';
import { actStatement } from '../domain/signing/statements';
import { verifyInSandbox } from '../workflows/authority';

/**
 * What a decision is measured against: an Update that does nothing, and one that waits for an activity which writes
 * one document (majority, journaled). Neither knows seats, forms or a record. The last is the second one with a
 * signature over it that its validator verifies, as a decision's is: what signing costs.
 */
export const bareUpdate = defineUpdate<number, [number]>('bare');
export const writingUpdate = defineUpdate<number, [number]>('writing');
export const signedUpdate = defineUpdate<number, [number, Signature]>('signed');

const { writeOne } = proxyActivities<{ writeOne(n: number): Promise<void> }>({ startToCloseTimeout: '20s' });

/** What the bench signs for the n-th time. */
export function benchStatement(n: number, at: string) {
  const by = { user: 'bench', organisation: 'bench' };
  return actStatement('bench', { act: 'bench', form: { n }, by }, 'bench', at);
}

export async function yardstick(trust: Trust): Promise<void> {
  let count = 0;
  const verifier = new Verifier(trust, verifyInSandbox);
  const write = async (n: number): Promise<number> => {
    await writeOne(n);
    return (count += 1);
  };
  setHandler(bareUpdate, () => (count += 1));
  setHandler(writingUpdate, write);
  setHandler(signedUpdate, write, {
    validator: (n, signature) => {
      const statement = benchStatement(n, signature.at);
      const fault = verifier.fault(statement, signature, ['api'], Date.now());
      if (fault !== undefined) throw ApplicationFailure.nonRetryable(fault);
    },
  });
  await condition(() => false);
}
