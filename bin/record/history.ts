import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { Actor } from '../../domain/actor';
import type { ChainHead, Json } from '../../domain/events';
import type { RecordBatch } from '../../domain/node';
import { requestOf } from '../../domain/request';
import { contentOf } from '../../domain/signing/statements';
import type { Crossing } from '../../workflows/long-life';

/** A client, or only how it reads payloads. */
export type Readable = { readonly options: Pick<Client['options'], 'loadedDataConverter'> };

/** An Update that a workflow accepted and answered with the number of its event. */
export interface AcceptedUpdate {
  readonly updateId: string;
  readonly seq: number;
  /** Whether an event that names it holds what it said. */
  says(data: Json | undefined, by: Actor | undefined): boolean;
}

/** What people decided and began, as the engine keeps it; one that the handler refused after all has no event. */
export async function acceptedUpdates(
  client: Client,
  history: temporal.api.history.v1.IHistory,
): Promise<AcceptedUpdate[]> {
  const answers = new Map<string, readonly Payload[]>();
  for (const { workflowExecutionUpdateCompletedEventAttributes: done } of history.events ?? []) {
    const payloads = done?.outcome?.success?.payloads;
    if (payloads) answers.set(String(done?.meta?.updateId), payloads as Payload[]);
  }
  const updates: AcceptedUpdate[] = [];
  for (const { workflowExecutionUpdateAcceptedEventAttributes: accepted } of history.events ?? []) {
    const request = accepted?.acceptedRequest;
    const updateId = String(request?.meta?.updateId);
    const answer = answers.get(updateId);
    if (!request || !answer) continue;
    const receipt = (await decoded(client, answer)) as { seq: number };
    const said = (await decoded(client, (request.input?.args?.payloads ?? []) as Payload[])) as Said;
    updates.push({
      updateId: requestOf(updateId),
      seq: receipt.seq,
      says: (data, by) => isSaid(said, data, by),
    });
  }
  return updates;
}

/** Everything that the workflow has asked to be recorded in this run, in its order. */
export async function batchesTold(
  client: Readable,
  history: temporal.api.history.v1.IHistory,
): Promise<RecordBatch[]> {
  const batches: RecordBatch[] = [];
  for (const { activityTaskScheduledEventAttributes: scheduled } of history.events ?? []) {
    if (scheduled?.activityType?.name !== 'record') continue;
    batches.push((await decoded(client, (scheduled.input?.payloads ?? []) as Payload[])) as RecordBatch);
  }
  return batches;
}

/** A workflow's life in the engine: all runs of which it still keeps the history, as one, the first first. */
export interface Life {
  readonly history: temporal.api.history.v1.IHistory;
  /** The chain's head with which the oldest of these runs began: 0 and the origin, unless earlier runs have expired. */
  readonly from: ChainHead | undefined;
}

/** @throws WorkflowNotFoundError, or the engine's `NOT_FOUND`, where it does not know even the last run */
export async function lifeOf(client: Client, workflowId: string): Promise<Life> {
  let history = await client.workflow.getHandle(workflowId).fetchHistory();
  for (;;) {
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    const { continuedExecutionRunId: before } = started ?? {};
    if (!before) return { history, from: undefined };
    try {
      const { events } = await client.workflow.getHandle(workflowId, before).fetchHistory();
      history = { events: [...(events ?? []), ...(history.events ?? [])] };
    } catch (error) {
      if (!isUnknown(error)) throw error;
      return { history, from: await beganAt(client, history) };
    }
  }
}

/** The head that a further run of a workflow has begun with. */
async function beganAt(
  client: Readable,
  { events }: temporal.api.history.v1.IHistory,
): Promise<ChainHead | undefined> {
  const { input } = events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
  const crossing = (input?.payloads ?? []).slice(2) as Payload[];
  return ((await decoded(client, crossing)) as Crossing | undefined)?.kept.record.head;
}

/** A query says it in a class of its own, the reading of a history as the engine does. */
export function isUnknown(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && error.code === NOT_FOUND);
}

const NOT_FOUND = 5;

/** Hashes of all events of its record that the workflow has asked to be written in this run, by number. */
export async function hashesAskedFor(
  client: Readable,
  history: temporal.api.history.v1.IHistory,
): Promise<Map<number, string>> {
  const batches = await batchesTold(client, history);
  return new Map(batches.flatMap(({ events }) => events.map(({ seq, hash }) => [seq, hash] as const)));
}

/** With what a workflow began: the hash that was signed, and who began it. Only of those that no parent started. */
export interface Begun {
  readonly content: string;
  readonly by?: Actor;
}

export async function begunWith(
  client: Client,
  history: temporal.api.history.v1.IHistory,
): Promise<Begun | undefined> {
  const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
  if (!started || started.parentWorkflowExecution) return undefined;
  const start = (await decoded(client, (started.input?.payloads ?? []) as Payload[])) as {
    startedBy?: Actor;
  };
  return { content: contentOf(start), ...(start.startedBy ? { by: start.startedBy } : {}) };
}

/** Whether it came to an end, of itself or from outside. */
export function hasEnded({ events }: temporal.api.history.v1.IHistory): boolean {
  const last = events?.at(-1);
  return Boolean(
    last?.workflowExecutionCompletedEventAttributes ??
    last?.workflowExecutionFailedEventAttributes ??
    last?.workflowExecutionCanceledEventAttributes ??
    last?.workflowExecutionTerminatedEventAttributes ??
    last?.workflowExecutionTimedOutEventAttributes,
  );
}

/** Of a decision and of an act alike. */
interface Said {
  readonly form?: Json;
  readonly by?: Actor;
}

function isSaid(said: Said, data: Json | undefined, by: Actor | undefined): boolean {
  const { form = null } = (data ?? {}) as { form?: Json };
  return (
    contentOf(said.form) === contentOf(form) &&
    said.by?.user === by?.user &&
    said.by?.organisation === by?.organisation
  );
}

/** The first of these payloads, decoded as the client decodes what it receives. */
async function decoded(client: Readable, payloads: readonly Payload[]): Promise<unknown> {
  const { payloadConverter, payloadCodecs } = client.options.loadedDataConverter;
  let plain = [...payloads.slice(0, 1)];
  for (const codec of [...payloadCodecs].reverse()) plain = await codec.decode(plain);
  const [payload] = plain;
  return payload ? payloadConverter.fromPayload(payload) : undefined;
}
