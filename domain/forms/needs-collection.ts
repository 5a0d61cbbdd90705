import { z } from 'zod';
import type { ManagementMode } from '../outputs';
import { refusal, type Refusal } from '../refusal';
import { surveyRefusals, surveyResult } from '../survey';
import { defineTask } from '../task';
import { choice, count, documents, fen, prose, sampleDocuments, yesNo } from './fields';
import { managementModeNames } from './names';
import type { PolicySnapshot, SnapshotItem } from '../../policy/snapshot';

const clause = 'P2.1.1';
const SURVEY_DOCUMENTS = ['survey-summary'] as const;

export const MANAGEMENT_MODES = ['professional', 'subdistrict', 'neighbourhood'] as const;

/** An item of annex 2, as a person chooses it. */
export type ItemChoice = Pick<SnapshotItem, 'no' | 'class' | 'name'>;

export interface SurveyContext {
  readonly community: { readonly id: string; readonly name: string; readonly households: number };
  readonly items: readonly ItemChoice[];
  readonly policy: Pick<PolicySnapshot, 'ratios'>;
  /** Counts so far, where an earlier survey with low turnout is extended. */
  readonly extends?: { readonly answered: number; readonly agreeing: number };
  /** Why it is asked again. */
  readonly remarks?: string;
}

/** How many households want an item, how many would pay and what together, which management they wish. */
export interface Wishes {
  readonly wishes: readonly { readonly no: number; readonly households: number }[];
  readonly contribution: { readonly households: number; readonly amountFen: number };
  readonly modes: Readonly<Record<ManagementMode, number>>;
}

const itemNo = (items: readonly ItemChoice[]) =>
  z.literal(items.map(({ no }) => no)).meta({ title: '改造内容' });

const no = (path: string, message: string, messageEn: string, of = clause): Refusal =>
  refusal(message, messageEn, { path, clause: of });

/**
 * 入户调查 (P2.1.1): wish, items, contribution and management mode of one community's households, as counts. The
 * register's households are the denominator, whoever answered.
 */
export const householdSurvey = defineTask({
  kind: 'household-survey',
  title: '入户调查，征集改造需求',
  titleEn: 'Survey the households',
  step: 'needs-collection',
  clause,
  seats: ['neighbourhood@neighbourhood', 'owners-committee@neighbourhood'],
  form: ({ items }: SurveyContext) =>
    z.strictObject({
      answered: count('参与调查户数'),
      agreeing: count('同意改造户数'),
      wishes: z
        .array(z.strictObject({ no: itemNo(items), households: count('希望改造的户数') }))
        .max(items.length)
        .meta({ title: '希望改造的内容' }),
      contribution: z
        .strictObject({ households: count('愿意出资户数'), amountFen: fen('愿意出资总额') })
        .meta({ title: '居民出资意愿' }),
      modes: z
        .strictObject({
          professional: count('选择专业化物业管理的户数'),
          subdistrict: count('选择街道统一管理的户数'),
          neighbourhood: count('选择社区统一管理的户数'),
        })
        .meta({ title: '改造后的物业管理模式' }),
      whenLow: choice('参与率不足时', ['extend', 'repeat'], {
        extend: '延长调查',
        repeat: '重新调查',
      }).optional(),
      documents: documents(SURVEY_DOCUMENTS, { 'survey-summary': '入户调查汇总表' }),
    }),
  rules: (form, context) => {
    const { households } = context.community;
    const counts = surveyRefusals({ households, answered: form.answered, agreeing: form.agreeing });
    return counts.length > 0 ? counts : [...wishRefusals(form), ...turnoutRefusals(form, context)];
  },
  example: ({ community: { households }, items, policy }) => {
    const { numerator, denominator } = policy.ratios['survey-agreeing'];
    const wanted = items.filter((item) => item.class === 'basic' || item.no === 24);
    return {
      answered: households,
      agreeing: Math.max(
        Math.ceil((households * numerator) / denominator),
        households - Math.floor(households / 10),
      ),
      wishes: wanted.map(({ no }) => ({ no, households })),
      contribution: {
        households: Math.floor(households / 2),
        amountFen: Math.floor(households / 2) * 50_000,
      },
      modes: { professional: households, subdistrict: 0, neighbourhood: 0 },
      documents: sampleDocuments(SURVEY_DOCUMENTS),
    };
  },
});

function wishRefusals({ answered, wishes, contribution, modes }: Wishes & { answered: number }): Refusal[] {
  const numbers = wishes.map((wish) => wish.no);
  const more = (path: string) => no(path, '户数多于参与户数', 'more households than answered');
  const chosen = MANAGEMENT_MODES.reduce((sum, mode) => sum + modes[mode], 0);
  return [
    ...wishes.flatMap((wish, i) => [
      ...(numbers.indexOf(wish.no) === i
        ? []
        : [no(`wishes.${i}.no`, `第 ${wish.no} 项重复`, `item ${wish.no} is there twice`, 'P1.2')]),
      ...(wish.households <= answered ? [] : [more(`wishes.${i}.households`)]),
    ]),
    ...(contribution.households <= answered ? [] : [more('contribution.households')]),
    ...(chosen <= answered ? [] : [more('modes')]),
  ];
}

function turnoutRefusals(
  form: { answered: number; agreeing: number; whenLow?: string | undefined },
  { community, policy, extends: before }: SurveyContext,
): Refusal[] {
  const found =
    before && form.answered < before.answered
      ? [
          no(
            'answered',
            `延长调查应累计计数，不少于此前的 ${before.answered} 户`,
            `an extended survey adds to the ${before.answered} households counted before`,
          ),
        ]
      : [];
  const { outcome } = surveyResult({ households: community.households, ...form }, policy);
  if (outcome === 'low-turnout' && form.whenLow === undefined)
    found.push(
      no(
        'whenLow',
        '参与率不足，应选择延长调查或重新调查',
        'the turnout is too low: choose whether to extend the survey or to repeat it',
      ),
    );
  return found;
}

export interface NeedsConfirmationContext {
  readonly community: { readonly id: string; readonly name: string; readonly households: number };
  readonly survey: Wishes & { readonly answered: number; readonly agreeing: number };
  readonly items: readonly ItemChoice[];
}

/** 确定改造项目清单 (P2.1.1): the subdistrict confirms items and management mode, or has the survey done again. */
export const needsConfirmation = defineTask({
  kind: 'needs-confirmation',
  title: '确定改造项目清单和物业管理模式',
  titleEn: 'Confirm the list of items and the management mode',
  step: 'needs-collection',
  clause,
  seats: ['subdistrict@subdistrict'],
  form: ({ items }: NeedsConfirmationContext) =>
    z.strictObject({
      confirmed: yesNo('调查属实，予以确认'),
      items: z.array(itemNo(items)).max(items.length).optional().meta({ title: '改造项目清单' }),
      managementMode: choice('物业管理模式', MANAGEMENT_MODES, managementModeNames).optional(),
      remarks: prose('不予确认的理由').optional(),
    }),
  rules: ({ confirmed, items, managementMode, remarks }) => {
    if (!confirmed)
      return remarks ? [] : [no('remarks', '请说明不予确认的理由', 'say why it is not confirmed')];
    const found: Refusal[] = [];
    if (!items?.length) found.push(no('items', '请确定改造项目清单', 'the list of items is needed'));
    else if (new Set(items).size < items.length)
      found.push(no('items', '改造项目重复', 'an item is there twice', 'P1.2'));
    if (managementMode === undefined)
      found.push(
        refusal('请确定改造后的物业管理模式', 'the management mode is needed', {
          path: 'managementMode',
          clause,
          basis: '临政办字〔2020〕81号 二(一)1',
        }),
      );
    return found;
  },
  example: ({ survey, items }) => ({
    confirmed: true,
    items:
      survey.wishes.length > 0 ? survey.wishes.map((wish) => wish.no) : items.slice(0, 1).map(({ no }) => no),
    managementMode: 'professional' as const,
  }),
});
