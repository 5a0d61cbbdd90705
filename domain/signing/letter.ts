import type { Signature } from './signature';

/** What a Signal carries: its content, signed by whoever sends it. */
export interface Letter<Content> {
  /** Each counts once. */
  readonly id: string;
  readonly content: Content;
  readonly signature: Signature;
}
