import { Schema, type Connection } from 'mongoose';
import type { RecordedEvent } from '../domain/events';
import { withinIds, type IdRange } from './id-range';
import { afterKeys, beforeKeys, decodeCursor, pageOf, pageSize, type Page } from './cursor';
import { together } from './together';

/** The record: append-only, written by `writeBatch` alone, hash-chained by workflow. */
export type EventRow = RecordedEvent & { readonly _id: string };

const schema = new Schema<EventRow>(
  { _id: String, workflowId: String, seq: Number, at: String, projectId: String, updateId: String },
  { strict: false, versionKey: false, minimize: false },
);
schema.index({ projectId: 1, at: 1, _id: 1 }, { partialFilterExpression: { projectId: { $exists: true } } });
schema.index({ planYear: 1, at: 1, _id: 1 }, { partialFilterExpression: { planYear: { $exists: true } } });
// Not unique: what the engine has accepted must never fail to be recorded. The API looks a key up before it acts.
schema.index({ updateId: 1 }, { partialFilterExpression: { updateId: { $exists: true } } });

/** `project/371302-2027-0042` and 7 → `project/371302-2027-0042#0000007`: ids of one workflow sort by number. */
export function eventId(workflowId: string, seq: number): string {
  return `${workflowId}#${String(seq).padStart(7, '0')}`;
}

export function openEvents(connection: Connection) {
  const model = connection.model<EventRow>('Event', schema, 'events');

  async function list(filter: Record<string, unknown>, paging: EventPaging): Promise<Page<RecordedEvent>> {
    const size = pageSize(paging.limit);
    const [beyond, order] = paging.latestFirst ? ([beforeKeys, -1] as const) : ([afterKeys, 1] as const);
    const rows = await model
      .find({
        ...filter,
        ...(paging.cursor ? beyond('at', '_id', decodeCursor(paging.cursor, 2)) : {}),
      })
      .sort({ at: order, _id: order })
      .limit(size + 1)
      .lean<EventRow[]>();
    const { items, ...rest } = pageOf(rows, size, (row) => [row.at, row._id]);
    return { items: items.map(eventOf), ...rest };
  }

  async function ofUpdates(updateIds: readonly string[]): Promise<Map<string, RecordedEvent>> {
    const rows = await model.find({ updateId: { $in: [...updateIds] } }).lean<EventRow[]>();
    return new Map(rows.map((row) => [row.updateId ?? '', eventOf(row)]));
  }

  return {
    model,
    /** One workflow's events from a number on, in order. */
    async ofWorkflow(workflowId: string, from = 1, to = 9_999_999): Promise<RecordedEvent[]> {
      const rows = await model
        .find({ _id: { $gte: eventId(workflowId, from), $lte: eventId(workflowId, to) } })
        .sort({ _id: 1 })
        .lean<EventRow[]>();
      return rows.map(eventOf);
    },
    /**
     * Every slot of the record in the order of workflows and numbers, as it stands; of these ranges only, if given.
     * Each yield holds some of one workflow's: by the thousand, because a promise an event costs more than the event.
     */
    async *slots(ranges: readonly IdRange[] = [{}]): AsyncIterable<Slots> {
      for (const range of ranges) {
        const rows = model.collection.find(withinIds(range), {
          sort: { _id: 1 },
          batchSize: 2_000,
          // What is not UTF-8 is altered anyway, as its hash shows.
          enableUtf8Validation: false,
        });
        while (await rows.hasNext()) yield* byWorkflow(rows.readBufferedDocuments() as unknown as EventRow[]);
      }
    },
    /** The last event of each workflow, with the hash before its first. */
    async *ends(ranges: readonly IdRange[] = [{}]): AsyncIterable<ChainEnd> {
      for (const range of ranges) {
        const ends = model.aggregate<Omit<ChainEnd, 'workflowId'> & { _id: string }>([
          { $match: withinIds(range) },
          { $sort: { _id: 1 } },
          {
            $group: {
              _id: '$workflowId',
              origin: { $first: '$previous' },
              seq: { $last: '$seq' },
              hash: { $last: '$hash' },
              at: { $last: '$at' },
              type: { $last: '$type' },
            },
          },
        ]);
        for await (const { _id, ...end } of ends.option({ allowDiskUse: true }).cursor()) {
          yield { workflowId: _id, ...end };
        }
      }
    },
    /** Which event each Update of one workflow caused. */
    async updatesOf(workflowId: string): Promise<Pick<RecordedEvent, 'seq' | 'updateId' | 'data' | 'by'>[]> {
      const within = { _id: { $gte: eventId(workflowId, 0), $lte: eventId(workflowId, 9_999_999) } };
      return model
        .find({ ...within, updateId: { $exists: true } }, { seq: 1, updateId: 1, data: 1, by: 1, _id: 0 })
        .sort({ seq: 1 })
        .lean<EventRow[]>();
    },
    /** A project's record in the order of time, its steps' included. */
    ofProject: (projectId: string, paging: EventPaging = {}, only?: EventsOnly) =>
      list({ projectId, ...(only ? onlyCondition(only) : {}) }, paging),
    /** Of a year's plan; of one county's part in it only, where `county` is given. */
    ofPlan: (planYear: number, paging: EventPaging = {}, county?: readonly string[]) =>
      list({ planYear, ...(county ? { county: { $in: [...county] } } : {}) }, paging),
    /** The event that an Update caused, to answer a repeated idempotency key. */
    ofUpdate: together(ofUpdates),
    /** Of several, by Update. */
    ofUpdates,
  };
}

/** Where a chain ends by its events, and from where it went on. */
export interface ChainEnd extends Pick<RecordedEvent, 'workflowId' | 'seq' | 'hash' | 'at' | 'type'> {
  readonly origin: string;
}

/** Places of the record and what stands there, which need not be what belongs there. */
export interface Slots {
  readonly workflowId: string;
  readonly slots: { readonly slot: number; readonly event: RecordedEvent }[];
}

function byWorkflow(rows: readonly EventRow[]): Slots[] {
  const parts: Slots[] = [];
  for (const { _id, ...event } of rows) {
    const cut = _id.lastIndexOf('#');
    const workflowId = _id.slice(0, cut);
    const place = { slot: Number(_id.slice(cut + 1)), event };
    const part = parts.at(-1);
    if (part?.workflowId === workflowId) part.slots.push(place);
    else parts.push({ workflowId, slots: [place] });
  }
  return parts;
}

export interface EventPaging {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly latestFirst?: boolean | undefined;
}

/** Events of these types, of these tasks, or by these organisations. */
export interface EventsOnly {
  readonly types: readonly string[];
  readonly tasks: readonly string[];
  readonly organisations: readonly string[];
}

function onlyCondition({ types, tasks, organisations }: EventsOnly): Record<string, unknown> {
  return {
    $and: [
      {
        $or: [
          { type: { $in: [...types] } },
          { taskId: { $in: [...tasks] } },
          { 'by.organisation': { $in: [...organisations] } },
        ],
      },
    ],
  };
}

export function eventOf({ _id, ...event }: EventRow): RecordedEvent {
  return event;
}
