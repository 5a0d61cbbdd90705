import type { Store } from '../../store/connect';
import { conditionOf, type Seen } from '../../store/projects';
import { withStore } from '../support/store';

const COUNTIES = 16;
const PROJECTS = 4_000;

let store: Store;

const idOf = (n: number): string =>
  `3713${String(n % COUNTIES).padStart(2, '0')}-2028-${String(n).padStart(4, '0')}`;

withStore((opened) => (store = opened));
beforeAll(async () => {
  const rows = Array.from({ length: PROJECTS }, (_, n) => ({
    _id: idOf(n),
    projectId: idOf(n),
    county: idOf(n).slice(0, 6),
    areas: ['371300', idOf(n).slice(0, 6), `${idOf(n).slice(0, 6)}-s${n % 3}`],
    parties: [`contractor-${n % 50}`],
    status: 'running',
  }));
  await store.projects.model.collection.insertMany(rows as never);
}, 60_000);

const VIEWS: readonly (readonly [string, Seen, number])[] = [
  ['the city', { areas: ['371300'], parties: [], projects: [] }, PROJECTS],
  ['a county', { areas: ['371302'], parties: ['371302-housing'], projects: [] }, PROJECTS / COUNTIES],
  ['a subdistrict', { areas: ['371302-s1'], parties: ['371302-s1'], projects: [] }, 83],
  ['a contractor', { areas: [], parties: ['contractor-7'], projects: [idOf(7), idOf(8), idOf(9)] }, 82],
];

describe('P1.4: the projects that somebody sees', () => {
  test.each(VIEWS)('%s: each once, in the order of their ids', async (_, seen, count) => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.projects.list({ seen, limit: 200, cursor });
      ids.push(...page.items.map(({ projectId }) => projectId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toHaveLength(count);
  });

  test.each(VIEWS)('%s: a page is read from an index, in order, and no more than it', async (_, seen) => {
    const plan = (await store.projects.model
      .find(conditionOf({ seen }))
      .sort({ _id: 1 })
      .limit(51)
      .explain('executionStats')) as unknown as {
      queryPlanner: { winningPlan: unknown };
      executionStats: { totalDocsExamined: number };
    };
    const stages = JSON.stringify(plan.queryPlanner.winningPlan);
    expect(stages).not.toContain('COLLSCAN');
    expect(stages).not.toContain('"SORT"');
    expect(plan.executionStats.totalDocsExamined).toBeLessThanOrEqual(60);
  });

  test('nobody who sees nothing finds anything', async () => {
    expect(await store.projects.list({ seen: { areas: [], parties: [], projects: [] } })).toEqual({
      items: [],
    });
  });
});
