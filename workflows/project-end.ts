import type { ReturnWay } from '../domain/come-back';
import type { ProjectEnd } from '../domain/node';
import type { Step } from '../policy/keys';

/** What a control does to the walk from outside of it. */
export type Turn =
  | { readonly turn: 'end'; readonly end: ProjectEnd; readonly reason: string }
  | {
      readonly turn: 'back';
      readonly to: Step;
      readonly reason: string;
      readonly then: ReturnWay;
      /** Steps that were running, and to which a project comes straight back. */
      readonly from: readonly Step[];
    };

/** Thrown by the walk itself where the policy ends a project. */
export class Ended extends Error {
  override readonly name = 'Ended';

  constructor(
    readonly end: ProjectEnd,
    readonly reason: string,
  ) {
    super(reason);
  }
}
