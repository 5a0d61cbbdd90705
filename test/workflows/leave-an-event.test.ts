import { leavesNoEvent } from '../../workflows/leave-an-event';

type Job = Parameters<typeof leavesNoEvent>[0][number];
type Command = Parameters<typeof leavesNoEvent>[1][number];

const fired: Job = { fireTimer: { seq: 1 } };
const ended: Job = { resolveActivity: { seq: 1 } };
const signed: Job = { resolveActivity: { seq: 1, isLocal: true } };
const update: Job = { doUpdate: { id: 'u' } };
const query: Job = { queryWorkflow: { queryId: 'q' } };
const call: Command = { scheduleActivity: { seq: 2 } };
const sign: Command = { scheduleLocalActivity: { seq: 3 } };
const start: Command = { startTimer: { seq: 4 } };
const takeBack: Command = { cancelTimer: { seq: 4 } };
const accept: Command = { updateResponse: { accepted: {} } };
const reject: Command = { updateResponse: { rejected: {} } };

test.each<[string, Job[], Command[]]>([
  ['an activity that ends when nothing waits for it', [ended], []],
  ['a timer that fires for nothing', [fired], []],
  ['a timer that fires beside an Update that is refused', [fired, update], [reject]],
  ['what only has something signed', [fired], [sign]],
  ['a timer that is set and taken back at once', [ended], [start, takeBack]],
])('P5.1.2: %s would leave its task without an event', (_, jobs, commands) => {
  expect(leavesNoEvent(jobs, commands)).toBe(true);
});

test.each<[string, Job[], Command[]]>([
  ['an activity that ends and calls another', [ended], [call]],
  ['a timer that is set again', [fired], [start]],
  ['an older timer that is taken back', [ended], [takeBack]],
  ['an Update that is accepted', [fired, update], [accept]],
])('%s leaves an event', (_, jobs, commands) => {
  expect(leavesNoEvent(jobs, commands)).toBe(false);
});

test.each<[string, Job[], Command[]]>([
  ['a question', [query], [{ respondToQuery: { queryId: 'q' } }]],
  ['P1.4: an Update that is refused', [update], [reject]],
  ['a signature, which has left its marker', [signed], []],
])('%s leaves none, and needs none', (_, jobs, commands) => {
  expect(leavesNoEvent(jobs, commands)).toBe(false);
});
