import { ApplicationFailure, currentUpdateInfo } from '@temporalio/workflow';
import { requestOf } from '../domain/request';
import { DONE_BEFORE, type Receipt } from './messages';

/**
 * What people have asked of this workflow, and what it answered. A request that is sent again is answered as the first
 * time and changes nothing, whether or not its task is still open.
 */
export class Requests {
  private readonly receipts = new Map<string, Receipt>();

  /**
   * For a validator: reads only.
   * @throws ApplicationFailure `DONE_BEFORE` with the first receipt; whatever `check` throws
   */
  validate(check: (request: string) => void): void {
    const request = current();
    const receipt = this.receipts.get(request);
    if (receipt) {
      throw ApplicationFailure.create({
        type: DONE_BEFORE,
        message: 'this request has been carried out',
        nonRetryable: true,
        details: [receipt],
      });
    }
    check(request);
  }

  carryOut(act: (request: string) => Receipt): Receipt {
    const request = current();
    const receipt = act(request);
    this.receipts.set(request, receipt);
    return receipt;
  }
}

function current(): string {
  return requestOf(currentUpdateInfo()?.id ?? '');
}
