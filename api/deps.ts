import type { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import type { Logger } from 'pino';
import type { Root } from '../domain/signing/certificate';
import type { Identity } from '../keys/identity';
import type { FieldSeal } from '../domain/field-seal';
import type { Policy } from '../policy/schema';
import type { Store } from '../store/connect';
import type { OidcSettings } from './auth/oidc/provider';
import type { SecondFactorRule } from './auth/second-factor';
import type { SessionLife } from './auth/session-life';
import type { Answer, AnyOperation } from './http/operation';
import type { RequestLimit } from './http/request-guard';

/** What the API works with; whoever starts it brings everything, so that tests and a rehearsal call it in process. */
export interface ApiDeps {
  readonly store: Store;
  readonly client: Client;
  readonly taskQueue: string;
  /** The engine's clock, ms since 1970. In a rehearsal it runs ahead of the machine's. */
  readonly now: () => number;
  readonly mode: 'live' | 'rehearsal';
  /** Moves a rehearsal's clock forward by so many ms and answers its new time; only in a rehearsal. */
  readonly advance?: (ms: number) => Promise<number>;
  /** Whether a worker is polling, where the engine cannot say so (the time-skipping server). */
  readonly workerPolls?: () => Promise<boolean>;
  /** The policy with which the program was delivered; a newer version in the store goes before it. */
  readonly policy: Policy;
  /** The API's signing key: what people decide counts because it has signed it. */
  readonly signer: Identity;
  /** Whose revocations of keys are accepted. */
  readonly roots: readonly Root[];
  /** Roots of all times: what they vouched for in their time still counts in the record; `roots` by default. */
  readonly recordRoots?: readonly Root[];
  readonly log: Logger;
  /** Whether requests are traced (`watching/tracing`). */
  readonly traced?: boolean;
  readonly version: string;
  /** Largest upload in bytes; 50 MiB by default. */
  readonly largestAttachment?: number;
  /** How long a log-in lasts; 12 h, and 30 min without a request, by default. */
  readonly sessionLife?: SessionLife;
  /** The identity provider at which people may log in, too. */
  readonly oidc?: OidcSettings;
  /** Until when the certificate counts by which it is served over TLS; it is told to those who watch. */
  readonly certificateUntil?: Date;
  /** How many requests one account and one address may send. */
  readonly requestLimit?: RequestLimit;
  /** Who must have a second factor; nobody by default. */
  readonly secondFactor?: SecondFactorRule;
  /** Keeps single fields secret at rest. */
  readonly fieldSeal: FieldSeal;
  /** Reads the engine's payloads for administrators; without one there is no codec endpoint. */
  readonly payloadCodec?: PayloadCodec;
  /** Origin of the Temporal UI, whose pages may use the codec endpoint. */
  readonly engineUi?: string;
  /** Origins whose pages may read answers; none by default. */
  readonly corsOrigins?: readonly string[];
  /** Addresses of proxies whose `X-Forwarded-For` counts, as Express reads them; none by default. */
  readonly trustProxy?: string;
  /** Folder of the built pages; without one there are none. */
  readonly pages?: string;
  /** Sees every JSON answer before it is sent; tests hold it against its schema. */
  readonly onAnswer?: (operation: AnyOperation, answer: Answer) => void;
}
