import type { CivilDate } from '../calendar';
import { stageTitles } from '../words';
import { PROJECT_NEWS, type Matter, type NotificationKind } from './notification';

/** What people read: names and dates of the matter only, so that it may leave the house. */
export interface Text {
  readonly subject: string;
  readonly body: string;
}

/** What one message says; its details are looked up in the system, where everybody sees what is theirs. */
export function textOf(kind: NotificationKind, about: Matter): Text {
  const subject = subjectOf(kind, about);
  const lines = [
    ['事项', about.task?.title],
    ['所在步骤', stageText(about)],
    ['项目编号', about.projectId],
    ['计划年度', about.planYear === undefined ? undefined : `${about.planYear} 年`],
    ['办理期限', about.task?.due],
    ['待办编号', about.task?.id],
  ].filter(([, value]) => value !== undefined);
  const facts = lines.map(([name, value]) => `${name}：${value}`).join('\n');
  return { subject, body: `${subject}。\n${facts}\n\n请登录系统办理或查看，本通知请勿直接回复。` };
}

/** One line a message, the earliest first. */
export function digestText(
  date: CivilDate,
  messages: readonly { kind: NotificationKind; about: Matter }[],
): Text {
  const subject = `${date} 待办摘要：${messages.length} 条`;
  const lines = messages.map(({ kind, about }, index) => {
    const due = about.task?.due === undefined ? '' : `，期限 ${about.task.due}`;
    return `${index + 1}. ${subjectOf(kind, about)}${due}`;
  });
  return {
    subject,
    body: `${subject}。\n\n${lines.join('\n')}\n\n请登录系统办理或查看，本通知请勿直接回复。`,
  };
}

function subjectOf(kind: NotificationKind, about: Matter): string {
  const title = about.task?.title ?? '';
  const place = about.projectId ?? (about.planYear === undefined ? '' : `${about.planYear} 年度计划`);
  const of = place === '' ? '' : `（${place}）`;
  switch (kind) {
    case 'task-assigned':
      return `新待办：${title}${of}`;
    case 'task-handed-over':
      return `转由您办理：${title}${of}`;
    case 'task-came-back':
      return `已回到您处，请作决定：${title}${of}`;
    case 'task-reminded':
      return `请及时办理：${title}${of}`;
    case 'task-overdue':
      return `已逾期：${title}${of}`;
    case 'task-escalated':
      return `下级单位逾期未办，请督促：${title}${of}`;
    case 'task-closed':
      return `待办已撤销，无须办理：${title}${of}`;
    case 'task-copied':
      return `抄送您阅知：${title}${of}`;
    case 'task-asked':
      return `有提问或答复：${title}${of}`;
    case 'stand-in-named':
      return `代理安排：${about.standIn?.from ?? ''} 至 ${about.standIn?.until ?? ''}`;
    case 'project-changed':
      return `${PROJECT_NEWS[about.news ?? 'project-ended']}${of}`;
    case 'seat-vacant':
      return `岗位空缺，事项无法派发：${about.seat ?? ''}${of}`;
  }
}

function stageText({ step, round }: Matter): string | undefined {
  if (step === undefined) return undefined;
  return round === undefined || round < 2 ? stageTitles[step] : `${stageTitles[step]}（第 ${round} 轮）`;
}
