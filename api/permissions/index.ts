/**
 * Who may do what, and who sees what: everything is decided in this folder, and what is not allowed here is denied.
 *
 * - `rules.ts`: what an operation asks of its caller (route × role);
 * - `sight.ts`: of what is there, what a caller sees;
 * - `offices.ts`: in whose name a caller acts;
 * - `actors.ts`: in whose stead, where not in their own (代理).
 *
 * The API refuses what can be known without the workflow; whether an organisation holds the seat of a task or an act
 * is decided once more by the workflow, which is the authority. docs/permissions.md is generated from here.
 */
export { actorToAct, actorToDecide, stoodInForAt } from './actors';
export { ADMINISTRATOR_ROLES, isAdministrator, OFFICE_ROLES, ROLES, type Caller, type Role } from './caller';
export { coversAny, mayBegin, officeFor, officeForAll, officeIn, officesOf } from './offices';
export {
  planSightOf,
  projectSeenBy,
  reachOf,
  seenCommunities,
  seenProjects,
  seesAllTasks,
  seesAttachment,
  seesCommunity,
  seesTask,
  supervisedBy,
  type PlanSight,
  type SeenProject,
  type Sight,
} from './sight';
export { readsTask } from './task-sight';
export {
  isAccess,
  isAllowed,
  officesAllowed,
  isServiceScope,
  PERMISSIONS,
  requireAccess,
  SERVICE_SCOPES,
  titleOf,
  type Access,
  type Permission,
} from './rules';
