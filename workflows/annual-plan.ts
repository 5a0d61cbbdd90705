import { EMPTY_HEAD } from '../domain/events';
import { reviewClose, submissionClose, type PlanStart } from '../domain/annual-plan';
import { closeOfYearDate } from '../domain/calendar';
import type { ArrangementContext } from '../domain/forms/annual-plan';
import { planOf } from '../domain/node';
import type { Place } from '../domain/seats';
import type { Signature } from '../domain/signing/signature';
import type { Candidate } from '../domain/world';
import { begun } from './begin';
import type { Crossing } from './long-life';
import { workflowIds } from './messages';
import { defineStep, type StepDesk, type StepEnd, type StepStart } from './step';
import { countySubmissionStep } from './steps/county-submission';
import { jointDocument } from './steps/joint-document';
import { municipalApproval } from './steps/municipal-approval';
import { planReview } from './steps/plan-review';
import { tellProjects } from './tell-projects';

interface CountyResult {
  readonly county: string;
  readonly approved: readonly Candidate[];
}

/**
 * The year's plan (P2.1.4, P2.2.1–P2.2.3): declaration and joint review county by county, municipal approval, joint
 * document; then the projects on it go on, and the plan stays open for its year.
 */
export async function annualPlan(
  start: PlanStart | StepStart<PlanStart>,
  seal: Signature,
  crossing?: Crossing,
): Promise<StepEnd<null>> {
  // A further run begins with what the first has made of its start.
  if (crossing) return yearOf(start as StepStart<PlanStart>, seal, crossing);
  const opening = start as PlanStart;
  const asStep = begun(opening, (): StepStart<PlanStart> => ({
    planYear: opening.year,
    city: opening.city,
    step: 'annual-plan',
    round: 1,
    places: [placeOf(opening.city, opening.city)],
    bindings: {},
    policy: opening.policy,
    head: EMPTY_HEAD,
    input: opening,
  }));
  return yearOf(asStep, seal);
}

const yearOf = defineStep(
  'annual-plan',
  'annualPlan',
  async (desk, start: PlanStart): Promise<null> => {
    const { year } = start;
    const state = desk.keeps(() => ({ executing: false }));
    const show = (phase: string, facts: Record<string, unknown> = {}): void =>
      desk.show({
        year,
        counties: start.counties,
        closesAt: isoOf(submissionClose(year, start.policy)),
        reviewClosesAt: isoOf(reviewClose(year, start.policy)),
        ...facts,
        phase,
      });

    if (!state.executing) await decideUpon(desk, start, show);
    state.executing = true;
    await desk.place.until(closeOfYearDate(year, '12-31'), `${year} 年度计划执行`);
    show('closed', desk.shown());
    return null;
  },
  planOf,
  ({ input }) => input,
);

/** From the opening to the joint document: each part is a workflow of its own. */
async function decideUpon(
  desk: StepDesk,
  start: PlanStart,
  show: (phase: string, facts?: Record<string, unknown>) => void,
): Promise<void> {
  const { year } = start;
  show('declaration');
  desk.tell(
    'plan-opened',
    { year, ...(start.reason === undefined ? {} : { reason: start.reason }) },
    start.startedBy,
  );
  const counties = await Promise.all(start.counties.map((county) => countySubmitted(desk, year, county)));
  let approved = counties.flatMap((county) => county.approved);

  for (let round = 1; approved.length > 0; round += 1) {
    show('municipal-approval', { projects: approved.length });
    const arrangement = arrangementOf(year, counties, approved, round);
    const municipal = await desk.child(
      municipalApproval,
      `plan/${year}/municipal-approval/${round}`,
      arrangement,
      { round },
    );
    if (municipal?.approved) {
      show('joint-document', { projects: approved.length });
      const document = await desk.child(jointDocument, `plan/${year}/joint-document/${round}`, arrangement, {
        round,
      });
      if (document) {
        show('execution', { document, listed: approved.map(({ projectId }) => projectId) });
        desk.tell('joint-document-issued', {
          ...document,
          projects: approved.map(({ projectId }) => projectId),
        });
        // Shown as listed at once; each project's own record follows when it is told.
        await desk.recorded();
        await tellProjects(
          desk.place.post,
          approved.map(({ projectId }) => ({ projectId, news: { news: 'listed', year, ...document } })),
        );
      }
      break;
    }
    show('joint-review', { projects: approved.length, remarks: municipal?.remarks ?? '' });
    approved = await reviewedAgain(desk, year, approved, round, municipal?.remarks);
  }
  show('execution', approved.length === 0 ? { empty: true } : desk.shown());
}

async function countySubmitted(desk: StepDesk, year: number, county: string): Promise<CountyResult> {
  const output = await desk.child(
    countySubmissionStep,
    workflowIds.submission(year, county),
    { county },
    { county, places: [placeOf(desk.start.city, county)] },
  );
  return { county, approved: output?.approved ?? [] };
}

/** What the bureaus no longer approve goes to the next year's pool or comes back corrected for it. */
async function reviewedAgain(
  desk: StepDesk,
  year: number,
  projects: readonly Candidate[],
  round: number,
  remarks?: string,
): Promise<Candidate[]> {
  const context = { year, round: round + 1, projects, ...(remarks === undefined ? {} : { remarks }) };
  const concluded =
    (await desk.child(planReview, `plan/${year}/joint-review/${round + 1}`, context, { round: round + 1 })) ??
    [];
  const kept = new Set(
    concluded.filter(({ verdict }) => verdict === 'approve').map(({ projectId }) => projectId),
  );
  await tellProjects(
    desk.place.post,
    concluded
      .filter(({ verdict }) => verdict !== 'approve')
      .map(({ projectId, verdict, remarks: why = '' }) => ({
        projectId,
        news: { news: verdict === 'reject' ? 'rejected' : 'deferred', year, remarks: why },
      })),
  );
  return projects.filter(({ projectId }) => kept.has(projectId));
}

function arrangementOf(
  year: number,
  counties: readonly CountyResult[],
  approved: readonly Candidate[],
  round: number,
): ArrangementContext {
  const ids = new Set(approved.map(({ projectId }) => projectId));
  const sum = (of: readonly Candidate[], figure: (candidate: Candidate) => number): number =>
    of.reduce((total, candidate) => total + figure(candidate), 0);
  return {
    year,
    round,
    projects: approved.length,
    households: sum(approved, ({ households }) => households),
    budgetFen: sum(approved, ({ budgetFen }) => budgetFen),
    counties: counties
      .map(({ county, approved: theirs }) => ({
        county,
        of: theirs.filter(({ projectId }) => ids.has(projectId)),
      }))
      .filter(({ of }) => of.length > 0)
      .map(({ county, of }) => ({
        county,
        projects: of.length,
        budgetFen: sum(of, ({ budgetFen }) => budgetFen),
      })),
  };
}

/** City and county seats need no community: a place without one. */
function placeOf(city: string, county: string): Place {
  return { community: '', city, county, subdistrict: '', neighbourhood: '' };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
