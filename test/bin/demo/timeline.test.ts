import { spansOf } from '../../../bin/demo/spans';
import { planTimeline, projectTimeline } from '../../../bin/demo/timeline';
import type { EventView, ProjectView } from '../../../bin/demo/views';
import { widthOf } from '../../../bin/demo/words';

const project: ProjectView = {
  id: '371321-2028-0001',
  name: '样例小区改造项目',
  year: 2028,
  status: 'running',
  steps: ['tendering'],
  rounds: {},
  startedAt: '2027-01-01T00:00:00.000Z',
  onPaper: [],
  openTasks: [],
  waits: [],
  history: [
    {
      step: 'needs-collection',
      round: 1,
      status: 'done',
      openedAt: '2027-01-01T00:00:00.000Z',
      closedAt: '2027-01-11T00:00:00.000Z',
    },
    { step: 'tendering', round: 1, status: 'running', openedAt: '2027-06-10T00:00:00.000Z' },
    {
      step: 'control',
      round: 1,
      status: 'done',
      openedAt: '2027-02-01T00:00:00.000Z',
      closedAt: '2027-02-02T00:00:00.000Z',
    },
  ],
};
const event = (type: string, at: string, step?: string): EventView => ({
  workflowId: 'w',
  type,
  at,
  ...(step === undefined ? {} : { step }),
});
const events = [
  event('ready-for-submission', '2027-01-11T00:00:00.000Z'),
  event('listing-in-review', '2027-05-01T00:00:00.000Z'),
  event('listing-deferred', '2027-05-11T00:00:00.000Z'),
  event('ready-for-submission', '2027-05-11T00:00:00.000Z'),
  event('listing-listed', '2027-06-10T00:00:00.000Z'),
  event('tender-failed', '2027-06-20T00:00:00.000Z', 'tendering'),
];
const NOW = Date.parse('2027-07-01T00:00:00.000Z');

test('a project’s life is its steps and its time in the year’s plan, a second year being a second round', () => {
  const spans = spansOf(project, events, NOW);
  expect(spans.map(({ step, round }) => `${step} ${round}`)).toEqual([
    'needs-collection 1',
    'county-submission 1',
    'joint-review 1',
    'county-submission 2',
    'tendering 1',
  ]);
  expect(spans.at(-1)?.to).toBe(NOW);
});

test('the chart of a project shows rounds, dates, waiting and what went wrong', () => {
  const chart = projectTimeline(spansOf(project, events, NOW));
  const line = (text: string) => chart.find((one) => one.includes(text)) ?? '';
  expect(line('征集需求')).toMatch(/2027-01-01 – 2027-01-11 {2}10 d │█/);
  expect(line('提报 2')).toContain('░');
  expect(line('联合审查')).toContain('2027-05-11 deferred');
  expect(line('招投标')).toContain('2027-06-20 tender failed');
  const bars = chart.slice(1).map((one) => widthOf(one.slice(0, one.indexOf('│'))));
  expect(new Set(bars).size).toBe(1);
});

test('the chart of a plan has a line a project, with the letters of its steps in the order of time', () => {
  const spans = spansOf(project, events, NOW);
  const plan = {
    year: 2028,
    phase: 'declaration',
    status: 'running',
    open: true,
    openedAt: '2027-01-01T01:00:00.000Z',
    closesAt: '2027-09-30T16:00:00.000Z',
    facts: {},
  };
  const chart = planTimeline([plan], [{ name: '样例小区', spans, end: 'running' }]);
  expect(chart[0]).toContain('declared 2027-01-01 – 2027-09-30');
  const line = chart.find((one) => one.includes('样例小区')) ?? '';
  const [bar = '', end] = line.slice(line.indexOf('│') + 1).split(' ');
  expect(bar.replace(/(.)\1+/g, '$1')).toBe('n.j.t');
  expect(end).toBe('running');
});
