import type { RecordedEvent } from '../../domain/events';
import { RecordKeeper } from '../../workflows/record-keeper';

export * from '../../workflows/index';

/** What a careless change does to what has been said: the same activities in the same order, but another word. */
const { tell } = RecordKeeper.prototype;
RecordKeeper.prototype.tell = function (this: RecordKeeper, fact, at) {
  const type: RecordedEvent['type'] = fact.type === 'task-assigned' ? 'task-given' : fact.type;
  return tell.call(this, { ...fact, type }, at);
};
