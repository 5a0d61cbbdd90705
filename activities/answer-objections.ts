import type { Activities } from '../domain/world';
import type { Store } from '../store/connect';
import { engineTime } from './engine-time';

/** Gives every objection of a group its answer, to be read with the receipt. Doing it again changes nothing. */
export function answerObjectionsActivity(store: Store): Activities['answerObjections'] {
  return async ({ projectId, round, answers }) => {
    const at = new Date(engineTime()).toISOString();
    for (const { group, answer: text, changesPlan } of answers) {
      await store.objections.answer({ projectId, round }, group, { text, changesPlan, at });
    }
  };
}
