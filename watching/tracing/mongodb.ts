import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { mongo } from 'mongoose';
import { tracer } from './start';

/**
 * Every command that something traced sends to MongoDB becomes a span: its name and collection, never its contents. What
 * nobody has caused (heartbeats, sweeps) does not.
 */
export function traceCommands(client: Pick<mongo.MongoClient, 'on'>): void {
  const running = new Map<number, Span>();
  client.on('commandStarted', ({ requestId, commandName, command, databaseName }) => {
    if (!trace.getSpan(context.active())) return;
    const collection: unknown = (command as Record<string, unknown>)[commandName];
    const of = typeof collection === 'string' ? collection : undefined;
    const attributes = {
      'db.system.name': 'mongodb',
      'db.namespace': databaseName,
      'db.operation.name': commandName,
      ...(of === undefined ? {} : { 'db.collection.name': of }),
    };
    const name = of === undefined ? `mongodb ${commandName}` : `mongodb ${commandName} ${of}`;
    running.set(requestId, tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes }));
  });
  const ended = (requestId: number, failed: boolean): void => {
    const span = running.get(requestId);
    running.delete(requestId);
    if (failed) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  };
  client.on('commandSucceeded', ({ requestId }) => ended(requestId, false));
  client.on('commandFailed', ({ requestId }) => ended(requestId, true));
}
