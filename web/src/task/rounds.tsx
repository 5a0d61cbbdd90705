import { useQuery } from '@tanstack/react-query';
import { ask, queryOf } from '../api/client';
import type { Page, TaskDetail, TaskRow } from '../api/tasks';
import { useLanguage } from '../words/language';
import { moment } from '../words/moments';
import { Readable, titlesIn } from './readable';

/** What was decided in earlier rounds of the same, and what has changed since the last one. */
export function Rounds({ task }: { task: TaskDetail }) {
  const { words, language } = useLanguage();
  const { projectId, kind, round, organisation, community } = task;
  const found = useQuery({
    queryKey: ['tasks', 'rounds', task.id],
    enabled: round > 1 && projectId !== undefined,
    queryFn: async () => {
      const { items } = await ask<Page<TaskRow>>(`/tasks${queryOf({ projectId, kind, limit: 200 })}`);
      const before = items.filter(
        (one) => one.round < round && one.organisation === organisation && one.community === community,
      );
      before.sort((one, other) => other.round - one.round);
      return Promise.all(before.slice(0, 5).map(({ id }) => ask<TaskDetail>(`/tasks/${id}`)));
    },
  });
  const [last] = found.data ?? [];
  if (!found.data || !last) return null;
  const changed = differences(last.context, task.context);
  return (
    <>
      <section className="card">
        <h2>{words.task.change}</h2>
        {changed.length === 0 ? (
          <p className="hint">{words.task.same}</p>
        ) : (
          <div className="scroll" role="region" aria-label={words.task.change} tabIndex={0}>
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">{words.task.item}</th>
                  <th scope="col">{words.task.was}</th>
                  <th scope="col">{words.task.is}</th>
                </tr>
              </thead>
              <tbody>
                {changed.slice(0, 100).map(({ path, was, is }) => (
                  <tr key={path.join('.')}>
                    <td>
                      <Readable value={path.filter((part) => !/^\d+$/.test(part)).at(-1) ?? ''} />
                    </td>
                    <td>
                      <del>
                        <Readable value={{ [path.at(-1) ?? '']: was }} />
                      </del>
                    </td>
                    <td>
                      <ins>
                        <Readable value={{ [path.at(-1) ?? '']: is }} />
                      </ins>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <section className="card">
        <h2>{words.task.earlier}</h2>
        {found.data.map((one) => (
          <details key={one.id}>
            <summary>
              {words.inbox.round(one.round)}：
              {one.outcome ? moment(one.outcome.at, language) : one.closedBecause}
            </summary>
            {one.outcome && <Readable value={one.outcome.form} titles={titlesIn(one.form)} />}
          </details>
        ))}
      </section>
    </>
  );
}

interface Difference {
  readonly path: readonly string[];
  readonly was: unknown;
  readonly is: unknown;
}

export function differences(was: unknown, is: unknown, path: readonly string[] = []): Difference[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  const isBoth = [was, is].every((one) => typeof one === 'object' && one !== null);
  if (!isBoth) return [{ path, was, is }];
  const [one, other] = [was, is] as [Record<string, unknown>, Record<string, unknown>];
  const fields = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (field) => field !== 'policy',
  );
  return fields.flatMap((field) => differences(one[field], other[field], [...path, field]));
}
