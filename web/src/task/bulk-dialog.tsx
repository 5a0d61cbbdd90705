import { useQueries } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { ask } from '../api/client';
import { useSending } from '../api/sending';
import { newKey, type TaskDetail, type TaskRow } from '../api/tasks';
import { Dialog } from '../app/dialog';
import { Failure, Loading } from '../app/said';
import { errorsOf } from '../form/refusals';
import { SchemaForm } from '../form/schema-form';
import { useLanguage } from '../words/language';

interface Outcome {
  readonly task: string;
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
}

/** One form for many tasks that ask the same; each is decided by itself, and what is refused says why. */
export function BulkDialog({
  tasks,
  onClose,
}: {
  tasks: readonly TaskRow[];
  onClose: (isDone: boolean) => void;
}) {
  const { words } = useLanguage();
  const [value, setValue] = useState<unknown>({});
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>();
  const [key] = useState(newKey);
  const { error, isSending, send } = useSending();
  const found = useQueries({
    queries: tasks.map(({ id }) => ({
      queryKey: ['tasks', id],
      queryFn: () => ask<TaskDetail>(`/tasks/${id}`),
    })),
  });
  const details = found.flatMap(({ data }) => (data ? [data] : []));
  const failure = found.find(({ error: one }) => one)?.error;
  const [first] = details;
  const isSame = new Set(details.map(({ kind, form }) => kind + JSON.stringify(form))).size === 1;
  const close = (): void => onClose(outcomes !== undefined);

  const submit = (completion: unknown): void => {
    const body = { completions: tasks.map(({ id }) => ({ task: id, completion })) };
    const keep = (answer: { outcomes: Outcome[] }): void => setOutcomes(answer.outcomes);
    void send('/tasks/completions', { method: 'POST', body, key }, keep);
  };

  const refused = outcomes?.filter(({ status }) => status !== 200) ?? [];
  return (
    <Dialog title={words.bulk.title(tasks.length)} onClose={close}>
      <Failure error={error ?? failure} />
      {details.length < tasks.length && !failure && <Loading />}
      {details.length === tasks.length && !isSame && (
        <Alert className="said" type="warning" showIcon title={words.bulk.different} />
      )}
      {outcomes ? (
        <>
          <p role="status">{words.bulk.done(outcomes.length - refused.length)}</p>
          {refused.length > 0 && (
            <>
              <p>{words.bulk.refused(refused.length)}</p>
              <ul>
                {refused.map((one) => (
                  <li key={one.task}>
                    {tasks.find(({ id }) => id === one.task)?.projectName ?? one.task}：
                    {one.detail ?? one.title}
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      ) : (
        first &&
        isSame &&
        details.length === tasks.length && (
          <>
            <p className="hint">{words.bulk.hint}</p>
            <SchemaForm
              idPrefix="bulk"
              schema={first.form}
              value={value}
              errors={errorsOf(error)}
              surroundings={{ context: first.context, colleagues: [] }}
              onChange={setValue}
              onSubmit={submit}
            >
              <Button type="primary" htmlType="submit" loading={isSending}>
                {words.bulk.submit(tasks.length)}
              </Button>
            </SchemaForm>
          </>
        )
      )}
      <p>
        <Button disabled={isSending} onClick={close}>
          {words.close}
        </Button>
      </p>
    </Dialog>
  );
}
