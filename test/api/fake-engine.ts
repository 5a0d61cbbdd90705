import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Receipt } from '../../workflows/messages';
import { requestOf } from '../../domain/request';

export interface Started {
  readonly type: string;
  readonly workflowId: string;
  readonly args: readonly unknown[];
}

export interface Sent {
  readonly workflowId: string;
  readonly update: string;
  readonly argument: Record<string, unknown>;
  /** The request of which this is an attempt. */
  readonly updateId: string;
}

/**
 * An engine that notes what it is asked, for tests of what must happen before it is asked. What it answers, the test
 * says; unasked-for calls fail. Decisions against a real engine are in `life.test.ts`.
 */
export class FakeEngine {
  readonly started: Started[] = [];
  readonly sent: Sent[] = [];
  readonly signalled: string[] = [];
  onStart: (started: Started) => Promise<void> = async ({ workflowId }) => {
    throw new Error(`unexpected start of ${workflowId}`);
  };
  onUpdate: (sent: Sent) => Promise<Receipt> = async ({ workflowId }) => {
    throw new Error(`unexpected Update to ${workflowId}`);
  };
  readonly client: Client;

  constructor() {
    const workflow = {
      start: async (type: string, options: { workflowId: string; args: unknown[] }) => {
        const started = { type, workflowId: options.workflowId, args: options.args };
        this.started.push(started);
        await this.onStart(started);
      },
      getHandle: (workflowId: string) => ({
        executeUpdate: async (
          update: { name: string },
          { args, updateId }: { args: [Record<string, unknown>]; updateId: string },
        ) => {
          const sent = { workflowId, update: update.name, argument: args[0], updateId: requestOf(updateId) };
          this.sent.push(sent);
          return this.onUpdate(sent);
        },
        signal: async () => void this.signalled.push(workflowId),
        describe: async () => {
          if (!this.started.some((one) => one.workflowId === workflowId)) {
            throw new WorkflowNotFoundError('not found', workflowId, undefined);
          }
        },
      }),
    };
    this.client = {
      options: { namespace: 'default' },
      workflow,
      withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
    } as unknown as Client;
  }
}
