import type { YearFigures } from '../../domain/year-figures';
import { taskRow } from '../../store/tasks';
import { task } from '../store/sample-record';
import { NOW, startApi, type Person, type TestApi } from './api';

let api: TestApi;
let city: Person;

const DAY = 24 * 3_600_000;
const daysAgo = (days: number): string => new Date(NOW - days * DAY).toISOString();

/** 样例：two counties; what they have come to, their money, and how late they are. */
const SAMPLES = [
  {
    no: 1,
    county: '371302',
    steps: ['needs-collection'],
    rounds: { 'needs-collection': 1 },
    status: 'running',
  },
  { no: 2, county: '371302', steps: ['construction'], rounds: { tendering: 1 }, status: 'running', fen: 300 },
  { no: 3, county: '371321', steps: [], rounds: { 'joint-review': 1 }, status: 'waiting', fen: 500 },
  { no: 4, county: '371321', steps: [], rounds: {}, status: 'completed', fen: 700 },
  { no: 5, county: '371321', steps: ['construction'], rounds: {}, status: 'running', year: 2029 },
] as const;
const idOf = (county: string, no: number): string => `${county}-2028-000${no}`;

beforeAll(async () => {
  api = await startApi();
  const { projects, steps, tasks } = api.store;
  await projects.model.collection.insertMany(
    SAMPLES.map(({ no, county, ...sample }) => ({
      _id: idOf(county, no) as never,
      projectId: idOf(county, no),
      name: `样例项目 ${no}`,
      county,
      areas: ['371300', county, `${county}-s1`],
      parties: no === 2 ? ['371300-contractor-1'] : [],
      year: 2028,
      onPaper: [],
      outputs:
        'fen' in sample
          ? {
              'preliminary-plan': {
                plan: {
                  communities: [
                    {
                      budgetFen: sample.fen,
                      funding: [
                        { source: 'central', amountFen: sample.fen - 100 },
                        { source: 'resident', amountFen: 100 },
                      ],
                    },
                  ],
                },
              },
            }
          : {},
      ...sample,
    })),
  );
  const stay = (id: string, step: string, from: number, to?: number) => ({
    _id: `${id}/${step}/${from}` as never,
    projectId: id,
    step,
    openedAt: daysAgo(from),
    ...(to === undefined ? {} : { closedAt: daysAgo(to) }),
  });
  await steps.model.collection.insertMany([
    stay(idOf('371302', 1), 'needs-collection', 5),
    stay(idOf('371302', 2), 'needs-collection', 40, 30),
    // Two rounds of the same step are one stay.
    stay(idOf('371302', 2), 'public-notice', 20, 14),
    stay(idOf('371302', 2), 'public-notice', 12, 10),
    stay(idOf('371321', 3), 'needs-collection', 50, 30),
  ]);
  const late = (no: number, change: object) => {
    const sample = task(`project/${idOf('371302', 2)}/construction/1`, no);
    return taskRow(
      {
        ...sample,
        projectId: idOf('371302', 2),
        step: 'construction',
        status: 'open',
        overdue: true,
        suspended: false,
        organisation: '371302-housing',
        ...change,
      },
      no,
    );
  };
  await tasks.model.collection.insertMany([
    late(1, {}),
    late(2, { organisation: '371300-contractor-1' }),
    late(3, { suspended: true }),
    late(4, { status: 'completed' }),
  ] as never);
  city = await api.as('371300-housing');
}, 60_000);
afterAll(() => api?.stop());

const figures = async (person: Person): Promise<YearFigures> =>
  (await person.get('plans/2028/figures').expect(200)).body as YearFigures;

interface Listed {
  readonly items: readonly { readonly id: string; readonly amountFen?: number; readonly days?: number }[];
  readonly nextCursor?: string;
}
const behind = async (person: Person, query: string): Promise<string[]> => {
  const { items } = (await person.get(`plans/2028/projects?${query}`).expect(200)).body as Listed;
  return items.map(({ id }) => id);
};

it('counts the projects of a year, and of no other', async () => {
  expect(await figures(city)).toEqual({
    projects: 4,
    overdueProjects: 1,
    overdueTasks: 2,
    budgetFen: 1_500,
    statuses: [
      { status: 'completed', projects: 1 },
      { status: 'running', projects: 2 },
      { status: 'waiting', projects: 1 },
    ],
    matrix: [
      { county: '371302', step: 'needs-collection', projects: 1, overdue: 0 },
      { county: '371302', step: 'construction', projects: 1, overdue: 1 },
    ],
    counties: [
      { county: '371302', projects: 2, overdue: 1, budgetFen: 300 },
      { county: '371321', projects: 2, overdue: 0, budgetFen: 1_200 },
    ],
    funnel: expect.arrayContaining([
      { step: 'needs-collection', projects: 4 },
      { step: 'joint-review', projects: 3 },
      { step: 'construction', projects: 2 },
      { step: 'property-management', projects: 1 },
    ]) as unknown,
    stays: [
      {
        step: 'needs-collection',
        passed: { projects: 2, medianDays: 10, longestDays: 20 },
        staying: { projects: 1, medianDays: 5, longestDays: 5 },
      },
      { step: 'public-notice', passed: { projects: 1, medianDays: 8, longestDays: 8 } },
    ],
    money: [
      { source: 'central', amountFen: 1_200, projects: 3 },
      { source: 'resident', amountFen: 300, projects: 3 },
    ],
  });
});

it('opens behind every figure exactly the projects that it has counted', async () => {
  const all = await figures(city);
  const expected: [string, number][] = [
    ['', all.projects],
    ['overdue=true', all.overdueProjects],
    ...all.statuses.map(({ status, projects }): [string, number] => [`status=${status}`, projects]),
    ...all.matrix.flatMap(({ county, step, projects, overdue }): [string, number][] => [
      [`county=${county}&step=${step}`, projects],
      [`county=${county}&step=${step}&overdue=true`, overdue],
    ]),
    ...all.counties.map(({ county, projects }): [string, number] => [`county=${county}`, projects]),
    ...all.funnel.map(({ step, projects }): [string, number] => [`reached=${step}`, projects]),
    ...all.stays.flatMap(({ step, passed, staying }): [string, number][] => [
      [`passed=${step}`, passed?.projects ?? 0],
      [`staying=${step}`, staying?.projects ?? 0],
    ]),
    ...all.money.map(({ source, projects }): [string, number] => [`source=${source}`, projects]),
  ];
  for (const [query, projects] of expected)
    expect([query, (await behind(city, query)).length]).toEqual([query, projects]);
});

it('lists a figure page by page, with the amount or the days that it is about', async () => {
  const first = (await city.get('plans/2028/projects?source=central&limit=2').expect(200)).body as Listed;
  const next = (
    await city.get(`plans/2028/projects?source=central&limit=2&cursor=${first.nextCursor ?? ''}`).expect(200)
  ).body as Listed;
  expect([...first.items, ...next.items].map(({ amountFen }) => amountFen)).toEqual([200, 400, 600]);
  expect(next.nextCursor).toBeUndefined();
  const { items } = (await city.get('plans/2028/projects?passed=public-notice').expect(200)).body as Listed;
  expect(items.map(({ days }) => days)).toEqual([8]);
});

describe('P1.4: whoever sees less counts less', () => {
  it('a county counts its own projects', async () => {
    const all = await figures(await api.as('371321-housing'));
    expect(all).toMatchObject({ projects: 2, overdueTasks: 0, budgetFen: 1_200 });
    expect(all.counties.map(({ county }) => county)).toEqual(['371321']);
  });

  it('a company counts the projects in which it has a part, its own lateness, and no money', async () => {
    const company = await api.as('371300-contractor-1');
    expect(await figures(company)).toMatchObject({
      projects: 1,
      overdueTasks: 1,
      budgetFen: 0,
      money: [],
    });
    expect(await behind(company, 'source=central')).toEqual([]);
  });

  it('the system administrator counts how it goes, and no money', async () => {
    const system = await api.administrator('system');
    expect(await figures(system)).toMatchObject({ projects: 4, overdueTasks: 2, budgetFen: 0, money: [] });
    await (await api.administrator('security')).get('plans/2028/figures').expect(403);
  });
});
