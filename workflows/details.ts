import type { ProjectNode, StepNode } from '../domain/node';
import { periodText } from '../domain/due';
import type { Stage, Task } from '../domain/task';
import { stageOf } from '../domain/sign-off';
import { roleTitles, stageTitles, statusTitles } from '../domain/words';
import type { Workplace } from './workplace';

/** What an administrator reads in the Temporal UI: step, round, who is awaited, until when and why. Markdown, no personal data. */
export function stepDetails(node: StepNode, open: readonly Task[], place: Workplace): string {
  const names = new Map(place.organisations.map(({ id, name }) => [id, name]));
  const lines = [`### ${stageTitles[node.step]} · 第 ${node.round} 轮 · ${statusTitles[node.status]}`, ''];
  if (place.suspendedFor !== undefined) lines.push(`**已暂停**：${place.suspendedFor}`, '');
  for (const seat of place.vacancies) lines.push(`- 岗位空缺：\`${seat}\``);
  for (const wait of node.waits)
    lines.push(`- 等待：${wait.what}，至 ${wait.until}${wait.provisional ? '（暂定）' : ''}`);
  if (open.length > 0) {
    lines.push('', '| 待办 | 单位 | 截止 | 依据 |', '| --- | --- | --- | --- |');
    for (const task of open) {
      const due = task.due
        ? `${task.due.date}${task.due.provisional ? '（暂定）' : ''}${task.overdue ? ' **逾期**' : ''}`
        : '—';
      const basis = task.due ? `${periodText(task.due.period)}，${task.due.basis}` : '—';
      const stage = stageOf(task);
      const at = stage === undefined ? '' : `（待${roleTitles[stage]}）`;
      lines.push(
        `| ${task.title}${at} | ${names.get(task.organisation) ?? task.organisation} | ${due} | ${basis} |`,
      );
    }
  }
  return lines.join('\n');
}

/** The life at a glance; each running step shows its own tasks. */
export function projectDetails(node: ProjectNode, suspendedFor: string | undefined): string {
  const lines = [`### ${node.name} · ${node.year} 年度 · ${statusTitles[node.status]}`, ''];
  if (suspendedFor !== undefined) lines.push(`**已暂停**：${suspendedFor}`, '');
  if (node.reason !== undefined) lines.push(`**结果**：${node.reason}`, '');
  if (node.document) lines.push(`联合行文：${node.document.number}（${node.document.date}）`, '');
  for (const step of node.steps) {
    const workflow = node.running[step];
    lines.push(
      `- ${stageTitles[step]} · 第 ${node.rounds[step] ?? 1} 轮${workflow === undefined ? '' : ` · \`${workflow}\``}`,
    );
  }
  const done = Object.keys(node.outputs).filter((step) => !node.onPaper.some((paper) => paper === step));
  if (done.length > 0) lines.push('', `已完成：${done.map(titleOf).join('、')}`);
  if (node.onPaper.length > 0) lines.push('', `纸质办理（接入前）：${node.onPaper.map(titleOf).join('、')}`);
  return lines.join('\n');
}

function titleOf(step: string): string {
  return stageTitles[step as Stage];
}
