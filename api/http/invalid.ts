import { Problem } from '../../domain/problems';
import type { Said } from './language';

/** One thing of a request that does not fit its schema: `funding.2.amountFen`, and what would fit. */
export interface FieldError {
  readonly path: string;
  readonly message: string | Said;
}

/** 400 `invalid-request`, with every fault of the request at once. */
export class InvalidRequest extends Problem {
  constructor(
    readonly errors: readonly FieldError[],
    detail?: Said,
  ) {
    super('invalid-request', detail);
  }
}
