import { z } from 'zod';
import { personsOf } from '../../actor';
import { stateOf } from '../../co-signing';
import { refusal, type Refusal } from '../../refusal';
import { defineTaskAct, notTheirsToGive, violated } from '../../task-act';
import { choice, organisationId, prose } from '../fields';
import { submitted, userId } from './fields';

export const signer = z.strictObject({
  organisation: organisationId('加签'),
  user: userId('加签人').optional(),
});

const form = z.strictObject({
  when: choice('加签时机', ['before', 'beside', 'after'], {
    before: '前加签：先由其签署',
    beside: '并加签：同时签署',
    after: '后加签：办理后由其签署',
  }),
  rule: choice('加签方式', ['all-of', 'any-of', 'in-sequence'], {
    'all-of': '会签：全部签署',
    'any-of': '或签：一人签署即可',
    'in-sequence': '依次签署',
  }),
  signers: z.array(signer).min(1).max(20).meta({ title: '加签人' }),
  question: prose('请加签人说明', 2000),
});

/** 加签: others sign too; the decision is in force only when the rule is met. One co-signing at a time. */
export const coSignature = defineTaskAct({
  act: 'co-signature',
  event: 'task-co-signature-asked',
  title: '加签',
  titleEn: 'Co-sign',
  clause: 'P1.4',
  form,
  may: (task, by) => {
    if (task.kind === 'co-signature') return violated(NOT_AGAIN);
    if (task.coSigning && stateOf(task.coSigning) === 'waiting') return violated(ASKED);
    return notTheirsToGive(task, by);
  },
  rules: ({ signers }, task, by, { known }) =>
    signers.flatMap(({ organisation, user }, i): Refusal[] => {
      const path = `signers.${i}`;
      const twice = signers.findIndex((one) => one.organisation === organisation && one.user === user) < i;
      if (twice) return [refusal('加签人重复', 'Named twice', { path })];
      if (!known.includes(organisation)) {
        return [refusal('没有此单位', 'There is no such organisation here', { path })];
      }
      // They could never sign, and the decision would wait for them for ever.
      if (user !== undefined && task.notBy.includes(user)) return [submitted(path)];
      if (organisation !== task.organisation) return [];
      return user === undefined || personsOf(by).includes(user) ? [ownSelf(path)] : [];
    }),
  example: (task, { colleague }) =>
    colleague === undefined
      ? undefined
      : {
          when: 'before' as const,
          rule: 'all-of' as const,
          signers: [{ organisation: task.organisation, user: colleague }],
          question: '样例：请核对造价',
        },
  apply: (task, { when, rule, signers, question }) => ({
    ...task,
    coSigning: { when, rule, question, signers: signers.map((one) => ({ ...one, state: 'waiting' })) },
  }),
});

function ownSelf(path: string): Refusal {
  return refusal('本单位加签须指定本人以外的人员', 'Of your own organisation name another person', { path });
}

const NOT_AGAIN = { zh: '加签事项不能再加签', en: 'A co-signature is not co-signed itself' };
const ASKED = { zh: '正在加签，须先办结或移除', en: 'It is being co-signed; that must end first' };
