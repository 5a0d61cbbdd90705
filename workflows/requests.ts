import { ApplicationFailure, currentUpdateInfo } from '@temporalio/workflow';
import { requestOf } from '../domain/request';
import { DONE_BEFORE, NOT_YET, type Receipt } from './messages';
import type { RecordKeeper } from './record-keeper';

/** By request. */
export type KeptReceipts = readonly (readonly [request: string, receipt: Receipt])[];

const KEPT = 64;

/**
 * What people have asked of this workflow, and what it answered. A request that is sent again is answered as the first
 * time and changes nothing, whether or not its task is still open.
 *
 * It answers when it has heard that the event is recorded: whoever asks the engine knows then what whoever asks the store
 * knows, and the task of the workflow that hears of the record leaves an event (`leave-an-event.ts`) that is needed anyhow.
 */
export class Requests {
  private readonly receipts: Map<string, Receipt>;

  /** @param isReady whether anything can be asked of it now: not before it knows whom to believe */
  constructor(
    private readonly keeper: Pick<RecordKeeper, 'written'>,
    private readonly isReady: () => boolean,
    before: KeptReceipts = [],
  ) {
    this.receipts = new Map(before);
  }

  /** For a further run: what may be asked again within minutes. The record knows them all. */
  keep(): KeptReceipts {
    return [...this.receipts].slice(-KEPT);
  }

  /**
   * For a validator: reads only.
   * @throws ApplicationFailure `DONE_BEFORE` with the first receipt; `NOT_YET`, which is to be asked again in a moment;
   * whatever `check` throws
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
    if (!this.isReady()) {
      throw ApplicationFailure.create({ type: NOT_YET, message: 'in a moment', nonRetryable: true });
    }
    check(request);
  }

  /** Acts at once, and answers when that is durable; or when the record has stopped, which the store will show. */
  async carryOut(act: (request: string) => Receipt): Promise<Receipt> {
    const request = current();
    const receipt = act(request);
    this.receipts.set(request, receipt);
    await this.keeper.written(receipt.seq);
    return receipt;
  }
}

function current(): string {
  return requestOf(currentUpdateInfo()?.id ?? '');
}
