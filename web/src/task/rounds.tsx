import { useQuery } from '@tanstack/react-query';
import { ask, queryOf } from '../api/client';
import type { Page, TaskDetail, TaskRow } from '../api/tasks';
import { namesIn } from '../form/ui-schema';
import { labelOf } from '../words/labels';
import { useLanguage, type Language } from '../words/language';
import { moment } from '../words/moments';
import { Readable, titlesIn, ValueAlone, type Titles } from './readable';

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
  const titles = titlesIn(task.form);
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
                    <th scope="row">{placeOf(path, task.context, titles, language)}</th>
                    <td>
                      <del>
                        <ValueAlone
                          field={path.at(-1) ?? ''}
                          value={was}
                          titles={titles}
                          context={task.context}
                        />
                      </del>
                    </td>
                    <td>
                      <ins>
                        <ValueAlone
                          field={path.at(-1) ?? ''}
                          value={is}
                          titles={titles}
                          context={task.context}
                        />
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

/** `样例一小区 · 资金来源 · 第 2 项 · 金额`: where in what the task is about. */
export function placeOf(
  path: readonly string[],
  context: unknown,
  titles: Titles,
  language: Language,
): string {
  const { items, keys } = namesIn(context);
  let at = context;
  const parts = path.map((part) => {
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
    if (!/^\d+$/.test(part))
      return titles[part]?.replace(/（(分|附件|单位)）/, '') ?? labelOf(part, language);
    const { name, no, source, communityId } = (at ?? {}) as Record<string, unknown>;
    if (typeof name === 'string') return name;
    const key = [communityId, source].find((one) => typeof one === 'string');
    const known = typeof no === 'number' ? items.get(no) : keys.get(key ?? '');
    return known ?? (language === 'zh' ? `第 ${Number(part) + 1} 项` : `no. ${Number(part) + 1}`);
  });
  return parts.join(' · ');
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
