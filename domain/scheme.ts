/** What the county reviews before anything is bought: the scheme, its estimate, its formalities (P2.3.1, P2.3.2). */
import type { Body } from '../policy/keys';
import type { PolicySnapshot } from '../policy/snapshot';
import { yuan, yuanEn } from './money';
import { refusal, type Refusal } from './refusal';

/** Ordinary formalities 立项、土地、规划、环评. */
export const formalities = ['initiation', 'land', 'planning-permit', 'environmental'] as const;
export type Formality = (typeof formalities)[number];

export const formalityNames: Readonly<Record<Formality, string>> = {
  initiation: '立项审批',
  land: '用地手续',
  'planning-permit': '规划许可',
  environmental: '环境影响评价',
};

/** What takes a project out of the simplification (二(三)1). */
export interface SchemeTraits {
  readonly newConstructionLand: boolean;
  readonly newPollutantDischarge: boolean;
}

const basis = '临政办字〔2020〕81号 二(三)1';

/** The formalities that the simplification does not cover; none where neither land nor discharge is new. */
export function owedFormalities({ newConstructionLand, newPollutantDischarge }: SchemeTraits): Formality[] {
  if (!newConstructionLand && !newPollutantDischarge) return [];
  return [
    'initiation',
    ...(newConstructionLand ? (['land', 'planning-permit'] as const) : []),
    ...(newPollutantDischarge ? (['environmental'] as const) : []),
  ];
}

/** Why the list of formalities is not the one that must be done. */
export function formalityRefusals(traits: SchemeTraits, listed: readonly Formality[]): Refusal[] {
  const missing = owedFormalities(traits).filter((owed) => !listed.includes(owed));
  const twice = listed.filter((one, i) => listed.indexOf(one) !== i);
  return [
    ...missing.map((owed) =>
      refusal(
        `新增建设用地或新增污染物排放的，应办理${formalityNames[owed]}`,
        `new land or new discharge: the formality ${owed} must be listed`,
        { path: 'formalities', clause: 'P2.3.2', basis },
      ),
    ),
    ...twice.map((one) =>
      refusal(`${formalityNames[one]}重复列出`, `${one} is listed twice`, {
        path: 'formalities',
        clause: 'P2.3.2',
      }),
    ),
  ];
}

/** An estimate over the plan's budget says why; finance must agree to it (`overrunRefusals`). */
export function estimateRefusals(
  estimateFen: number,
  budgetFen: number,
  reason: string | undefined,
): Refusal[] {
  if (estimateFen === 0) {
    return [
      refusal('概算应大于零', 'the estimate must be above 0', { path: 'estimateFen', clause: 'P2.3.1' }),
    ];
  }
  if (estimateFen <= budgetFen || reason?.trim()) return [];
  return [
    refusal(
      `概算 ${yuan(estimateFen)} 超过计划预算 ${yuan(budgetFen)}，应说明理由`,
      `the estimate of ${yuanEn(estimateFen)} is over the plan's budget of ${yuanEn(budgetFen)}: say why`,
      { path: 'overBudgetReason', clause: 'P2.3.1', basis },
    ),
  ];
}

/** Finance cannot pass an estimate over the budget in silence. */
export function overrunRefusals(
  overrunFen: number,
  approves: boolean,
  agrees: boolean | undefined,
): Refusal[] {
  if (overrunFen <= 0 || !approves || agrees === true) return [];
  return [
    refusal(
      `概算超出计划预算 ${yuan(overrunFen)}，财政部门同意超出部分方可通过`,
      `the estimate is ${yuanEn(overrunFen)} over the budget: finance must agree to it or return the scheme`,
      { path: 'overrunAgreed', clause: 'P2.3.1', basis },
    ),
  ];
}

/** Bodies that policy consults on the chosen items, each with the items that concern it (P5.1.2). */
export function consultedOn(
  chosen: readonly number[],
  policy: Pick<PolicySnapshot, 'items'>,
): { body: Body; items: number[] }[] {
  const found = new Map<Body, number[]>();
  for (const item of policy.items.filter(({ no }) => chosen.includes(no))) {
    for (const body of item.consulted ?? []) found.set(body, [...(found.get(body) ?? []), item.no]);
  }
  return [...found].map(([body, items]) => ({ body, items }));
}
