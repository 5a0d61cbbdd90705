import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/client';
import { People } from '../api/names';
import { useMe } from '../api/session';
import type { NamedPage, TaskRow } from '../api/tasks';
import { Failure, Loading } from '../app/said';
import { useLanguage } from '../words/language';
import { TaskTable } from './task-table';

interface Copy {
  readonly task: string;
  readonly about?: TaskRow;
  readonly reads: readonly { readonly user: string }[];
}

/** 抄送我的: the latest first; opening one marks it as read. */
export function CopyList() {
  const { words } = useLanguage();
  const me = useMe();
  const found = useQuery({ queryKey: ['tasks', 'copies'], queryFn: () => ask<NamedPage<Copy>>('/copies') });
  if (!found.data) return found.error ? <Failure error={found.error} /> : <Loading />;
  const rows = found.data.items.flatMap(({ about, reads }) =>
    about ? [{ ...about, unread: !reads.some(({ user }) => user === me.id) }] : [],
  );
  if (rows.length === 0) return <p className="empty">{words.inbox.nothing}</p>;
  return (
    <People value={found.data.people}>
      <TaskTable rows={rows} />
    </People>
  );
}
