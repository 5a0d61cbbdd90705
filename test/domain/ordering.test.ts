import * as fc from 'fast-check';
import { byUrgency, projectsByUrgency, urgency } from '../../domain/ordering';
import { policy } from './sample-policy';

const item = (no: number) => policy.items[no - 1] ?? { no, class: 'basic' as const };

test('P5.2: fire protection comes before roads, roads before parking, parking before a smart estate', () => {
  expect(byUrgency([36, 23, 6, 12].map(item)).map(({ no }) => no)).toEqual([12, 6, 23, 36]);
});

test('P5.2: projects with more for the safety of residents come first', () => {
  const project = (id: string, ...numbers: number[]) => ({ id, items: numbers.map(item) });
  const ordered = projectsByUrgency([
    project('c', 23, 36),
    project('b', 6, 7),
    project('a', 12),
    project('d', 6, 7, 8),
  ]);
  expect(ordered.map(({ id }) => id)).toEqual(['a', 'd', 'b', 'c']);
});

test('P5.2: ordering loses and adds nothing', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 36 })), (numbers) => {
      const ordered = byUrgency(numbers.map(item));
      expect(new Set(ordered.map(({ no }) => no))).toEqual(new Set(numbers));
      const levels = ordered.map(urgency);
      expect(levels).toEqual([...levels].sort());
    }),
  );
});
