import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { messageView } from '../../../api/routes/person-views';
import { ask } from './client';
import type { Page } from './tasks';

export type Message = z.infer<typeof messageView>;

export interface Messages extends Page<Message> {
  readonly unread: number;
}

/** Under it everything that is asked of messages. */
export const MESSAGES = 'messages';

/** Messages follow what happened by some seconds: a page that only heard of it would ask too early. */
const POLL_MS = 60_000;

/** How many messages one has not read; nothing while it is not known. */
export function useUnreadMessages(enabled: boolean): number | undefined {
  return useQuery({
    queryKey: [MESSAGES, 'unread'],
    queryFn: () => ask<Messages>('/messages?limit=1'),
    refetchInterval: POLL_MS,
    enabled,
  }).data?.unread;
}
