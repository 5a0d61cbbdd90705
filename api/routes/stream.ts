import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Task } from '../../domain/task';
import type { Context } from '../context';
import { sessionOf } from '../auth/credentials';
import { operation, type AnyOperation } from '../http/operation';
import { officesOf, seesTask, type Caller } from '../permissions';
import type { TaskChange } from '../live/changes';

const HEARTBEAT_MS = 15_000;
/** Whether a project is seen is asked once in so long. */
const BELIEVED_MS = 30_000;
/** A browser that lost us comes again after so long. */
const RETRY_MS = 3_000;

/** As one event of the stream is read. */
const serverSentEvent = z.object({
  event: z.enum(['task', 'again']),
  id: z.string().optional(),
  data: z.string().meta({ description: 'JSON' }),
});

/**
 * What changes while one looks: told to the page, which then asks for it. Nothing of a task's content goes this way.
 * A stream ends with its session, and using it is no use of the session: who leaves the desk is logged out as ever.
 */
export function streamOperations(context: Context): AnyOperation[] {
  const { store, changes, sessionLife } = context;

  return [
    operation({
      method: 'get',
      path: '/events/stream',
      name: 'streamEvents',
      tag: 'tasks',
      summary: '待办变动的实时通知（Server-Sent Events）',
      description:
        '`event: task` with `{task, projectId, status, mine}` for each change of a task that you see; `event: again` when changes were missed: ask for everything again. Resumes by `Last-Event-ID` or `after`. A comment every 15 s.',
      access: 'inbox:read',
      slow: true,
      query: z.strictObject({ after: z.string().max(500).optional() }),
      answers: {
        200: { description: '实时通知', contentType: 'text/event-stream', schema: serverSentEvent },
      },
      handle: async ({ caller, query, request, response }) => {
        const sees = watchOf(context, caller);
        const after = request.get('Last-Event-ID') ?? query.after;
        response.status(200).set({
          'Content-Type': 'text/event-stream; charset=utf-8',
          // A proxy that gathers answers would keep them until the end.
          'X-Accel-Buffering': 'no',
        });
        const say = (text: string): void => void (response.writable && response.write(text));
        say(`retry: ${RETRY_MS}\n\n`);
        const tell = async (change: TaskChange): Promise<void> => {
          const seen = await sees(change.task);
          if (!seen) return;
          const { id: task, projectId, status } = change.task;
          const data = JSON.stringify({ task, projectId, status, mine: seen === 'mine' });
          say(`id: ${change.place}\nevent: task\ndata: ${data}\n\n`);
        };
        // One after the other: their order is what makes the last one's id a place to go on from.
        let telling = Promise.resolve();
        const next = (change: TaskChange): void => {
          telling = telling.then(() => tell(change)).catch(() => void response.end());
        };
        const missed = after === undefined ? [] : changes.since(after);
        if (missed === undefined) say('event: again\ndata: {}\n\n');
        else missed.forEach(next);
        const unwatch = changes.watch(next);
        const end = new AbortController();
        const hangUp = (): void => void response.end();
        request.app.once('closing', hangUp);
        response.once('close', () => {
          unwatch();
          request.app.off('closing', hangUp);
          end.abort();
        });
        const token = sessionOf(request);
        const isPerson = caller.kind !== 'service';
        for (;;) {
          await pause(HEARTBEAT_MS, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
          if (end.signal.aborted) return undefined;
          const alive = { now: new Date(), idleMs: sessionLife.idleMs };
          if (isPerson && !(await store.sessions.find(token, alive))) response.end();
          else say(': \n\n');
        }
      },
    }),
  ];
}

/** Whether this caller sees a task that has changed, and whether it concerns their own desk. */
function watchOf({ store }: Context, caller: Caller): (task: Task) => Promise<'mine' | 'seen' | undefined> {
  const offices = officesOf(caller);
  const known = new Map<string, { seen: boolean; until: number }>();
  return async (task) => {
    const { organisation, paperBy, notBy, outcome } = task;
    const own = offices.includes(organisation) || (paperBy !== undefined && offices.includes(paperBy));
    if (own || notBy.includes(caller.user) || outcome?.by.user === caller.user) return 'mine';
    const of = task.projectId ?? `${task.planYear}/${task.county}`;
    const before = known.get(of);
    if (before && before.until > Date.now()) return before.seen ? 'seen' : undefined;
    const seen = await seesTask(store, caller, task);
    known.set(of, { seen, until: Date.now() + BELIEVED_MS });
    return seen ? 'seen' : undefined;
  };
}
