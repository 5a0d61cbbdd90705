import { sleep } from '@temporalio/workflow';
import { policyMove, type PolicyMoveForm } from '../domain/forms/policy-move';
import { contentOf } from '../domain/signing/statements';
import type { Step } from '../policy/keys';
import type { ActDesk } from './acts';
import { policyMovedSignal, type PolicyMove } from './messages';
import { outside } from './outside';
import type { RecordKeeper } from './record-keeper';
import type { Workplace } from './workplace';

/** What moving to another version of the policy needs to know of a project. */
export interface Movable {
  readonly place: Workplace;
  readonly keeper: RecordKeeper;
  readonly acts: ActDesk;
  /** Steps under way, with the workflow that runs each. */
  running(): ReadonlyMap<Step, string>;
}

const AGAIN_MS = 5_000;

/**
 * Lets a running project go on under another version of the policy. The version is read from the store and counts only
 * if it is what the act, signed, has named. Whatever starts from now on starts under it; steps under way are told, and
 * compute their due dates and seats anew.
 */
export function acceptPolicyMoves({ place, keeper, acts, running }: Movable): void {
  let before: Promise<void> = Promise.resolve();
  acts.accept(
    policyMove,
    () => ({ version: place.policy.version }),
    (form) => {
      // One after the other: the last that was asked for is the one that stays.
      const moved = before.then(() => move(form));
      before = moved.catch(() => undefined);
      place.spawn(() => moved);
    },
    { whenSuspended: true },
  );

  async function move({ version, sha256, reason }: PolicyMoveForm): Promise<void> {
    const from = place.policy;
    const policy = await outside.policyVersion({ id: from.id, version });
    if (!policy || contentOf(policy) !== sha256) {
      keeper.tell({ type: 'policy-move-failed', reason: '该版政策与所签内容不符', data: { version } });
      return;
    }
    place.takePolicy(policy);
    keeper.tell({ type: 'policy-moved', reason, data: { from: from.version, to: version } });
    await Promise.all([...running()].map(([step, to]) => tell(step, to, { policy, reason })));
  }

  /** A step that is only about to start does not hear yet; one that has ended need not. */
  async function tell(step: Step, to: string, content: PolicyMove): Promise<void> {
    while (running().get(step) === to) {
      const [delivered] = await place.post.send([{ to, signal: policyMovedSignal, content }]);
      if (delivered) return;
      await sleep(AGAIN_MS);
    }
  }
}
