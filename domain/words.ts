import type { OfficeRole } from '../policy/keys';
import type { ProjectStatus, StepNode } from './node';
import type { Stage } from './task';

/** The steps as officers call them (domain glossary). */
export const stageTitles: Readonly<Record<Stage, string>> = {
  'needs-collection': '征集需求',
  'preliminary-plan': '初步方案',
  'public-notice': '公示',
  'county-submission': '提报',
  'joint-review': '联合审查',
  'municipal-approval': '市政府同意',
  'joint-document': '联合行文',
  'scheme-review': '方案审查',
  tendering: '招投标',
  construction: '实施',
  'completion-acceptance': '竣工验收',
  'final-accounts': '决算',
  archiving: '归档',
  handover: '移交',
  'property-management': '物业管理',
  'annual-plan': '年度计划',
  control: '项目管控',
};

/** What somebody does with a task inside an organisation that signs in stages. */
export const roleTitles: Readonly<Record<OfficeRole, string>> = {
  handler: '经办',
  'section-chief': '审核',
  signatory: '签发',
};

export const statusTitles: Readonly<Record<ProjectStatus | StepNode['status'], string>> = {
  running: '办理中',
  suspended: '已暂停',
  waiting: '待列入计划',
  done: '已完成',
  closed: '已终止',
  'needs-repair': '待修复',
  completed: '已办结',
  'residents-declined': '居民未同意',
  rejected: '未予列入',
  withdrawn: '已撤回',
  cancelled: '已取消',
};
