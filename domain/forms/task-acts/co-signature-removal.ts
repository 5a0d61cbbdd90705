import { z } from 'zod';
import { stateOf, withoutSigners, type CoSigner } from '../../co-signing';
import { refusal } from '../../refusal';
import { defineTaskAct, notTheirs, violated } from '../../task-act';
import type { Task } from '../../task';
import { prose } from '../fields';
import { signer } from './co-signature';

/** 减签: who has not signed, or refused, need not any more. Who has agreed stays. */
export const coSignatureRemoval = defineTaskAct({
  act: 'co-signature-removal',
  event: 'task-co-signers-removed',
  title: '减签',
  titleEn: 'Remove co-signers',
  clause: 'P1.4',
  form: z.strictObject({
    signers: z.array(signer).min(1).max(20).meta({ title: '移除' }),
    reason: prose('原因', 2000),
  }),
  may: (task, by) => {
    if (!task.coSigning || stateOf(task.coSigning) === 'met') return violated(NONE);
    return notTheirs(task, by);
  },
  rules: ({ signers }, task) =>
    signers.flatMap((who, i) =>
      removable(task).some(({ organisation, user }) => organisation === who.organisation && user === who.user)
        ? []
        : [refusal('不在待加签人之列', 'No co-signer who could be removed', { path: `signers.${i}` })],
    ),
  example: (task) => {
    const [first] = removable(task);
    if (!first) return undefined;
    const { organisation, user } = first;
    return {
      signers: [{ organisation, ...(user === undefined ? {} : { user }) }],
      reason: '样例：加签人外出',
    };
  },
  apply: (task, { signers }) =>
    task.coSigning ? { ...task, coSigning: withoutSigners(task.coSigning, signers) } : task,
});

function removable({ coSigning }: Task): readonly CoSigner[] {
  const stays: readonly CoSigner['state'][] = ['agreed', 'removed'];
  return coSigning?.signers.filter(({ state }) => !stays.includes(state)) ?? [];
}

const NONE = { zh: '没有待办的加签', en: 'There is no co-signing that could be changed' };
