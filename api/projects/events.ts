import type { RecordedEvent } from '../../domain/events';
import type { Store } from '../../store/connect';
import type { Page } from '../../store/cursor';
import type { EventPaging } from '../../store/events';
import { officesOf, reachOf, type Caller, type SeenProject } from '../permissions';

/** How a project goes, without what anybody has entered. */
const COURSE = [
  'project-started',
  'project-suspended',
  'project-resumed',
  'project-ended',
  'taken-in',
  'turned-back',
  'walked-again',
  'step-started',
  'step-opened',
  'step-done',
  'step-closed',
  'step-turned-back',
  'seat-vacant',
  'seat-filled',
];

/** Of these the data are who is missing, not what somebody entered. */
const OPEN_DATA = ['seat-vacant', 'seat-filled'];

/** 经办、审核、签发: what an organisation does inside, of which the others see that it goes on. */
const INSIDE = ['task-drafted', 'task-endorsed', 'task-draft-returned'];

/** An event as a caller sees it: `partial` where what was entered is withheld. */
export type SeenEvent = RecordedEvent & { readonly partial?: true };

/** A page of a project's record, as far as the caller sees it. */
export async function projectEventsSeen(
  store: Pick<Store, 'events' | 'tasks'>,
  caller: Caller,
  { project, sight }: SeenProject,
  paging: EventPaging,
): Promise<Page<SeenEvent>> {
  const { projectId } = project;
  const { parties: organisations } = reachOf(caller);
  const seen = seenOf(caller);
  if (sight === 'everything') {
    const page = await store.events.ofProject(projectId, paging);
    return { ...page, items: page.items.map(seen) };
  }
  if (sight === 'course') {
    const page = await store.events.ofProject(projectId, paging);
    return { ...page, items: page.items.map(courseOf) };
  }
  const tasks = await store.tasks.idsIn(projectId, organisations);
  const page = await store.events.ofProject(projectId, paging, { types: COURSE, tasks, organisations });
  const own = ({ taskId = '', by }: RecordedEvent): boolean =>
    tasks.includes(taskId) || organisations.includes(by?.organisation ?? '');
  return { ...page, items: page.items.map((event) => (own(event) ? seen(event) : courseOf(event))) };
}

/**
 * An event of what the caller sees in whole: of another organisation's drafts and endorsements only that they were made.
 * A task that was handed over to the caller's organisation brings nothing of what was drafted before.
 */
export function seenOf(caller: Caller): (event: RecordedEvent) => SeenEvent {
  const { whole } = reachOf(caller);
  const offices = officesOf(caller);
  const isInside = ({ type, by }: RecordedEvent): boolean =>
    INSIDE.includes(type) && whole !== 'everything' && !offices.includes(by?.organisation ?? '');
  return (event) => (isInside(event) ? courseOf(event) : event);
}

/** What the system administrator sees of an event. */
export function courseOf(event: RecordedEvent): SeenEvent {
  if (OPEN_DATA.includes(event.type)) return event;
  const { data: _data, reason: _reason, signature: _signature, ...rest } = event;
  return { ...rest, partial: true };
}
