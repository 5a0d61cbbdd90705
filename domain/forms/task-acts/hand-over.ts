import { z } from 'zod';
import { stateOf, withSuccessor } from '../../co-signing';
import { defineTaskAct, violated } from '../../task-act';
import type { Task } from '../../task';
import { prose } from '../fields';
import { otherPerson, userId } from './fields';

/**
 * 离岗移交: whatever waits for somebody who leaves waits for their successor: what they have taken, what they have delegated or
 * must answer as a delegate, and what they are to co-sign. The security administrator does it in their stead (`by.for`);
 * that both belong to one organisation, only the API knows.
 */
export const handOver = defineTaskAct({
  act: 'hand-over',
  event: 'task-handed-over',
  title: '离岗移交',
  titleEn: 'Hand over',
  clause: 'P1.4',
  byAdministrator: true,
  form: z.strictObject({ user: userId('移交给'), reason: prose('原因', 2000) }),
  may: (task, by) => (by.for !== undefined && waitsFor(task, by.for) ? undefined : violated(NOTHING_WAITS)),
  rules: ({ user }, task, by) => otherPerson(user, task, by),
  example: () => undefined,
  apply: (task, { user }, { for: leaver = '' }) => {
    const { holder, delegation, coSigning, ...rest } = task;
    const next = (one: string): string => (one === leaver ? user : one);
    const delegated = delegation && {
      ...delegation,
      by: next(delegation.by),
      // An answer is a fact: it stays whose it was.
      to: delegation.answer ? delegation.to : next(delegation.to),
    };
    return {
      ...rest,
      ...(holder === undefined ? {} : { holder: next(holder) }),
      // Who would have to answer themselves has it back.
      ...(delegated && (delegated.answer || delegated.by !== delegated.to) ? { delegation: delegated } : {}),
      ...(coSigning ? { coSigning: withSuccessor(coSigning, leaver, user) } : {}),
    };
  },
});

const NOTHING_WAITS = { zh: '该待办不在此人手中', en: 'Nothing of it waits for them' };

type Hands = Pick<Task, 'holder' | 'delegation' | 'coSigning' | 'organisation'>;

function waitsFor(task: Hands, user: string): boolean {
  return partOf(task, user) !== undefined;
}

/** Which part somebody has in a task, and in which organisation; nothing where it does not wait for them. */
export function partOf(
  { holder, delegation, coSigning, organisation }: Hands,
  user: string,
): { readonly as: 'holder' | 'delegate' | 'co-signer'; readonly organisation: string } | undefined {
  if (holder === user || delegation?.by === user) return { as: 'holder', organisation };
  if (delegation && !delegation.answer && delegation.to === user) return { as: 'delegate', organisation };
  if (!coSigning || stateOf(coSigning) === 'met') return undefined;
  const next = withSuccessor(coSigning, user, '').signers;
  const signer = coSigning.signers.find((one, i) => one !== next[i]);
  return signer && { as: 'co-signer', organisation: signer.organisation };
}
