import type { ClientSession } from 'mongoose';
import type { RecordedEvent } from '../domain/events';
import type { RecordBatch } from '../domain/node';
import type { Task } from '../domain/task';
import type { Store } from './connect';

/**
 * Where an attachment is referred to: whoever sees one of these sees the file.
 * `project/<id>`, `organisation/<id>` (whose task or event it stands in), `county/<code>` or `city` (of a year's plan).
 */
export type Reference = `project/${string}` | `organisation/${string}` | `county/${string}` | 'city';

type Standing = Pick<Task, 'projectId' | 'county'>;

/** Ids of uploads are random; the permanent sample, which everybody sees, has a name of its own. */
const UPLOAD = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Every upload that a batch's events and tasks refer to, and from where. */
function referencesIn({ events, tasks }: Pick<RecordBatch, 'events' | 'tasks'>): Map<string, Set<Reference>> {
  const found = new Map<string, Set<Reference>>();
  const note = (value: unknown, references: readonly Reference[]): void => {
    for (const id of uploadsIn(value)) {
      const known = found.get(id) ?? new Set();
      for (const one of references) known.add(one);
      found.set(id, known);
    }
  };
  for (const event of events) note(event.data, [placeOf(event), ...officesOf(event)]);
  for (const task of tasks) {
    const { context, outcome, paperPending, organisation, paperBy } = task;
    const offices: Reference[] = [organisation, ...(paperBy === undefined ? [] : [paperBy])].map(
      (id): Reference => `organisation/${id}`,
    );
    note(
      [context, outcome?.form, outcome?.paper, paperPending?.form, paperPending?.paper],
      [placeOf(task), ...offices],
    );
  }
  return found;
}

/** Notes them with the files, in the transaction that writes the batch. */
export async function writeReferences(
  { attachments }: Pick<Store, 'attachments'>,
  batch: Pick<RecordBatch, 'events' | 'tasks'>,
  session: ClientSession,
): Promise<void> {
  for (const [id, references] of referencesIn(batch)) await attachments.refer(id, [...references], session);
}

/** Ids of uploads anywhere in a value. */
export function uploadsIn(value: unknown): string[] {
  if (typeof value === 'string') return UPLOAD.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(uploadsIn);
}

function placeOf({ projectId, county }: Standing): Reference {
  if (projectId !== undefined) return `project/${projectId}`;
  return county === undefined ? 'city' : `county/${county}`;
}

function officesOf({ by }: RecordedEvent): Reference[] {
  if (!by) return [];
  const { organisation, recordedBy } = by;
  return [organisation, ...(recordedBy ? [recordedBy.organisation] : [])].map(
    (id): Reference => `organisation/${id}`,
  );
}
