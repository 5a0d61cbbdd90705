import type { Step } from '../../policy/keys';
import type { ProjectEnd } from '../node';

/** Where an outcome leads: steps that open (the same one: its next round), or the project's end. */
export interface Outcome {
  /** Stable name. */
  readonly outcome: string;
  readonly title: string;
  readonly steps?: readonly Step[];
  readonly end?: ProjectEnd;
  readonly clause: string;
}

/**
 * How each step can end, as the walk of `workflows/project.ts` goes on from there; the first is the ordinary one. Returns
 * that people may order besides are the policy's (`returnRights`).
 */
export const OUTCOMES: Readonly<Record<Step, readonly [Outcome, ...Outcome[]]>> = {
  'needs-collection': [
    {
      outcome: 'agreed',
      title: '同意改造达到比例，编制初步方案',
      steps: ['preliminary-plan'],
      clause: 'P2.1.1',
    },
    {
      outcome: 'declined',
      title: '同意改造未达到比例，项目终止',
      end: 'residents-declined',
      clause: 'P2.1.1',
    },
  ],
  'preliminary-plan': [
    { outcome: 'planned', title: '方案编成，公示', steps: ['public-notice'], clause: 'P2.1.2' },
    {
      outcome: 'unchanged',
      title: '修改不涉及已公示的主要内容，直接提报',
      steps: ['county-submission'],
      clause: 'P2.1.3',
    },
  ],
  'public-notice': [
    {
      outcome: 'settled',
      title: '公示期满、意见已答复，提报县区',
      steps: ['county-submission'],
      clause: 'P2.1.3',
    },
    {
      outcome: 'adjusted',
      title: '采纳意见或业主表决未通过，调整方案',
      steps: ['preliminary-plan'],
      clause: 'P2.1.3',
    },
  ],
  'county-submission': [
    { outcome: 'submitted', title: '县区提报，进入联合审查', steps: ['joint-review'], clause: 'P2.1.4' },
    {
      outcome: 'missed',
      title: '未列入本年度提报，转入下一年度',
      steps: ['county-submission'],
      clause: 'P2.1.4',
    },
  ],
  'joint-review': [
    { outcome: 'approved', title: '审查通过，报市政府同意', steps: ['municipal-approval'], clause: 'P2.2.1' },
    { outcome: 'corrected', title: '退回修改方案', steps: ['preliminary-plan'], clause: 'P2.2.1' },
    { outcome: 'deferred', title: '转入下一年度', steps: ['county-submission'], clause: 'P2.2.1' },
    { outcome: 'rejected', title: '不予列入，项目终止', end: 'rejected', clause: 'P2.2.1' },
  ],
  'municipal-approval': [
    { outcome: 'approved', title: '市政府同意，联合行文', steps: ['joint-document'], clause: 'P2.2.2' },
    {
      outcome: 'reviewed-again',
      title: '市政府未同意，三部门重新审查',
      steps: ['joint-review'],
      clause: 'P2.2.2',
    },
  ],
  'joint-document': [
    { outcome: 'listed', title: '列入年度计划，方案审查', steps: ['scheme-review'], clause: 'P2.2.3' },
  ],
  'scheme-review': [
    { outcome: 'approved', title: '审查通过，招投标', steps: ['tendering'], clause: 'P2.3.1' },
    { outcome: 'revised', title: '提出修改意见，修改后再审', steps: ['scheme-review'], clause: 'P2.3.1' },
  ],
  tendering: [
    { outcome: 'contracted', title: '合同全部签订，实施', steps: ['construction'], clause: 'P2.3.3' },
    { outcome: 'failed', title: '标段招标失败，重新招标', steps: ['tendering'], clause: 'P2.3.3' },
  ],
  construction: [
    { outcome: 'completed', title: '竣工报告，组织验收', steps: ['completion-acceptance'], clause: 'P2.3.4' },
  ],
  'completion-acceptance': [
    {
      outcome: 'accepted',
      title: '验收合格并备案，决算、归档、移交同时进行',
      steps: ['final-accounts', 'archiving', 'handover'],
      clause: 'P2.4.1',
    },
    {
      outcome: 'mended',
      title: '验收提出问题，整改后再验',
      steps: ['completion-acceptance'],
      clause: 'P2.4.1',
    },
  ],
  'final-accounts': [
    { outcome: 'settled', title: '决算完成；其余各项完成后项目办结', end: 'completed', clause: 'P2.4.3' },
  ],
  archiving: [
    { outcome: 'archived', title: '归档完成；其余各项完成后项目办结', end: 'completed', clause: 'P2.4.4' },
  ],
  handover: [
    {
      outcome: 'taken-over',
      title: '移交完成，落实物业管理',
      steps: ['property-management'],
      clause: 'P2.4.5',
    },
  ],
  'property-management': [
    { outcome: 'managed', title: '物业管理落实；其余各项完成后项目办结', end: 'completed', clause: 'P2.5.1' },
  ],
};
