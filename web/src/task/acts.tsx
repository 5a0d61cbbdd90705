import { useQueryClient } from '@tanstack/react-query';
import type { TaskDetail } from '../api/tasks';
import { ActButtons } from '../form/act-dialog';
import { useLanguage } from '../words/language';

/** Every act that the API offers this person with this task now, and none that it does not. */
export function Acts({ task: { acts, context, colleagues } }: { task: TaskDetail }) {
  const { words } = useLanguage();
  const client = useQueryClient();
  if (acts.length === 0) return null;
  return (
    <section className="card">
      <h2>{words.task.acts}</h2>
      <ActButtons
        acts={acts}
        surroundings={{ context, colleagues }}
        onDone={() => client.invalidateQueries({ queryKey: ['tasks'] })}
      />
    </section>
  );
}
