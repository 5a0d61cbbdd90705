import type { Rehearsal } from '../rehearsal/start';
import { Cast } from './cast';
import { expect, type Form, type Person } from './client';
import { Play, shortName } from './play';
import { readPlan, register, type PlannedCommunity } from './register';
import { PARTS, Story } from './story';
import { takeIn } from './taken-in';
import type { PlanView, ProjectView } from './views';

const CITY = '371300';
/** A county town of the sample city takes the real city's place. */
const COUNTY = '371321';
const CITY_HOUSING = `${CITY}-housing`;
/** Who lists, reviews, approves and signs the year's plan. */
const PLAN_OFFICES = [
  `${COUNTY}-housing`,
  `${COUNTY}-government`,
  CITY_HOUSING,
  `${CITY}-development-and-reform`,
  `${CITY}-finance`,
  `${CITY}-government`,
];
/** A project surveyed later than this before the close would miss it. */
const ENOUGH_DAYS = 60;
const DAY = 86_400_000;

/** How the demonstration ended: what is checked and drawn. */
export interface Performance {
  readonly viewer: Person;
  readonly planYear: number;
  /** Project ids by the number in the published table. */
  readonly projects: ReadonlyMap<number, string>;
  readonly tasksDone: number;
  readonly people: number;
  /** What the story wanted and did not come. */
  readonly missing: readonly string[];
}

/** Plays the whole story over HTTP. */
export async function perform(rehearsal: Rehearsal, say: (line: string) => void): Promise<Performance> {
  const cast = await Cast.logIn(rehearsal.url, rehearsal.accountsFile, CITY, COUNTY);
  const county = cast.handler(`${COUNTY}-housing`);
  say(`${cast.size} people of the sample city have logged in`);
  const year = await planWithTime(county, rehearsal.now());
  say(`The annual plan of ${year} is open for declaration`);

  say('\n— Registering the communities —');
  const street = cast.handler(`${COUNTY}-s1`);
  const ids = await register(street, { year, neighbourhood: `${COUNTY}-n1` }, say);
  const { rows } = await readPlan();
  const projects = await begin(street, county, { rows, ids, year, now: rehearsal.now() });
  say(`${projects.size} projects begun, one of them (中天1号楼) taken in from paper at its construction\n`);

  const story = new Story(rows, projects, (line) => say(`            ▸ ${line}`));
  const idOf = (no: number): string => projects.get(no) ?? '';
  let listComplete = false;
  const play = new Play(
    cast,
    county,
    [...projects.values()],
    PLAN_OFFICES,
    story,
    rehearsal.now(),
    say,
    ({ kind, planYear }) =>
      (kind === 'county-list' && planYear === year && !listComplete) ||
      // The municipal government decides on paper this year; city housing records it.
      (kind === 'municipal-approval' && planYear === year),
  );

  const find = (all: readonly ProjectView[], no: number) => all.find(({ id }) => id === idOf(no));
  await play.until((all) => find(all, 4)?.steps.includes('public-notice') === true, 60);
  const withdrawal = await county.post(`/projects/${idOf(4)}/withdrawal`, {
    reason: '样例：该小区纳入征收范围',
  });
  expect(withdrawal, 201, 'the withdrawal');
  say('            ▸ 人民银行家属区: the county withdraws it before submission');

  const candidates = PARTS.filter(({ no }) => no !== 4 && no !== 6).map(({ no }) => no);
  await play.until(
    (all) => candidates.every((no) => find(all, no)?.steps.includes('county-submission')),
    200,
  );
  listComplete = true;

  const ended = (all: readonly ProjectView[]): boolean =>
    all.every(({ status }) => status !== 'running' && status !== 'waiting' && status !== 'suspended');
  const fromPaper = async (): Promise<boolean> => recordedFromPaper(cast.handler(CITY_HOUSING), year, say);
  await play.until(ended, 1_200, fromPaper);
  return {
    // Who sees the year's plan whole: a county sees its own submission only.
    viewer: cast.handler(CITY_HOUSING),
    planYear: year,
    projects,
    tasksDone: play.tasksDone,
    people: cast.size,
    missing: story.missing(),
  };
}

/** The plan that is open, unless its close is too near: then the clock goes on to January, when the next one opens. */
async function planWithTime(person: Person, now: number): Promise<number> {
  for (let at = now; ;) {
    const { items } = await person.get<{ items: PlanView[] }>('/plans');
    const open = items.filter(
      (plan) => plan.open && Date.parse(plan.closesAt ?? '') - at > ENOUGH_DAYS * DAY,
    );
    const [first] = open.sort((a, b) => a.year - b.year);
    if (first) return first.year;
    const answer = await person.post<{ now: string }>('/rehearsal/clock', { advance: 'P30D' });
    at = Date.parse(expect(answer, 200, 'the clock').now);
  }
}

async function begin(
  street: Person,
  county: Person,
  plan: {
    readonly rows: readonly PlannedCommunity[];
    readonly ids: ReadonlyMap<number, string>;
    readonly year: number;
    readonly now: number;
  },
): Promise<Map<number, string>> {
  const projects = new Map<number, string>();
  for (const row of plan.rows) {
    const id = plan.ids.get(row.no) ?? '';
    const events = PARTS.find(({ no }) => no === row.no)?.events ?? [];
    if (events.includes('taken-in')) {
      projects.set(row.no, await takeIn(county, { ...row, id }, plan));
      continue;
    }
    const body = { communityIds: [id], year: plan.year };
    const begun = await street.post<{ id: string; name: string }>('/projects', body);
    projects.set(row.no, expect(begun, 201, `the project of ${shortName(row.name)}`).id);
  }
  return projects;
}

/** 代录: city housing enters what the municipal government has decided on paper; a colleague confirms it later. */
async function recordedFromPaper(
  recorder: Person,
  year: number,
  say: (line: string) => void,
): Promise<boolean> {
  const rows = await recorder.tasks({ kind: 'municipal-approval' });
  const row = rows.find(({ planYear }) => planYear === year);
  if (!row) return false;
  const { example = {} } = await recorder.task(row.id);
  const paper = { ...(example['paper'] as Form), number: '样例临政批〔2026〕1号' };
  await recorder.complete(row, { ...example, paper });
  say(
    '            ▸ The municipal government has approved on paper: city housing records it, a colleague confirms',
  );
  return true;
}
