import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ask, queryOf } from '../api/client';
import { useLive } from '../api/live';
import { MESSAGES, type Message, type Messages } from '../api/messages';
import { MoreButton } from '../app/more-button';
import { Failure, Loading } from '../app/said';
import { useLanguage, useTitle } from '../words/language';
import { moment } from '../words/moments';

/** 消息: what one was told, the latest first; following its link, or a click, marks one as read. */
export function MessagesPage() {
  const { words } = useLanguage();
  const [address, setAddress] = useSearchParams();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>();
  const [isReading, setReading] = useState(false);
  const isUnread = address.get('list') === 'unread';
  useLive();
  useTitle(words.messages.title);
  const found = useInfiniteQuery({
    queryKey: [MESSAGES, 'list', isUnread],
    queryFn: ({ pageParam }) =>
      ask<Messages>(`/messages${queryOf({ unread: isUnread || undefined, cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? [];
  const unread = rows.filter(({ readAt }) => readAt === undefined);
  const read = async (messages: readonly Message[]): Promise<void> => {
    setError(undefined);
    setReading(true);
    try {
      for (const { id } of messages) await ask(`/messages/${id}/read`, { method: 'POST' });
    } catch (reason) {
      setError(reason);
    }
    setReading(false);
    await client.invalidateQueries({ queryKey: [MESSAGES] });
  };
  return (
    <>
      <h1>{words.messages.title}</h1>
      <nav className="lists" aria-label={words.inbox.lists}>
        {([false, true] as const).map((one) => (
          <button
            key={String(one)}
            type="button"
            aria-current={one === isUnread ? 'page' : undefined}
            onClick={() => setAddress(one ? { list: 'unread' } : {})}
          >
            {one ? words.messages.unread : words.messages.all}
            {one && found.data && <span className="count">{found.data.pages[0]?.unread}</span>}
          </button>
        ))}
      </nav>
      <section className="card" aria-label={isUnread ? words.messages.unread : words.messages.all}>
        <Failure error={error ?? found.error} />
        {found.isPending && <Loading />}
        {found.data && rows.length === 0 && <p className="empty">{words.messages.none}</p>}
        {unread.length > 1 && (
          <div className="row">
            <Button loading={isReading} onClick={() => void read(unread)}>
              {words.messages.readAll(unread.length)}
            </Button>
          </div>
        )}
        <ul className="messages">
          {rows.map((message) => (
            <Line key={message.id} message={message} onRead={() => void read([message])} />
          ))}
        </ul>
        <MoreButton list={found} />
      </section>
    </>
  );
}

function Line({ message, onRead }: { message: Message; onRead: () => void }) {
  const { words, language } = useLanguage();
  const { subject, text, at, readAt } = message;
  const where = whereOf(message);
  const isUnread = readAt === undefined;
  return (
    <li className={isUnread ? 'is-unread' : undefined}>
      <div className="row apart">
        <span>
          {where ? (
            <Link to={where} onClick={() => isUnread && onRead()}>
              {subject}
            </Link>
          ) : (
            <strong>{subject}</strong>
          )}{' '}
          {isUnread && <span className="tag">{words.messages.isUnread}</span>}
        </span>
        <span className="hint">{moment(at, language)}</span>
      </div>
      <details>
        <summary>{words.messages.text}</summary>
        <p>{text}</p>
      </details>
      {isUnread && (
        <Button size="small" onClick={onRead}>
          {words.messages.read}
        </Button>
      )}
    </li>
  );
}

/** Where what it tells of is looked at; nothing where it tells of no page. */
function whereOf({ taskId, projectId, kind }: Message): string | undefined {
  if (taskId !== undefined) return `/tasks/${taskId}`;
  if (projectId !== undefined) return `/projects/${projectId}`;
  return kind === 'stand-in-named' ? '/account' : undefined;
}
