import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { ask, queryOf } from '../api/client';
import type { TaskRow } from '../api/tasks';
import { Failure, Loading } from '../app/said';
import { useLanguage } from '../words/language';
import { TaskTable } from './task-table';

interface Late {
  readonly organisation: string;
  readonly name: string;
  readonly overdue: number;
  readonly workingDaysLate: number;
  readonly tasks?: readonly (TaskRow & { readonly workingDaysLate: number })[];
}

/** 督办: who is late, the longest first; one organisation's tasks behind its row. */
export function SupervisionList() {
  const { words } = useLanguage();
  const [address] = useSearchParams();
  const organisation = address.get('organisation') ?? undefined;
  const found = useQuery({
    queryKey: ['tasks', 'supervision', organisation],
    queryFn: () => ask<{ items: Late[] }>(`/supervision${queryOf({ organisation })}`),
  });
  if (!found.data) return found.error ? <Failure error={found.error} /> : <Loading />;
  const { items } = found.data;
  if (items.length === 0) return <p className="empty">{words.inbox.nothing}</p>;
  const [one] = items;
  if (organisation && one?.tasks) {
    const rows = one.tasks.map((task) => ({
      ...task,
      left: { workingDays: -task.workingDaysLate, days: -1 },
    }));
    return (
      <>
        <p>
          <Link to="/?list=supervision">{words.inbox.back}</Link>
        </p>
        <h2>{one.name}</h2>
        <TaskTable rows={rows} />
      </>
    );
  }
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{words.task.seat}</th>
          <th scope="col">{words.inbox.state}</th>
          <th scope="col">{words.inbox.due}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((late) => (
          <tr key={late.organisation}>
            <td>
              <Link to={`/?list=supervision&organisation=${late.organisation}`}>{late.name}</Link>
            </td>
            <td>{words.inbox.late(late.overdue)}</td>
            <td>
              <strong className="due late">{words.due.late(late.workingDaysLate, true)}</strong>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
