import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { memo, useDeferredValue, useState } from 'react';
import { ask, queryOf } from '../api/client';
import { People, useKinds, useOrganisations } from '../api/names';
import type { Project, RecordCheck, RecordedEvent } from '../api/projects';
import { Failure, Loading } from '../app/said';
import { Readable } from '../task/readable';
import { eventSentence } from '../words/events';
import { yuanOf } from '../words/amounts';
import { moment } from '../words/moments';
import { useLanguage } from '../words/language';
import { useSeatNames } from './next';
import { useTexts } from './texts';

interface Page {
  readonly items: readonly RecordedEvent[];
  readonly people: Readonly<Record<string, string>>;
  readonly nextCursor?: string;
}

/** So many at a time: a life of years is read without a pause. */
const AT_ONCE = 40;

/** Who did what, for whom, when and why; and whether the record of it holds. */
export function Record({ project: { id } }: { project: Project }) {
  const texts = useTexts();
  const [latestFirst, setLatestFirst] = useState(true);
  const found = useInfiniteQuery({
    queryKey: ['project', id, 'events', latestFirst],
    queryFn: ({ pageParam }) =>
      ask<Page>(`/projects/${id}/events${queryOf({ latestFirst, limit: AT_ONCE, cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  // Drawn in slices between which the browser answers whoever clicks.
  const pages = useDeferredValue(found.data?.pages, NO_PAGES) ?? NO_PAGES;
  return (
    <section className="card">
      <h2>{texts.record.title}</h2>
      <Check id={id} />
      {found.error && <Failure error={found.error} />}
      {found.isPending && <Loading />}
      <p>
        <button type="button" className="quiet" onClick={() => setLatestFirst(!latestFirst)}>
          {latestFirst ? texts.record.oldest : texts.record.latest}
        </button>
      </p>
      {pages.map((page, i) => (
        <Events key={i} page={page} />
      ))}
      {found.hasNextPage && (
        <button
          type="button"
          className="quiet"
          disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {texts.record.more(AT_ONCE)}
        </button>
      )}
    </section>
  );
}

const NO_PAGES: readonly Page[] = [];

const Events = memo(function Events({ page: { items, people } }: { page: Page }) {
  const { language } = useLanguage();
  const offices = useOrganisations(items.flatMap(officesIn));
  const seats = useSeatNames();
  const kinds = useKinds();
  return (
    <People value={people}>
      <ol className="events">
        {items.map((event) => (
          <Entry
            key={event.id}
            event={event}
            sentence={eventSentence(
              event.type,
              language,
              (name) => told(event, name, { offices, kinds, seats }),
              kinds,
            )}
            office={event.by && offices(event.by.organisation)}
            person={event.by && people[event.by.user]}
            standsFor={event.by?.for && (people[event.by.for] ?? event.by.for)}
            recorder={event.by?.recordedBy && offices(event.by.recordedBy.organisation)}
          />
        ))}
      </ol>
    </People>
  );
});

const Entry = memo(function Entry({
  event,
  sentence,
  office,
  person,
  standsFor,
  recorder,
}: {
  event: RecordedEvent;
  sentence: string;
  office: string | undefined;
  person: string | undefined;
  standsFor: string | undefined;
  recorder: string | undefined;
}) {
  const { words, language } = useLanguage();
  const texts = useTexts();
  const [isOpen, setOpen] = useState(false);
  const { at, step, round, reason, signature, partial, hash } = event;
  return (
    <li>
      <time dateTime={at}>{moment(at, language)}</time>
      <div>
        <div>
          <strong>{office ?? texts.record.system}</strong>
          {person && <span className="hint inline"> {person}</span>}
          {standsFor && <span className="hint inline"> {texts.record.standIn(standsFor)}</span>}
          {recorder && <span className="hint inline"> {texts.record.recordedBy(recorder)}</span>} {sentence}
          {signature && <span className="mark good"> ✓ {texts.record.signed}</span>}
        </div>
        {reason && <div>{texts.why(reason)}</div>}
        <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>
            {step ? words.steps[step] : texts.parts.course}
            {round && round > 1 ? `，${texts.course.round(round)}` : ''} · {texts.record.details}
          </summary>
          {isOpen && <Inside event={event} />}
          <p className="hint">
            {partial && `${texts.record.partial}。`}
            {texts.record.hash} {hash}
            {signature && `；${texts.record.signature} ${signature.certificate.keyId}`}
          </p>
        </details>
      </div>
    </li>
  );
});

/** Drawn when it is opened: forms are long. */
function Inside({ event: { data, id } }: { event: RecordedEvent }) {
  return data === undefined ? <p className="hint">{id}</p> : <Readable value={data} />;
}

function Check({ id }: { id: string }) {
  const { language } = useLanguage();
  const { record } = useTexts();
  const check = useQuery({
    queryKey: ['project', id, 'record-check'],
    queryFn: () => ask<RecordCheck>(`/projects/${id}/record-check`),
    staleTime: 60_000,
  });
  const { data } = check;
  return (
    <div className="check-record">
      <Failure error={check.error} />
      {check.isFetching && <p role="status">{record.checking}</p>}
      {data && !check.isFetching && (
        <div className={`verdict ${data.whole ? 'good' : 'alarm'}`} role="status">
          <strong>
            {data.whole ? '✓' : '✗'} {data.whole ? record.whole : record.broken}
          </strong>
          <div>
            {data.whole
              ? record.wholeDetail(
                  data.chains,
                  data.events,
                  data.signatures,
                  moment(data.checkedAt, language),
                )
              : record.brokenDetail(data.faults.length)}
          </div>
          {!data.whole && (
            <ul>
              {data.faults.map((fault) => (
                <li key={`${fault.workflowId}${fault.seq}`}>
                  {fault.workflowId} #{fault.seq}：{fault.message}
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      <p className="hint">{record.scope}</p>
      <button type="button" className="quiet" onClick={() => void check.refetch()}>
        {record.check}
      </button>
    </div>
  );
}

function officesIn({ by, data }: RecordedEvent): (string | undefined)[] {
  const { organisation, company } = (data ?? {}) as { organisation?: unknown; company?: unknown };
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return [by?.organisation, by?.recordedBy?.organisation, text(organisation), text(company)];
}

/** What the event tells under a name, as people say it. */
function told(
  event: RecordedEvent,
  name: string,
  say: Readonly<Record<'offices' | 'kinds' | 'seats', (key: string) => string>>,
): string | undefined {
  if (name === 'round') return String(event.round ?? 1);
  const value = ((event.data ?? {}) as Readonly<Record<string, unknown>>)[name];
  if (value === undefined || value === null || typeof value === 'object') return undefined;
  const text = String(value);
  if (name === 'organisation' || name === 'company') return say.offices(text);
  if (name === 'kind' && event.taskId) return say.kinds(text);
  if (name === 'seat') return say.seats(text);
  return name.endsWith('Fen') ? yuanOf(Number(text)) : text;
}
