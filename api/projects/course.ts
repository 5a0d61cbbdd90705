import type { RecordedEvent } from '../../domain/events';
import { PLAN_STAGES } from '../../domain/plan-stages';
import type { ProjectNode } from '../../domain/node';
import type { Step } from '../../policy/keys';
import type { Store } from '../../store/connect';
import type { StepRow } from '../../store/steps';
import type { Sight } from '../permissions';

/** One stretch of a project's life: a round of a step, or its time in a stage of the year's plan. */
export interface Stretch {
  readonly step: Step;
  readonly round: number;
  readonly state: 'running' | 'suspended' | 'done' | 'returned' | 'closed' | 'needs-repair' | 'on-paper';
  readonly from?: string;
  readonly to?: string;
  /** Why it was turned back or closed; for whoever sees everything. */
  readonly reason?: string;
}

const RETURNED = ['listing-corrected', 'listing-deferred', 'listing-missed'];
const REASONS = ['step-turned-back', 'step-closed', 'turned-back'];
const MOST = 200;

/** Every round of every step in the order in which they began, the stages of the year's plan among them. */
export async function courseOf(
  store: Pick<Store, 'events' | 'steps'>,
  project: ProjectNode,
  sight: Sight,
): Promise<Stretch[]> {
  const types = [...Object.keys(PLAN_STAGES), ...REASONS];
  const [rounds, { items: events }] = await Promise.all([
    store.steps.ofProject(project.projectId),
    store.events.ofProject(project.projectId, { limit: MOST }, { types, tasks: [], organisations: [] }),
  ]);
  const stretches = [
    ...project.onPaper.map((step): Stretch => ({ step, round: 0, state: 'on-paper' })),
    ...rounds.flatMap((round) => stretchOf(round, events)),
    ...planStretches(project, events),
  ].sort((one, other) => ((one.from ?? '') < (other.from ?? '') ? -1 : 1));
  if (sight === 'everything') return stretches;
  return stretches.map(({ reason: _reason, ...stretch }) => stretch);
}

function stretchOf(
  { step, round, status, openedAt, closedAt }: StepRow,
  events: readonly RecordedEvent[],
): Stretch[] {
  if (step === 'control' || step === 'annual-plan') return [];
  const turned = events.find(
    (event) => event.step === step && event.round === round && event.type === 'step-turned-back',
  );
  const why = turned ?? events.find((event) => event.step === step && event.round === round && event.reason);
  const state = turned ? 'returned' : status;
  const reason = state === 'done' || state === 'running' ? undefined : why?.reason;
  return [
    {
      step,
      round,
      state,
      from: openedAt,
      ...(closedAt ? { to: closedAt } : {}),
      ...(reason ? { reason } : {}),
    },
  ];
}

function planStretches({ status }: ProjectNode, events: readonly RecordedEvent[]): Stretch[] {
  const stretches: Stretch[] = [];
  const rounds = new Map<Step, number>();
  let open: Pick<Stretch, 'step' | 'round' | 'from'> | undefined;
  for (const { type, at, reason } of events.filter((event) => event.type in PLAN_STAGES)) {
    const step = PLAN_STAGES[type];
    if (open?.step === step && open) continue;
    if (open) {
      const isReturned = RETURNED.includes(type);
      const state = isReturned ? 'returned' : type === 'project-ended' ? 'closed' : 'done';
      stretches.push({ ...open, state, to: at, ...(isReturned && reason ? { reason } : {}) });
    }
    open = undefined;
    if (step) {
      const round = (rounds.get(step) ?? 0) + 1;
      rounds.set(step, round);
      open = { step, round, from: at };
    }
  }
  const state = status === 'suspended' ? 'suspended' : 'running';
  return open ? [...stretches, { ...open, state }] : stretches;
}
