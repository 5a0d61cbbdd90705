import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { MESSAGES } from './messages';

const POLL_MS = 20_000;
const GATHER_MS = 400;

interface Told {
  readonly task?: string;
  readonly projectId?: string;
  readonly mine?: boolean;
}

/**
 * Keeps what is shown true while one looks: the API tells what has changed, and the queries under `tasks`, `projects`
 * and `messages` ask again. While the stream is away they ask every 20 s. A page that nobody sees asks nothing.
 * @returns whether the stream is there
 */
export function useLive(): boolean {
  const client = useQueryClient();
  const [live, setLive] = useState(true);
  useEffect(() => {
    let stream: EventSource | undefined;
    let after: string | undefined;
    let gathering: number | undefined;
    const refresh = (): void => {
      gathering ??= window.setTimeout(() => {
        gathering = undefined;
        void client.invalidateQueries({ queryKey: ['tasks'] });
        void client.invalidateQueries({ queryKey: ['projects'] });
        void client.invalidateQueries({ queryKey: [MESSAGES] });
      }, GATHER_MS);
    };
    const open = (): void => {
      stream?.close();
      stream = new EventSource(`/api/v1/events/stream${after ? `?after=${encodeURIComponent(after)}` : ''}`);
      stream.onopen = () => setLive(true);
      stream.onerror = () => setLive(false);
      stream.addEventListener('again', refresh);
      stream.addEventListener('task', (event: MessageEvent<string>) => {
        after = event.lastEventId;
        const { mine } = JSON.parse(event.data) as Told;
        if (mine !== undefined) refresh();
      });
    };
    const onVisible = (): void => {
      if (document.visibilityState === 'hidden') return stream?.close();
      open();
      if (after === undefined) refresh();
    };
    const polling = window.setInterval(() => {
      const away = stream?.readyState !== EventSource.OPEN;
      if (!away || document.visibilityState === 'hidden') return;
      refresh();
      // A stream that was refused does not come again by itself.
      if (stream?.readyState === EventSource.CLOSED) open();
    }, POLL_MS);
    open();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      document.removeEventListener('visibilitychange', onVisible);
      window.clearInterval(polling);
      window.clearTimeout(gathering);
      stream?.close();
    };
  }, [client]);
  return live;
}
