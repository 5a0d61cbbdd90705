import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/client';
import { useMe } from '../api/session';
import type { TaskRow } from '../api/tasks';
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
  const found = useQuery({ queryKey: ['tasks', 'copies'], queryFn: () => ask<{ items: Copy[] }>('/copies') });
  if (!found.data) return found.error ? <Failure error={found.error} /> : <Loading />;
  const rows = found.data.items.flatMap(({ about, reads }) =>
    about ? [{ ...about, unread: !reads.some(({ user }) => user === me.id) }] : [],
  );
  return rows.length > 0 ? <TaskTable rows={rows} /> : <p className="empty">{words.inbox.nothing}</p>;
}
