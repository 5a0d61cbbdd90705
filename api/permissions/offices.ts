import { Problem } from '../../domain/problems';
import type { Organisation, Place } from '../../domain/seats';
import { isAwaitedDelegate } from '../../domain/holding';
import type { AnyActKind, Task } from '../../domain/task';
import type { OfficeRole } from '../../policy/keys';
import { heldAs, is, OFFICE_ROLES, type Caller } from './caller';

const ONLY: Readonly<Record<OfficeRole, { zh: string; en: string }>> = {
  handler: { zh: '该事项须由经办人拟办', en: 'Only a handler may do this' },
  'section-chief': { zh: '该事项须由科室负责人审核', en: 'Only a section chief may do this' },
  signatory: { zh: '该事项须由签发人办理', en: 'Only a signatory may do this' },
};

const HELD_BY_ANOTHER = { zh: '他人领取的待办由本单位签发人收回', en: 'Only a signatory takes it back' };

/** Organisations for which the caller decides; administrators decide nothing. */
export function officesOf(caller: Caller): string[] {
  return is(caller, ...OFFICE_ROLES) ? caller.organisations.map(({ id }) => id) : [];
}

/**
 * The organisation in whose name the caller completes the task: the one that must do it, otherwise the one that may
 * record its paper decision.
 * @throws Problem `not-your-seat`
 */
export function officeFor(
  caller: Caller,
  task: Pick<Task, 'organisation' | 'paperBy' | 'role' | 'delegation'>,
): string {
  const office = officeIn(caller, task);
  if (office === undefined) throw new Problem('not-your-seat');
  const { role } = task;
  // A delegate only answers; the final word is that of whoever holds the role.
  if (office === task.organisation && isAwaitedDelegate(task, caller)) return office;
  if (role !== undefined && !heldAs(caller, role).some(({ id }) => id === office)) {
    throw new Problem('not-your-seat', ONLY[role]);
  }
  return office;
}

/**
 * The organisation in whose name the caller does something else with the task: the one that must do it.
 * What somebody else has taken, only a signatory takes back.
 * @throws Problem `not-your-seat`
 */
export function officeToAct(caller: Caller, task: Task, act: string): string {
  const { organisation, holder } = task;
  if (!officesOf(caller).includes(organisation)) throw new Problem('not-your-seat');
  if (act !== 'release') return officeFor(caller, task);
  const signs = heldAs(caller, 'signatory').some(({ id }) => id === organisation);
  if (holder !== caller.user && !signs) throw new Problem('not-your-seat', HELD_BY_ANOTHER);
  return organisation;
}

/** The organisation in whose name the caller may complete the task; nothing where it is somebody else's. */
export function officeIn(
  caller: Caller,
  { organisation, paperBy }: Pick<Task, 'organisation' | 'paperBy'>,
): string | undefined {
  const offices = officesOf(caller);
  if (offices.includes(organisation)) return organisation;
  return paperBy !== undefined && offices.includes(paperBy) ? paperBy : undefined;
}

/** Whether an organisation of the caller's could hold a seat that begins such acts; the workflow knows if it does here. */
export function mayBegin(
  caller: Caller,
  { seats, byAdministrator }: Pick<AnyActKind, 'seats' | 'byAdministrator'>,
): boolean {
  if (byAdministrator) return is(caller, 'system-administrator');
  return caller.organisations.some(({ bodies, level }) =>
    seats.some((seat) => seat.level === level && bodies.includes(seat.body)),
  );
}

/**
 * The one of these offices in whose area all the places lie: only there may anything be entered or begun.
 * @throws Problem `not-your-seat`
 */
export function officeForAll(
  offices: readonly Organisation[],
  places: readonly Omit<Place, 'community'>[],
): string {
  const office = offices.find((one) => places.every((place) => covers(one, place)));
  if (!office) throw new Problem('not-your-seat');
  return office.id;
}

/** Whether any of the places lies in the area of one of the caller's organisations. */
export function coversAny(caller: Caller, places: readonly Omit<Place, 'community'>[]): boolean {
  return caller.organisations.some((one) => places.some((place) => covers(one, place)));
}

function covers({ level, area }: Organisation, place: Omit<Place, 'community'>): boolean {
  if (level === 'city') return area === place.city;
  if (level === 'county') return area === place.county;
  return level === 'subdistrict' && area === place.subdistrict;
}
