import { memo } from 'react';
import { Link } from 'react-router';
import { usePeople } from '../api/names';
import type { TaskRow } from '../api/tasks';
import { useMe } from '../api/session';
import { useLanguage } from '../words/language';
import { moment } from '../words/moments';
import { DueWords } from './due-words';

export interface Choice {
  readonly chosen: ReadonlySet<string>;
  readonly toggle: (task: TaskRow) => void;
}

/** Tasks as a table; on a telephone each row is a card. */
export function TaskTable({
  rows,
  choice,
  isDone = false,
}: {
  rows: readonly (TaskRow & { unread?: boolean })[];
  choice?: Choice;
  isDone?: boolean;
}) {
  const { words } = useLanguage();
  return (
    <table className="plain tasks">
      <thead>
        <tr>
          {choice && (
            <th scope="col">
              <span className="unseen">{words.inbox.bulk}</span>
            </th>
          )}
          <th scope="col">{words.inbox.task}</th>
          <th scope="col">{words.inbox.project}</th>
          <th scope="col">{isDone ? words.inbox.doneAt : words.inbox.due}</th>
          <th scope="col">{words.inbox.state}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((task) => (
          <Line
            key={task.id}
            task={task}
            isDone={isDone}
            isChosen={choice?.chosen.has(task.id)}
            toggle={choice?.toggle}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Drawn again only when it changes: one tick among hundreds of rows is one row. */
const Line = memo(function Line({
  task,
  isDone,
  isChosen,
  toggle,
}: {
  task: TaskRow & { unread?: boolean };
  isDone: boolean;
  isChosen: boolean | undefined;
  toggle: Choice['toggle'] | undefined;
}) {
  const { words, language } = useLanguage();
  return (
    <tr className={task.overdue && task.status === 'open' ? 'is-late' : undefined}>
      {toggle && (
        <td className="choose">
          <input
            type="checkbox"
            aria-label={words.inbox.select(`${task.title} ${task.projectName ?? ''}`)}
            checked={isChosen === true}
            onChange={() => toggle(task)}
          />
        </td>
      )}
      <td>
        <Link className="task-link" to={`/tasks/${task.id}`}>
          {task.title}
        </Link>
        <span className="hint block">
          {words.steps[task.step] ?? task.step}
          {task.round > 1 && ` · ${words.inbox.round(task.round)}`}
        </span>
      </td>
      <td>
        {task.projectName ?? (task.planYear ? `${task.planYear}` : '')}
        <span className="hint block">{task.projectId}</span>
      </td>
      <td>{isDone ? task.completedAt && moment(task.completedAt, language) : <DueWords task={task} />}</td>
      <td>
        <States task={task} />
      </td>
    </tr>
  );
});

function States({ task }: { task: TaskRow & { unread?: boolean } }) {
  const { words } = useLanguage();
  const me = useMe();
  const people = usePeople();
  const { awaits } = words.inbox;
  const states = [
    task.unread && words.inbox.unread,
    task.status !== 'open' && (words.inbox.status[task.status] ?? task.status),
    task.awaitsConfirmation && awaits.confirmation,
    task.awaitsCoSigners && awaits.coSigners,
    task.delegation && awaits.delegate,
    task.holder !== undefined && task.holder !== me.id && awaits.held,
    task.suspended && awaits.suspended,
    task.standInFor !== undefined && awaits.standIn(people(task.standInFor)),
  ].filter((one): one is string => typeof one === 'string');
  return states.map((state) => (
    <span key={state} className="tag">
      {state}
    </span>
  ));
}
