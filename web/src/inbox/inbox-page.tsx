import { MoreButton } from '../app/more-button';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { ask, queryOf } from '../api/client';
import { useLive } from '../api/live';
import { People } from '../api/names';
import { useMe } from '../api/session';
import type { NamedPage, TaskRow } from '../api/tasks';
import { Failure, Loading } from '../app/said';
import { useLanguage, useTitle } from '../words/language';
import { CopyList } from './copy-list';
import { Filters } from './filters';
import { SupervisionList } from './supervision-list';
import { TaskTable } from './task-table';

const BulkDialog = lazy(async () => ({ default: (await import('../task/bulk-dialog')).BulkDialog }));

export interface Counts {
  readonly open: number;
  readonly overdue: number;
  readonly kinds: readonly { readonly kind: string; readonly title: string; readonly open: number }[];
  readonly submitted: number;
  readonly unreadCopies: number;
  readonly supervised?: number;
}

const NO_KINDS: Counts['kinds'] = [];

const LISTS = ['open', 'done', 'submitted', 'copies', 'supervision'] as const;
type List = (typeof LISTS)[number];

/** 待办、已办、我发起的、抄送我的、督办. Which list, and what is looked for in it, stays in the address. */
export function InboxPage() {
  const { words } = useLanguage();
  const [address, setAddress] = useSearchParams();
  const live = useLive();
  const counts = useQuery({ queryKey: ['tasks', 'counts'], queryFn: () => ask<Counts>('/inbox') });
  const list = LISTS.find((one) => one === address.get('list')) ?? 'open';
  useTitle(words.inbox[list]);
  const shown: Record<List, number | undefined> = {
    open: counts.data?.open,
    done: undefined,
    submitted: counts.data?.submitted,
    copies: counts.data?.unreadCopies,
    supervision: counts.data?.supervised,
  };
  return (
    <>
      <div className="row apart">
        <h1>{words.inbox.title}</h1>
        <span className="hint" role="status">
          {live ? '' : words.inbox.polling}
        </span>
      </div>
      <nav className="lists" aria-label={words.inbox.lists}>
        {LISTS.map((one) => (
          <button
            key={one}
            type="button"
            aria-current={one === list ? 'page' : undefined}
            onClick={() => setAddress(one === 'open' ? {} : { list: one })}
          >
            {words.inbox[one]}
            {shown[one] !== undefined && <span className="count">{shown[one]}</span>}
            {one === 'open' && counts.data && counts.data.overdue > 0 && (
              <span className="count alarm">{words.inbox.overdue(counts.data.overdue)}</span>
            )}
          </button>
        ))}
      </nav>
      {counts.error && <Failure error={counts.error} />}
      <section className="card" aria-label={words.inbox[list]}>
        {list === 'copies' ? (
          <CopyList />
        ) : list === 'supervision' ? (
          <SupervisionList />
        ) : (
          <TaskList list={list} kinds={counts.data?.kinds ?? NO_KINDS} />
        )}
      </section>
    </>
  );
}

const ASKS: Record<'open' | 'done' | 'submitted', Record<string, string>> = {
  open: { status: 'open', mine: 'true' },
  done: { decidedByMe: 'true' },
  submitted: { submittedByMe: 'true' },
};

function TaskList({ list, kinds }: { list: 'open' | 'done' | 'submitted'; kinds: Counts['kinds'] }) {
  const { words } = useLanguage();
  const me = useMe();
  const [address, setAddress] = useSearchParams();
  const [chosen, setChosen] = useState<ReadonlyMap<string, TaskRow>>(new Map());
  const [deciding, setDeciding] = useState(false);
  const given = Object.fromEntries(
    ['q', 'kind', 'step', 'overdue'].flatMap((name) => {
      const value = address.get(name);
      return value ? [[name, value]] : [];
    }),
  );
  const paper = list === 'open' && address.get('paper') === 'true' ? { mine: undefined } : {};
  const query = { ...ASKS[list], ...given, ...paper };
  const found = useInfiniteQuery({
    queryKey: ['tasks', 'list', query],
    queryFn: ({ pageParam }) => ask<NamedPage<TaskRow>>(`/tasks${queryOf({ ...query, cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });
  const pages = found.data?.pages;
  const rows = pages?.flatMap(({ items }) => items) ?? [];
  const people = useMemo(
    () => Object.assign({}, ...(pages ?? []).map((page) => page.people)) as NamedPage<TaskRow>['people'],
    [pages],
  );
  const canDecide = list === 'open' && me.organisations.length > 0;
  const isFiltered = Object.keys(given).length > 0;
  const toggle = useCallback(
    (task: TaskRow): void =>
      setChosen((now) => {
        const next = new Map(now);
        if (!next.delete(task.id)) next.set(task.id, task);
        return next;
      }),
    [],
  );
  return (
    <>
      <Filters kinds={kinds} withKinds={list === 'open'} />
      {found.error && <Failure error={found.error} />}
      {found.isPending && <Loading />}
      {chosen.size > 0 && (
        <p className="row chosen" role="status">
          {words.inbox.selected(chosen.size)}
          <Button type="primary" onClick={() => setDeciding(true)}>
            {words.inbox.bulk}
          </Button>
          <Button onClick={() => setChosen(new Map())}>{words.cancel}</Button>
        </p>
      )}
      {rows.length > 0 && (
        <People value={people}>
          <TaskTable
            rows={rows}
            isDone={list === 'done'}
            {...(canDecide ? { choice: { chosen: new Set(chosen.keys()), toggle } } : {})}
          />
        </People>
      )}
      {found.data && rows.length === 0 && (
        <p className="empty">
          {isFiltered
            ? words.inbox.nothingFound
            : list === 'open'
              ? words.inbox.nothingOpen
              : words.inbox.nothing}{' '}
          {isFiltered && (
            <Button onClick={() => setAddress(list === 'open' ? {} : { list })}>{words.inbox.clear}</Button>
          )}
        </p>
      )}
      <MoreButton list={found} />
      {deciding && (
        <Suspense fallback={<Loading />}>
          <BulkDialog
            tasks={[...chosen.values()]}
            onClose={(isDone) => {
              setDeciding(false);
              if (isDone) setChosen(new Map());
              void found.refetch();
            }}
          />
        </Suspense>
      )}
    </>
  );
}
