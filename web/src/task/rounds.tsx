import { useQuery } from '@tanstack/react-query';
import { ask, queryOf } from '../api/client';
import type { Page, TaskDetail, TaskRow } from '../api/tasks';
import { useLanguage } from '../words/language';
import { moment } from '../words/moments';
import { Changes } from './changes';
import { Readable, titlesIn } from './readable';

const MOST = 5;

/** The same task of earlier rounds, the latest first; `undefined` while it is not known. */
function useEarlier(task: TaskDetail): readonly TaskDetail[] | undefined {
  const { projectId, kind, round, organisation, community } = task;
  return useQuery({
    queryKey: ['tasks', 'rounds', task.id],
    enabled: round > 1 && projectId !== undefined,
    queryFn: async () => {
      const { items } = await ask<Page<TaskRow>>(`/tasks${queryOf({ projectId, kind, limit: 200 })}`);
      const before = items.filter(
        (one) => one.round < round && one.organisation === organisation && one.community === community,
      );
      before.sort((one, other) => other.round - one.round);
      return Promise.all(before.slice(0, MOST).map(({ id }) => ask<TaskDetail>(`/tasks/${id}`)));
    },
  }).data;
}

/** What was decided in earlier rounds of the same, and what has changed since the last one. */
export function Rounds({ task }: { task: TaskDetail }) {
  const { words, language } = useLanguage();
  const earlier = useEarlier(task);
  const [last] = earlier ?? [];
  if (!earlier || !last) return null;
  const common = { titles: titlesIn(task.form), context: [last.context, task.context] };
  return (
    <>
      <section className="card">
        <h2>{words.task.change}</h2>
        <Changes {...common} title={words.task.change} was={last.context} is={task.context} />
      </section>
      {task.outcome && last.outcome && (
        <section className="card">
          <h2>{words.task.changedForm}</h2>
          <Changes
            {...common}
            title={words.task.changedForm}
            was={last.outcome.form}
            is={task.outcome.form}
          />
        </section>
      )}
      <section className="card">
        <h2>{words.task.earlier}</h2>
        {earlier.map((one) => (
          <details key={one.id}>
            <summary>
              {words.inbox.round(one.round)}：
              {one.outcome ? moment(one.outcome.at, language) : one.closedBecause}
            </summary>
            {one.outcome && (
              <Readable value={one.outcome.form} titles={titlesIn(one.form)} context={one.context} />
            )}
          </details>
        ))}
      </section>
    </>
  );
}

/** Before one decides: what one has entered otherwise than in the round before. */
export function ChangedEntries({ task, form }: { task: TaskDetail; form: unknown }) {
  const { words } = useLanguage();
  const last = useEarlier(task)?.find(({ outcome }) => outcome);
  if (!last) return null;
  return (
    <section>
      <h3>{words.task.changedForm}</h3>
      <Changes
        title={words.task.changedForm}
        was={last.outcome?.form}
        is={form}
        titles={titlesIn(task.form)}
        context={[last.context, task.context]}
      />
    </section>
  );
}
