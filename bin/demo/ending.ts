import { spansOf } from './spans';
import { shortName } from './play';
import type { Performance } from './perform';
import { PARTS, type Part } from './story';
import { planTimeline, projectTimeline, type ProjectLine } from './timeline';
import type { EventView, PlanView, ProjectView } from './views';
import { padded } from './words';

/** The project whose timeline is drawn: the one to which most happens. */
const DRAWN = 1;

interface Ending {
  readonly part: Part;
  readonly project: ProjectView;
  readonly events: readonly EventView[];
}

/**
 * Draws the timelines and compares every project's end with the one it was to have.
 * @returns what is not as expected, as sentences
 */
export async function showEnding(
  performance: Performance,
  now: number,
  say: (line: string) => void,
): Promise<string[]> {
  const endings = await Promise.all(
    PARTS.map(async (part): Promise<Ending> => {
      const id = performance.projects.get(part.no) ?? '';
      const [project, events] = await Promise.all([
        performance.viewer.get<ProjectView>(`/projects/${id}`),
        allEvents(performance, `/projects/${id}/events`),
      ]);
      return { part, project, events };
    }),
  );
  const lines = endings.map(({ project, events }): ProjectLine => {
    const name = shortName(project.name);
    return { name, spans: spansOf(project, events, now), end: project.status };
  });
  const { items } = await performance.viewer.get<{ items: PlanView[] }>('/plans');

  const drawn = lines[PARTS.findIndex(({ no }) => no === DRAWN)];
  if (drawn) {
    say(`\n— The life of ${drawn.name} —`);
    projectTimeline(drawn.spans).forEach(say);
  }
  say('\n— The plan, project by project —');
  planTimeline(
    items.slice().sort((a, b) => a.year - b.year),
    lines,
  ).forEach(say);

  say('\n— Expected ends —');
  const planEvents = await allEvents(performance, `/plans/${performance.planYear}/events`);
  const faults = [...performance.missing, ...paperFaults(planEvents)];
  for (const ending of endings) {
    const wrong = faultsOf(ending, performance.planYear);
    const { part, project } = ending;
    const mark = wrong.length === 0 ? '✓' : '✗';
    say(`  ${mark} ${padded(shortName(project.name), 18)}${padded(project.status, 12)}${part.what}`);
    faults.push(...wrong.map((one) => `${shortName(project.name)}: ${one}`));
  }
  return faults;
}

function faultsOf({ part, project, events }: Ending, planYear: number): string[] {
  const types = new Set(events.map(({ type }) => type));
  const listedIn = planYear + (part.later ?? 0);
  return [
    ...(project.status === part.end ? [] : [`ended ${project.status}, not ${part.end}`]),
    ...part.events.filter((type) => !types.has(type)).map((type) => `its record has no ${type}`),
    ...Object.entries(part.rounds ?? {}).flatMap(([step, rounds]) =>
      project.rounds[step] === rounds
        ? []
        : [`${step} was run ${project.rounds[step] ?? 0} times, not ${rounds}`],
    ),
    ...(part.end !== 'completed' || project.document?.year === listedIn
      ? []
      : [`listed in ${project.document?.year ?? 'no year'}, not ${listedIn}`]),
  ];
}

function paperFaults(events: readonly EventView[]): string[] {
  const types = new Set(events.map(({ type }) => type));
  return types.has('paper-decision-entered') ? [] : ['no decision was recorded from paper'];
}

async function allEvents({ viewer }: Performance, path: string): Promise<EventView[]> {
  const events: EventView[] = [];
  for (let cursor: string | undefined; ;) {
    const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await viewer.get<{ items: EventView[]; nextCursor?: string | null }>(
      `${path}?limit=200${query}`,
    );
    events.push(...page.items);
    if (!page.nextCursor) return events;
    cursor = page.nextCursor;
  }
}
