import { partiesOf, type ProjectNode } from '../../domain/node';
import { Problem } from '../../domain/problems';
import { SAMPLE_ATTACHMENT, type Task } from '../../domain/task';
import type { Attachment } from '../../store/attachments';
import type { CommunityRow, SeenCommunities } from '../../store/communities';
import type { Store } from '../../store/connect';
import type { Seen } from '../../store/projects';
import { inOffice, is, type Caller } from './caller';
import { officesOf } from './offices';

/**
 * How much of a project, and of all that belongs to it, somebody sees.
 *
 * - `everything`: the offices in whose area it lies, its owner, and whoever audits;
 * - `own-part`: operators and companies that are bound in it or have or had something to do in it see how it stands,
 *   their own tasks, and the events of these;
 * - `course`: the system administrator sees how it stands and where it is stuck, and nothing that anybody entered.
 */
export type Sight = 'everything' | 'own-part' | 'course';

type Projects = Pick<Store, 'projects' | 'tasks'>;

/** What a caller is, to whatever may be seen. */
interface Reach {
  readonly whole?: 'everything' | 'course';
  /** Areas of which everything is seen. */
  readonly areas: readonly string[];
  /** Organisations that may be named in a project or asked in one outside their area. */
  readonly parties: readonly string[];
}

const AREA_LEVELS: readonly string[] = ['city', 'county', 'subdistrict', 'neighbourhood'];

export function reachOf(caller: Caller): Reach {
  if (is(caller, 'audit-administrator')) return { whole: 'everything', areas: [], parties: [] };
  if (is(caller, 'system-administrator')) return { whole: 'course', areas: [], parties: [] };
  const organisations = inOffice(caller) ? caller.organisations : [];
  return {
    areas: organisations.filter(({ level }) => AREA_LEVELS.includes(level)).map(({ area }) => area),
    // The city sees all of its city: what one of its bodies is asked adds nothing.
    parties: organisations.filter(({ level }) => level !== 'city').map(({ id }) => id),
  };
}

/** The projects that the caller sees, for a list; nothing where that is all of them. */
export async function seenProjects({ tasks }: Projects, caller: Caller): Promise<Seen | undefined> {
  const { whole, areas, parties } = reachOf(caller);
  return whole ? undefined : { areas, parties, projects: await tasks.projectsOf(parties) };
}

/** How much of the project the caller sees; nothing for whoever may not know of it. */
async function sightOf(
  { tasks }: Projects,
  caller: Caller,
  project: ProjectNode,
): Promise<Sight | undefined> {
  const { whole, areas, parties } = reachOf(caller);
  if (whole) return whole;
  if (project.areas.some((area) => areas.includes(area))) return 'everything';
  if (parties.includes(project.bindings['project-owner'] ?? '')) return 'everything';
  if (partiesOf(project).some((party) => parties.includes(party))) return 'own-part';
  return (await tasks.idsIn(project.projectId, parties)).length > 0 ? 'own-part' : undefined;
}

export interface SeenProject {
  readonly project: ProjectNode;
  readonly sight: Sight;
}

/** @throws Problem `not-found` if there is none, and likewise if the caller may not know of it */
export async function projectSeenBy(store: Projects, caller: Caller, id: string): Promise<SeenProject> {
  const project = await store.projects.find(id);
  const sight = project && (await sightOf(store, caller, project));
  if (!project || !sight) throw new Problem('not-found');
  return { project, sight };
}

/** How much of a year's plan the caller sees: all counties, some of them, or how it stands. */
export interface PlanSight {
  readonly whole?: 'everything' | 'course';
  /** Counties whose part is seen. */
  readonly counties: readonly string[];
}

export function planSightOf(caller: Caller): PlanSight {
  const { whole } = reachOf(caller);
  if (whole) return { whole, counties: [] };
  const organisations = inOffice(caller) ? caller.organisations : [];
  if (organisations.some(({ level }) => level === 'city')) return { whole: 'everything', counties: [] };
  return { counties: organisations.filter(({ level }) => level === 'county').map(({ area }) => area) };
}

/** Whose lateness the caller supervises (督办): all, that in some counties, and that of its own organisations. */
export function supervisedBy(caller: Caller): {
  readonly all: boolean;
  readonly counties: readonly string[];
  readonly organisations: readonly string[];
} {
  const { whole, counties } = planSightOf(caller);
  return { all: whole !== undefined, counties, organisations: officesOf(caller) };
}

/** Whether the caller may look at a task that is not its own to do. */
export async function seesTask(store: Projects, caller: Caller, task: Task): Promise<boolean> {
  if (task.projectId === undefined) {
    const { whole, counties } = planSightOf(caller);
    return whole === 'everything' || (task.county !== undefined && counties.includes(task.county));
  }
  const project = await store.projects.find(task.projectId);
  return project !== undefined && (await sightOf(store, caller, project)) === 'everything';
}

/** Whether a list shows everybody's tasks: of all that there is to whoever audits, of one project to who sees it. */
export async function seesAllTasks(
  store: Projects,
  caller: Caller,
  projectId: string | undefined,
): Promise<boolean> {
  if (reachOf(caller).whole === 'everything') return true;
  const project = projectId === undefined ? undefined : await store.projects.find(projectId);
  return project !== undefined && (await sightOf(store, caller, project)) === 'everything';
}

/** Whoever sees a project, a task or an event that refers to a file sees the file; until then who has sent it. */
export async function seesAttachment(store: Projects, caller: Caller, file: Attachment): Promise<boolean> {
  if (file.id === SAMPLE_ATTACHMENT || file.by === caller.user) return true;
  if (reachOf(caller).whole === 'everything') return true;
  const offices = officesOf(caller);
  const { whole, counties } = planSightOf(caller);
  for (const reference of file.references) {
    const [what, id = ''] = reference.split('/');
    if (what === 'organisation' && offices.includes(id)) return true;
    if ((what === 'city' || what === 'county') && whole === 'everything') return true;
    if (what === 'county' && counties.includes(id)) return true;
    const project = what === 'project' ? await store.projects.find(id) : undefined;
    if (project && (await sightOf(store, caller, project)) === 'everything') return true;
  }
  return false;
}

/** The communities that the caller sees: those of its areas, and those of the projects in which it has a part. */
export async function seenCommunities(store: Projects, caller: Caller): Promise<SeenCommunities | undefined> {
  const { whole, areas, parties } = reachOf(caller);
  if (whole) return undefined;
  const projects = await store.tasks.projectsOf(parties);
  return { areas, communities: await store.projects.communitiesOf({ areas: [], parties, projects }) };
}

export async function seesCommunity(store: Projects, caller: Caller, row: CommunityRow): Promise<boolean> {
  const { whole, areas, parties } = reachOf(caller);
  if (whole || Object.values(row.place).some((area) => areas.includes(area))) return true;
  const projects = await store.tasks.projectsOf(parties);
  return store.projects.hasSeen(row._id, { areas: [], parties, projects });
}
