/**
 * What the system does by itself on certain days: the Schedules that the worker makes in the engine, by their ids
 * there, as officers call them.
 */
export const SCHEDULES = {
  'annual-plan': {
    title: '开启次年度改造计划',
    titleEn: 'Opening the plan of the next year',
    does: '每年 1 月 1 日 9:00 开启次年度改造计划，各县区随即可以申报；该年度计划已开启的，不重复开启。停机期间错过的，恢复后补办。',
    doesEn:
      'On 1 January at 9:00 it opens the plan of the next year, and counties may submit; a plan that is open already is left alone. What was missed while the system was down is caught up with.',
    clause: 'P2.1.4',
  },
} as const satisfies Record<string, ScheduleText>;

interface ScheduleText {
  readonly title: string;
  readonly titleEn: string;
  readonly does: string;
  readonly doesEn: string;
  readonly clause: string;
}

export type ScheduleId = keyof typeof SCHEDULES;

export function isScheduleId(id: string): id is ScheduleId {
  return Object.hasOwn(SCHEDULES, id);
}
