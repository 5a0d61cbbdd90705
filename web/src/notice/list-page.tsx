import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { ask, queryOf } from '../api/client';
import { Failure, Loading } from '../app/said';
import { yuanOf } from '../words/amounts';
import { useTitle } from '../words/language';
import { TimeLeft } from './time-left';
import { titleOf, type Notice } from './notice';
import './notice.css';
import { useTexts } from './texts';

/** Notices that hang, and those that have ended; open to everybody. */
export function NoticesPage() {
  const texts = useTexts();
  const [address] = useSearchParams();
  const isOver = address.get('over') === '1';
  useTitle(texts.listTitle);
  const found = useInfiniteQuery({
    queryKey: ['notices', isOver],
    queryFn: ({ pageParam }) =>
      ask<{ items: Notice[]; nextCursor?: string }>(
        `/notices${queryOf({ open: !isOver, cursor: pageParam })}`,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const notices = found.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="notice">
      <h1>{texts.listTitle}</h1>
      <p>{texts.intro}</p>
      <nav className="row notice-tools" aria-label={texts.listTitle}>
        <Link to="/notices" aria-current={isOver ? undefined : 'page'}>
          {texts.open}
        </Link>
        <Link to="/notices?over=1" aria-current={isOver ? 'page' : undefined}>
          {texts.over}
        </Link>
      </nav>
      {found.error && <Failure error={found.error} />}
      {found.isPending && <Loading />}
      {found.data && notices.length === 0 && <p>{isOver ? texts.noneOver : texts.none}</p>}
      <ul className="notices">
        {notices.map((notice) => (
          <li key={notice.id} className="card">
            <Link to={`/notices/${notice.id}`}>
              {titleOf(notice)}
              {notice.round > 1 && `（${texts.round(notice.round)}）`}
            </Link>
            <TimeLeft notice={notice} />
            <div>
              {texts.budget} {texts.yuan(yuanOf(notice.budgetFen))}
            </div>
          </li>
        ))}
      </ul>
      {found.hasNextPage && (
        <button type="button" className="notice-button" onClick={() => void found.fetchNextPage()}>
          {texts.more}
        </button>
      )}
    </div>
  );
}
