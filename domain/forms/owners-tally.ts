import { z } from 'zod';
import { tallyRefusals } from '../owners-vote';
import { refusal } from '../refusal';
import { defineTask } from '../task';
import { choice, documents, sampleDocuments } from './fields';
import { ownersMatterNames } from './names';
import { areaCount, ownerCount, ownersTally, sampleTally } from './tally';
import type { OwnersMatter } from '../../policy/keys';

const clause = 'P2.1.3';

export interface OwnersTallyContext {
  readonly community: { readonly id: string; readonly name: string };
  readonly matters: readonly {
    readonly matter: OwnersMatter;
    readonly amountFen: number;
    readonly majority: 'owners-ordinary' | 'owners-special';
  }[];
}

const TALLY = ['owners-tally'] as const;

/**
 * 业主表决统计 (民法典 278): where maintenance funds, public income or common parts are used. The counts are entered as
 * they are; whether they suffice is the law's answer, and a vote that falls short sends the plan back.
 */
export const ownersVoteTally = defineTask({
  kind: 'owners-tally',
  title: '登记业主共同决定的表决结果',
  titleEn: "Enter the tally of the owners' vote",
  step: 'public-notice',
  clause,
  seats: ['neighbourhood@neighbourhood'],
  form: ({ matters }: OwnersTallyContext) =>
    z.strictObject({
      votes: z
        .array(
          z.strictObject({
            matter: choice(
              '表决事项',
              matters.map(({ matter }) => matter),
              ownersMatterNames,
            ),
            area: areaCount(),
            owners: ownerCount(),
          }),
        )
        .max(matters.length)
        .meta({ title: '各事项表决结果' }),
      documents: documents(TALLY, { 'owners-tally': '业主表决统计' }),
    }),
  rules: ({ votes }, { matters }) => [
    ...matters
      .filter(({ matter }) => votes.filter((vote) => vote.matter === matter).length !== 1)
      .map(({ matter }) =>
        refusal(`事项 ${matter} 应有且只有一份表决结果`, `exactly one tally of ${matter}`, {
          path: 'votes',
          clause,
          basis: '民法典 278',
        }),
      ),
    ...votes.flatMap((vote, i) =>
      tallyRefusals(ownersTally(vote.matter, vote)).map((one) => ({
        ...one,
        path: `votes.${i}.${one.path ?? ''}`,
      })),
    ),
  ],
  example: ({ matters }) => ({
    votes: matters.map(({ matter }) => ({ matter, ...sampleTally() })),
    documents: sampleDocuments(TALLY),
  }),
});
