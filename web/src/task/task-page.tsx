import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { Link, useParams } from 'react-router';
import { ask } from '../api/client';
import { useLive } from '../api/live';
import { People, useOrganisations } from '../api/names';
import { useMe } from '../api/session';
import type { TaskDetail } from '../api/tasks';
import { NoPage } from '../app/no-page';
import { Loading } from '../app/said';
import { ClauseTag } from '../help/clause-tag';
import { DueWords } from '../inbox/due-words';
import { useLanguage, useTitle } from '../words/language';
import { moment } from '../words/moments';
import { Acts } from './acts';
import { Completion } from './completion';
import { Copies } from './copies';
import { Readable, titlesIn } from './readable';
import { Rounds } from './rounds';
import { Talk } from './talk';

const Submitted = lazy(async () => ({ default: (await import('../joint-work/submitted')).Submitted }));

/** Whose context is a whole list of projects; all but the submission have it in their form. */
const ON_LISTS = ['county-list', 'county-submission', 'joint-review', 'review-conclusion'];
const LIST_PARTS = ['projects', 'candidates', 'verdicts', 'opinions'];

/** One task: what it is about, its form, and whatever else this person may do with it. */
export function TaskPage() {
  const { id = '' } = useParams();
  return <OneTask key={id} id={id} />;
}

function OneTask({ id }: { id: string }) {
  const { words, language } = useLanguage();
  const me = useMe();
  const [done, setDone] = useState(false);
  useLive();
  const found = useQuery({ queryKey: ['tasks', id], queryFn: () => ask<TaskDetail>(`/tasks/${id}`) });
  const task = found.data;
  const title = task ? (language === 'zh' ? task.title : task.titleEn) : words.task.title;
  useTitle(title);
  const office = useOrganisations([task?.organisation, task?.outcome?.by.organisation]);
  if (!task) return found.error ? <NoPage error={found.error} /> : <Loading />;
  const isOpen = task.status === 'open';
  const canDecide = isOpen && task.example !== undefined;
  const isOnList = ON_LISTS.includes(task.kind);
  const isListShown = isOnList && (!canDecide || done || task.kind === 'county-submission');
  const who = (at: string, user: string): string => `${office(at)} ${task.people[user] ?? user}`;
  const canSpeak = me.organisations.length > 0;
  return (
    <People value={task.people}>
      <p>
        <Link to="/">{words.task.inbox}</Link>
      </p>
      <h1>{title}</h1>
      <p className="row hint">
        <span>{words.steps[task.step] ?? task.step}</span>
        {task.round > 1 && <span>{words.inbox.round(task.round)}</span>}
        {task.projectId && (
          <span>
            {task.projectName} {task.projectId}
          </span>
        )}
        <span>
          {words.task.seat} {office(task.organisation)}
        </span>
        <span>
          {words.task.clause} <ClauseTag id={task.clause} />
        </span>
        <span>
          {words.task.assigned} {moment(task.assignedAt, language)}
        </span>
        {isOpen && <DueWords task={task} />}
        {isOpen && task.due && (
          <span>
            {words.task.basis}：{task.due.basis}{' '}
            {task.due.clause && task.due.clause !== task.clause && <ClauseTag id={task.due.clause} />}
          </span>
        )}
      </p>
      {(done || task.outcome) && (
        <Alert
          className="said"
          type="success"
          showIcon
          role="status"
          title={
            task.outcome
              ? words.task.doneBy(
                  who(task.outcome.by.organisation, task.outcome.by.user),
                  moment(task.outcome.at, language),
                )
              : words.task.done
          }
        />
      )}
      {task.status === 'closed' && (
        <Alert
          className="said"
          type="info"
          showIcon
          title={words.task.closed}
          description={task.closedBecause}
        />
      )}
      {isListShown && (
        <section className="card list-first">
          <Suspense fallback={<Loading />}>
            <Submitted context={task.context} />
          </Suspense>
        </section>
      )}
      <div className={isOnList ? 'one' : 'two'}>
        <div>
          {canDecide && !done && <Completion task={task} onDone={() => setDone(true)} />}
          {isOpen && !canDecide && !done && (
            <Alert className="said" type="info" showIcon title={words.task.notYours} />
          )}
          {task.outcome && (
            <section className="card">
              <h2>{words.task.decided}</h2>
              <Readable value={task.outcome.form} titles={titlesIn(task.form)} context={task.context} />
            </section>
          )}
          <Acts task={task} />
          <Talk task={id} canSpeak={canSpeak} />
        </div>
        <div>
          <section className="card">
            <h2>{words.task.context}</h2>
            <Readable value={isOnList ? withoutLists(task.context) : task.context} />
          </section>
          <Rounds task={task} />
          <Copies task={id} />
        </div>
      </div>
    </People>
  );
}

function withoutLists(context: unknown): unknown {
  const facts = Object.entries((context ?? {}) as Record<string, unknown>);
  return Object.fromEntries(facts.filter(([name]) => !LIST_PARTS.includes(name)));
}
