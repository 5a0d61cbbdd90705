import type { Activities } from '../domain/world';
import type { Store } from '../store/connect';

/** Whether another document has this number already; otherwise it is this one's from now on (P2.2.3). */
export function claimDocumentNumberActivity(store: Store): Activities['claimDocumentNumber'] {
  return async ({ number, claimedBy }) => ({
    taken: await store.documentNumbers.claim(normal(number), claimedBy),
  });
}

/** `临建发[2027]12号` is the number `临建发〔2027〕12号`, however its brackets were typed. */
function normal(number: string): string {
  return number
    .normalize('NFKC')
    .replace(/\s+/g, '')
    .replace(/[[(〔【]/g, '〔')
    .replace(/[\])〕】]/g, '〕');
}
