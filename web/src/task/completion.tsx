import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { ask, isRefused, NoAnswer } from '../api/client';
import { useSending } from '../api/sending';
import { useMe, useSession } from '../api/session';
import type { TaskDetail } from '../api/tasks';
import { Dialog } from '../app/dialog';
import { Failure } from '../app/said';
import { errorsOf } from '../form/refusals';
import { SchemaForm } from '../form/schema-form';
import { ClauseTag } from '../help/clause-tag';
import { useLanguage } from '../words/language';
import { useDraft } from './draft';
import { Readable, titlesIn } from './readable';
import { ChangedEntries } from './rounds';

/** The form of a task; what was entered is kept until it is decided, and shown once more with what follows before it is. */
export function Completion({ task, onDone }: { task: TaskDetail; onDone: () => void }) {
  const { words } = useLanguage();
  const me = useMe();
  const { entrances } = useSession();
  const client = useQueryClient();
  const { draft, isRestored, change, discard, forget } = useDraft(me.id, task.id);
  const [reviewing, setReviewing] = useState(false);
  const { error, isSending, isTrying, forget: forgetError, send } = useSending();

  async function submit(): Promise<void> {
    const decided = { method: 'POST', body: draft.form, key: draft.key } as const;
    const failure = await send(`/tasks/${task.id}/completion`, decided, async () => {
      forget();
      onDone();
      setReviewing(false);
      await client.invalidateQueries({ queryKey: ['tasks'] });
    });
    if (failure === undefined) return;
    // Not known whether it has arrived: the dialog stays, to send the very same again.
    if (!(failure instanceof NoAnswer)) setReviewing(false);
    // It has become late while it was filled in: its form asks why now.
    const isLateNow =
      isRefused(failure) && failure.problem.violations?.some(({ path }) => path === 'lateReason');
    if (isLateNow || isRefused(failure, 'task-not-open', 'idempotency-key-reused')) {
      await client.invalidateQueries({ queryKey: ['tasks'] });
    }
  }

  const surroundings = { context: task.context, colleagues: task.colleagues, example: task.example };
  return (
    <section className="card" aria-label={words.task.form}>
      <h2>{words.task.form}</h2>
      {isRestored && (
        <p className="row hint">
          {words.task.draft}
          <Button size="small" onClick={() => discard()}>
            {words.task.discard}
          </Button>
        </p>
      )}
      {entrances?.mode === 'rehearsal' && task.example !== undefined && (
        <p>
          <Button size="small" onClick={() => discard(task.example)}>
            {words.task.example}
          </Button>
        </p>
      )}
      {isRefused(error, 'task-not-open') ? (
        <Alert className="said" type="warning" showIcon role="alert" title={words.task.wasDecided} />
      ) : (
        !reviewing && <Failure error={error} />
      )}
      <SchemaForm
        idPrefix="completion"
        schema={task.form}
        value={draft.form}
        errors={errorsOf(error)}
        surroundings={surroundings}
        onChange={change}
        onSubmit={(form) => {
          change(form);
          forgetError();
          setReviewing(true);
        }}
      >
        <Button type="primary" htmlType="submit" size="large">
          {words.task.review}
        </Button>
      </SchemaForm>
      {reviewing && (
        <Dialog title={words.task.review} onClose={() => !isSending && setReviewing(false)}>
          <Readable value={draft.form} titles={titlesIn(task.form)} context={task.context} />
          <ChangedEntries task={task} form={draft.form} />
          {task.projectId !== undefined && <WhatNext projectId={task.projectId} task={task} />}
          {error instanceof NoAnswer && !isSending && (
            <Alert className="said" type="warning" showIcon role="alert" title={words.task.unknown} />
          )}
          {isTrying && <p role="status">{words.task.trying}</p>}
          <div className="row">
            <Button type="primary" loading={isSending} onClick={() => void submit()}>
              {error instanceof NoAnswer ? words.task.again : words.task.confirm}
            </Button>
            <Button disabled={isSending} onClick={() => setReviewing(false)}>
              {words.task.edit}
            </Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}

interface Outlook {
  readonly outcomes: readonly {
    readonly step: string;
    readonly outcome: string;
    readonly title: string;
    readonly clause: string;
  }[];
  readonly awaited: readonly { readonly task: string; readonly step: string; readonly title: string }[];
}

/** How the step can end, before one decides. */
function WhatNext({ projectId, task }: { projectId: string; task: TaskDetail }) {
  const { words } = useLanguage();
  const found = useQuery({
    queryKey: ['projects', projectId, 'outlook'],
    queryFn: () => ask<Outlook>(`/projects/${projectId}/outlook`),
  });
  if (!found.data) return null;
  const outcomes = found.data.outcomes.filter(({ step }) => step === task.step);
  const others = found.data.awaited.filter((one) => one.step === task.step && one.task !== task.id).length;
  if (outcomes.length === 0 && others === 0) return null;
  return (
    <section className="next">
      <h3>{words.task.next}</h3>
      {others > 0 && <p>{words.task.others(others)}</p>}
      {outcomes.length > 0 && (
        <>
          <p className="hint">{words.task.nextHint}</p>
          <ul>
            {outcomes.map(({ outcome, title, clause }, i) => (
              <li key={outcome}>
                {title} <ClauseTag id={clause} />
                {i === 0 && <span className="tag">{words.task.usual}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
