import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { eligibilityRefusals } from '../../domain/eligibility';
import { Problem } from '../../domain/problems';
import type { Intake, ProjectStart } from '../../domain/project';
import { refusal, type Refusal } from '../../domain/refusal';
import type { CommunityRow } from '../../store/communities';
import { uploadsIn } from '../../store/references';
import { sealedStart } from '../../keys/starts';
import { workflowIds } from '../../workflows/messages';
import { refuseUnseenFiles } from '../attachments/cited';
import type { Context } from '../context';
import { inTime } from '../engine/deadline';
import { isAway } from '../http/foreign-errors';
import { InvalidRequest } from '../http/invalid';
import type { Attempt } from '../idempotency';
import { officeForAll, officesAllowed, type Caller } from '../permissions';
import { freeAbandoned } from './abandoned';

/** What it takes to begin a project. */
export interface Beginning {
  readonly communityIds: readonly string[];
  readonly year: number;
  readonly name?: string | undefined;
  readonly pilot?: boolean | undefined;
  readonly intake?: Intake | undefined;
}

/**
 * Begins a project: eligible communities of one county, for a year whose plan is open (P1.1, P2.1.4), each in at most
 * one open project. Number and claim are noted before the engine is asked, so that the same key begins it only once.
 * @returns the project's id, when its record shows it
 */
export async function beginProject(
  context: Context,
  caller: Caller,
  beginning: Beginning,
  attempt: Attempt,
): Promise<string> {
  const { store, decisions } = context;
  const communities = await registered(context, beginning.communityIds);
  const permission = beginning.intake === undefined ? 'project:create' : 'project:intake';
  const office = officeForAll(officesAllowed(permission, caller), communities.map(placeOf));
  const begun = memoOf(attempt.memo);
  // An attempt that got as far as the engine is finished, whatever has closed meanwhile.
  if (begun === undefined) {
    await allowed(context, beginning, communities);
    await refuseUnseenFiles(store, caller, beginning.intake);
  }
  const county = communities[0]?.place.county ?? '';
  const projectId = begun ?? (await store.counters.nextProject(county, beginning.year));
  if (begun === undefined) await attempt.note({ projectId });
  await claim(context, beginning.communityIds, projectId);

  const start: ProjectStart = {
    projectId,
    name: beginning.name ?? `${communities.map(({ name }) => name).join('、')}改造项目`.slice(0, 100),
    city: communities[0]?.place.city ?? '',
    county,
    year: beginning.year,
    communities: communities.map((row) => ({
      id: row._id,
      name: row.name,
      place: placeOf(row),
      households: row.households,
      buildings: row.buildings,
      floorArea: row.floorArea,
    })),
    ...(beginning.pilot === undefined ? {} : { pilot: beginning.pilot }),
    policy: await context.world.snapshot(),
    startedBy: { user: caller.user, organisation: office },
    ...(beginning.intake === undefined ? {} : { intake: beginning.intake }),
  };
  await startOnce(context, start);
  // The papers of an intake stand in no event of their own: whoever sees the project sees them.
  for (const id of uploadsIn(beginning.intake)) await store.attachments.refer(id, [`project/${projectId}`]);
  await decisions.recorded(workflowIds.project(projectId), 1);
  return projectId;
}

async function startOnce(
  { client, taskQueue, store, signer, now }: Context,
  start: ProjectStart,
): Promise<void> {
  const { projectId, name } = start;
  const workflowId = workflowIds.project(projectId);
  try {
    await inTime(client, () =>
      client.workflow.start('renovationProject', {
        workflowId,
        taskQueue,
        args: sealedStart(workflowId, 'renovationProject', start, { identity: signer, now: now() }),
        // Whoever started it without a signature has failed at once; any other project runs only once.
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        workflowIdConflictPolicy: 'FAIL',
        staticSummary: `${projectId} ${name}`.slice(0, 60),
      }),
    );
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    // Away: the engine may have begun it, so the claim stays until the key is sent again or the claim has aged.
    if (!isAway(error)) await store.communities.release(projectId, []);
    throw error;
  }
}

async function registered({ store }: Context, ids: readonly string[]): Promise<CommunityRow[]> {
  const rows = new Map((await store.communities.findAll(ids)).map((row) => [row._id, row]));
  const unknown = ids.flatMap((id, index) =>
    rows.has(id)
      ? []
      : [{ path: `communityIds.${index}`, message: { zh: '没有登记这个小区', en: 'No such community' } }],
  );
  if (unknown.length > 0) throw new InvalidRequest(unknown);
  return ids.flatMap((id) => rows.get(id) ?? []);
}

/** @throws Problem `rule-violated` with every reason at once */
async function allowed(
  context: Context,
  { year, intake }: Beginning,
  communities: readonly CommunityRow[],
): Promise<void> {
  const policy = await context.world.snapshot();
  const listed = intake?.outputs['joint-document'] !== undefined;
  const refusals = [
    ...sameCounty(communities),
    ...communities.flatMap((community, index) =>
      eligibilityRefusals(community, policy).map((one) => ofCommunity(one, community, index)),
    ),
    ...(listed ? [] : await planRefusals(context, year)),
  ];
  if (refusals.length > 0) throw Problem.refused(refusals);
}

function sameCounty(communities: readonly CommunityRow[]): Refusal[] {
  if (new Set(communities.map(({ place }) => place.county)).size <= 1) return [];
  return [
    refusal('一个项目的小区应在同一县区', 'The communities of a project lie in one county', {
      path: 'communityIds',
      clause: 'P1.4',
    }),
  ];
}

function ofCommunity(one: Refusal, { name }: CommunityRow, index: number): Refusal {
  return {
    ...one,
    path: `communityIds.${index}.${one.path ?? ''}`,
    message: `${name}：${one.message}`,
    messageEn: `${name}: ${one.messageEn}`,
  };
}

async function planRefusals({ store, world }: Context, year: number): Promise<Refusal[]> {
  const plan = await store.plans.find(year);
  const closed = plan?.closesAt !== undefined && Date.parse(plan.closesAt) <= world.now();
  if (plan?.status === 'running' && !closed) return [];
  const where = { path: 'year', clause: 'P2.1.4', basis: '临政办字〔2020〕81号 二(一) 每年9月底前' };
  return [
    closed
      ? refusal(`${year} 年度计划申报已截止`, `Declaration for the plan of ${year} has closed`, where)
      : refusal(`${year} 年度计划未开放申报`, `There is no open plan for ${year}`, where),
  ];
}

/** @throws Problem `already-exists`: a community is in at most one open project */
async function claim(context: Context, ids: readonly string[], projectId: string): Promise<void> {
  const { store } = context;
  let taken = await store.communities.claim(ids, projectId);
  if (taken.length > 0 && (await freeAbandoned(context, taken))) {
    taken = await store.communities.claim(ids, projectId);
  }
  if (taken.length === 0) return;
  const names = (await store.communities.findAll(taken)).map(
    (row) => `${row.name}（${row.openProject ?? ''}）`,
  );
  throw new Problem('already-exists', {
    zh: `小区已在其他未结项目中：${names.join('、')}`,
    en: `Already in another open project: ${names.join(', ')}`,
  });
}

function placeOf({ _id, place }: CommunityRow) {
  return { community: _id, ...place };
}

function memoOf(memo: unknown): string | undefined {
  if (typeof memo !== 'object' || memo === null || !('projectId' in memo)) return undefined;
  return typeof memo.projectId === 'string' ? memo.projectId : undefined;
}
