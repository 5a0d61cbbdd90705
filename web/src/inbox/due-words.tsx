import type { TaskRow } from '../api/tasks';
import { useLanguage } from '../words/language';

/** `还剩 2 个工作日（暂定）`: the API has counted, by the city's calendar. */
export function DueWords({
  task,
}: {
  task: Pick<TaskRow, 'due' | 'left' | 'suspended' | 'overdue' | 'status'>;
}) {
  const { words } = useLanguage();
  const { due, left, overdue } = task;
  if (!due) return <span className="hint">{words.due.none}</span>;
  const working = 'workingDays' in due.period;
  const n = left && (working ? left.workingDays : left.days);
  const late = overdue || (left !== undefined && left.days < 0);
  const text =
    n === undefined
      ? task.status === 'open'
        ? words.due.suspended
        : ''
      : late
        ? words.due.late(Math.abs(n), working)
        : left?.days === 0
          ? words.due.today
          : words.due.left(n, working);
  const tone = late ? 'late' : left && left.workingDays <= 2 ? 'soon' : 'calm';
  return (
    <>
      {text && <strong className={`due ${tone}`}>{text}</strong>}{' '}
      {due.provisional && (
        <span className="tag" title={words.due.provisionalHint}>
          {words.due.provisional}
        </span>
      )}
      <span className="hint block">{words.due.on(due.date)}</span>
    </>
  );
}
