import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { systemView } from '../../../api/routes/keeping-views';
import { ask, isRefused } from '../api/client';
import { Failure, Loading } from '../app/said';
import { clock, moment } from '../words/moments';
import { useLanguage, useTitle } from '../words/language';
import { Table } from './table';
import { useKeepingTexts, useTexts } from './texts';

type System = z.infer<typeof systemView>;

const EVERY_MS = 10_000;

/** How the system is, part by part, asked anew every ten seconds. */
export function SystemPage() {
  const { pages } = useTexts();
  const texts = useKeepingTexts().system;
  useTitle(pages['system'] ?? '');
  const { data, error } = useQuery({
    queryKey: ['admin', 'system'],
    queryFn: () => ask<System>('/system'),
    refetchInterval: EVERY_MS,
  });
  return (
    <>
      <h1>{pages['system']}</h1>
      {!data && !error && <Loading />}
      {error && !isRefused(error, 'engine-unavailable') && <Failure error={error} />}
      {error && <Ready />}
      {data && !error && (
        <>
          <p className="hint states-at">{texts.at(clock(data.at))}</p>
          <States system={data} />
          <Alerts system={data} />
        </>
      )}
    </>
  );
}

/** While nobody can be told apart, nothing that was seen before is shown: the machines' own check says which part is away. */
function Ready() {
  const texts = useKeepingTexts().system;
  const { data } = useQuery({
    queryKey: ['readyz'],
    queryFn: async () =>
      (await (await fetch('/readyz')).json()) as Readonly<Record<'engine' | 'store' | 'worker', string>>,
    refetchInterval: EVERY_MS,
  });
  return (
    <section className="card" role="status">
      <p className="admin-lead">{texts.stale}</p>
      {data &&
        (['engine', 'store', 'worker'] as const).map((part) => (
          <span key={part}>
            {texts.ready[part]} <Mark state={data[part]} />{' '}
          </span>
        ))}
    </section>
  );
}

function Mark({ state }: { state: string }) {
  const texts = useKeepingTexts().system;
  const tone = { ok: '', attention: 'soft' }[state] ?? 'bad';
  return <span className={`state ${tone}`}>{texts.states[state]}</span>;
}

function Part({ name, state, children }: { name: string; state: string; children?: ReactNode }) {
  const texts = useKeepingTexts().system;
  return (
    <section className="card" aria-label={texts.parts[name]}>
      <h2>
        {texts.parts[name]} <Mark state={state} />
      </h2>
      {children}
    </section>
  );
}

function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function States({ system }: { system: System }) {
  const texts = useKeepingTexts().system;
  const { language } = useLanguage();
  const { engine, store, workers, outbox, alerts, record } = system;
  const at = (when: string | undefined): string =>
    when === undefined ? texts.unknown : moment(when, language);
  const since = (when: string | undefined) =>
    when === undefined ? null : <span className="hint block">{texts.since(moment(when, language))}</span>;
  return (
    <div className="states">
      <Part name="engine" state={engine.state}>
        {engine.state === 'ok' && <p>{texts.version(engine.version)}</p>}
        <p className="hint">
          {texts.program} {system.version}，{texts.mode[system.mode]}
        </p>
      </Part>
      <Part name="store" state={store.state}>
        {store.state === 'ok' && <p>{texts.version(store.version)}</p>}
      </Part>
      <Part name="workers" state={workers.state}>
        {workers.state !== 'away' && workers.items.length > 0 && (
          <Table
            label={texts.parts['workers'] ?? ''}
            rows={workers.items}
            keyOf={({ identity, kind }) => `${identity} ${kind}`}
            columns={[
              {
                title: texts.identity,
                cell: ({ identity, kind }) => (
                  <>
                    {identity}
                    <span className="hint block">{texts.kinds[kind]}</span>
                  </>
                ),
              },
              {
                title: texts.lastPolled,
                cell: ({ lastPolledAt, polls }) => (
                  <span className={polls ? '' : 'problem'}>{clock(lastPolledAt)}</span>
                ),
                whole: true,
              },
            ]}
          />
        )}
      </Part>
      <Part name="outbox" state={outbox.state === 'ok' && outbox.dead > 0 ? 'attention' : outbox.state}>
        {outbox.state === 'ok' && (
          <Facts
            facts={[
              [
                texts.waiting,
                <>
                  {outbox.waiting}
                  {since(outbox.oldestWaitingAt)}
                </>,
              ],
              [
                texts.dead,
                <>
                  <span className={outbox.dead > 0 ? 'problem' : ''}>{outbox.dead}</span>
                  {since(outbox.oldestDeadAt)}
                </>,
              ],
            ]}
          />
        )}
      </Part>
      <Part name="alerts" state={alerts.state === 'ok' && alerts.open > 0 ? 'attention' : alerts.state}>
        {alerts.state === 'ok' && (
          <Facts
            facts={[
              [texts.open, <span className={alerts.open > 0 ? 'problem' : ''}>{alerts.open}</span>],
              [
                texts.needsRepair,
                <span className={alerts.needsRepair > 0 ? 'problem' : ''}>{alerts.needsRepair}</span>,
              ],
            ]}
          />
        )}
      </Part>
      <Part name="record" state={record.state}>
        {record.state === 'ok' && (
          <Facts
            facts={[
              [texts.lag, record.lagMs === undefined ? texts.unknown : texts.lagText(record.lagMs)],
              [texts.lastWritten, at(record.lastWrittenAt)],
              [
                texts.untold,
                <>
                  {record.untold}
                  {since(record.oldestUntoldAt)}
                </>,
              ],
              [texts.openWorkflows, record.openWorkflows],
              [texts.lastRoot, record.lastRoot ?? texts.unknown],
            ]}
          />
        )}
      </Part>
    </div>
  );
}

function Alerts({ system: { alerts } }: { system: System }) {
  const texts = useKeepingTexts().system;
  const { language } = useLanguage();
  if (alerts.state === 'away' || alerts.items.length === 0) return null;
  return (
    <section className="card" aria-label={texts.open}>
      <h2>{texts.open}</h2>
      <Table
        label={texts.open}
        rows={alerts.items}
        keyOf={({ kind, workflowId }) => `${kind} ${workflowId}`}
        columns={[
          {
            title: texts.parts['alerts'] ?? '',
            cell: ({ kind }) => <span className="state bad">{texts.alertKinds[kind] ?? kind}</span>,
            whole: true,
          },
          { title: texts.workflow, cell: ({ workflowId }) => workflowId },
          { title: texts.detail, cell: ({ detail }) => detail },
          { title: texts.firstSeen, cell: ({ firstSeen }) => moment(firstSeen, language), whole: true },
        ]}
      />
    </section>
  );
}
