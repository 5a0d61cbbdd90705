import { isAheadOfItsTask } from '../../workflows/led-by-a-task';

type Activation = Parameters<typeof isAheadOfItsTask>[0];

const at = (historyLength: number, historySizeBytes: number): Activation => ({
  historyLength,
  historySizeBytes: historySizeBytes as unknown as NonNullable<Activation['historySizeBytes']>,
});

test('P1.2: events that come with the size of the history at the task before have not been led by a task', () => {
  expect(isAheadOfItsTask(at(26, 47_354), at(22, 47_354))).toBe(true);
});

test.each<[string, Activation, Activation]>([
  ['the next task', at(27, 49_141), at(22, 47_354)],
  ['what ends within the task, as a signature does', at(22, 47_354), at(22, 47_354)],
  ['an engine that tells no size', at(26, 0), at(22, 0)],
])('%s leads the workflow', (_, activation, last) => {
  expect(isAheadOfItsTask(activation, last)).toBe(false);
});
