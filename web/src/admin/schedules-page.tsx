import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import type { scheduleView } from '../../../api/routes/keeping-views';
import { ask } from '../api/client';
import { useMe } from '../api/session';
import { Failure, Loading } from '../app/said';
import { ClauseTag } from '../help/clause-tag';
import { moment } from '../words/moments';
import { useLanguage, useTitle } from '../words/language';
import { FormDialog, textIn } from '../form/form-dialog';
import { ReasonField } from './reason-field';
import { Table } from './table';
import { useKeepingTexts, useTexts } from './texts';

type Schedule = z.infer<typeof scheduleView>;
type Act = 'pause' | 'resumption' | 'run';

/** What the system does by itself on certain days. */
export function SchedulesPage() {
  const all = useTexts();
  useTitle(all.pages['schedules'] ?? '');
  const found = useQuery({
    queryKey: ['admin', 'schedules'],
    queryFn: () => ask<{ items: Schedule[] }>('/schedules'),
    refetchInterval: 30_000,
  });
  return (
    <>
      <h1>{all.pages['schedules']}</h1>
      {!found.data && (found.error ? <Failure error={found.error} /> : <Loading />)}
      {found.data?.items.map((one) => (
        <ScheduleCard key={one.id} schedule={one} onDone={() => found.refetch()} />
      ))}
    </>
  );
}

function ScheduleCard({ schedule, onDone }: { schedule: Schedule; onDone: () => unknown }) {
  const texts = useKeepingTexts().schedules;
  const { language } = useLanguage();
  const { may } = useMe();
  const [act, setAct] = useState<Act>();
  const { state, note, next, missed } = schedule;
  const inChinese = language === 'zh';
  const title = inChinese ? schedule.title : schedule.titleEn;
  const tone = { active: 'state', paused: 'state soft', missing: 'state bad' }[state];
  const acts: readonly Act[] = state === 'paused' ? ['resumption', 'run'] : ['pause', 'run'];
  return (
    <section className="card" aria-label={title}>
      <div className="row apart">
        <h2>
          {title} <span className={tone}>{texts.states[state]}</span>
        </h2>
        {may.includes('schedules:write') && state !== 'missing' && (
          <div className="row">
            {acts.map((one) => (
              <Button key={one} onClick={() => setAct(one)}>
                {texts[one]}
              </Button>
            ))}
          </div>
        )}
      </div>
      <p>
        {inChinese ? schedule.does : schedule.doesEn} <ClauseTag id={schedule.clause} />
      </p>
      {state === 'missing' ? (
        <p className="hint">{texts.missing}</p>
      ) : (
        <>
          <dl className="facts">
            {note && (
              <div>
                <dt>{texts.note}</dt>
                <dd>{note}</dd>
              </div>
            )}
            <div>
              <dt>{texts.next}</dt>
              <dd>
                {next.map((at) => (
                  <span key={at} className="block">
                    {moment(at, language)}
                  </span>
                ))}
                {state === 'paused' && <span className="hint">{texts.nextPaused}</span>}
              </dd>
            </div>
          </dl>
          {missed > 0 && <p className="problem">{texts.missed(missed)}</p>}
          <h3>{texts.recent}</h3>
          <Recent schedule={schedule} />
        </>
      )}
      {act && (
        <FormDialog
          title={`${texts[act]}：${title}`}
          hint={texts.hints[act]}
          submit={texts[act]}
          onClose={() => setAct(undefined)}
          onDone={() => {
            setAct(undefined);
            return onDone();
          }}
          asked={(form) => ({
            path: `/schedules/${schedule.id}/${act}`,
            method: 'POST',
            body: { reason: textIn(form, 'reason') ?? '' },
          })}
        >
          <ReasonField />
        </FormDialog>
      )}
    </section>
  );
}

function Recent({ schedule: { recent, title } }: { schedule: Schedule }) {
  const texts = useKeepingTexts().schedules;
  const { language } = useLanguage();
  if (recent.length === 0) return <p className="hint">{texts.noRecent}</p>;
  return (
    <Table
      label={`${title} ${texts.recent}`}
      rows={recent}
      keyOf={({ workflowId }) => workflowId}
      columns={[
        { title: texts.scheduledAt, cell: ({ scheduledAt }) => moment(scheduledAt, language), whole: true },
        { title: texts.takenAt, cell: ({ takenAt }) => moment(takenAt, language), whole: true },
        {
          title: texts.outcome,
          cell: ({ outcome, result, resultEn }) => (
            <>
              <span
                className={{ failed: 'state bad', running: 'state soft' }[outcome as 'failed'] ?? 'state'}
              >
                {texts.outcomes[outcome]}
              </span>{' '}
              {language === 'zh' ? result : resultEn}
            </>
          ),
        },
      ]}
    />
  );
}
