import { Problem } from '../../domain/problems';
import type { Organisation, Place } from '../../domain/seats';
import type { AnyActKind, Task } from '../../domain/task';
import { heldAs, is, OFFICE_ROLES, type Caller } from './caller';

const SIGNATORY_ONLY = { zh: '该事项须由签发人办理', en: 'Only a signatory may do this' };

/** Organisations for which the caller decides; administrators decide nothing. */
export function officesOf(caller: Caller): string[] {
  return is(caller, ...OFFICE_ROLES) ? caller.organisations.map(({ id }) => id) : [];
}

/**
 * The organisation in whose name the caller completes the task: the one that must do it, otherwise the one that may
 * record its paper decision.
 * @throws Problem `not-your-seat`
 */
export function officeFor(caller: Caller, task: Pick<Task, 'organisation' | 'paperBy' | 'role'>): string {
  const office = officeIn(caller, task);
  if (office === undefined) throw new Problem('not-your-seat');
  const { role } = task;
  if (role !== undefined && !heldAs(caller, role).some(({ id }) => id === office)) {
    throw new Problem('not-your-seat', SIGNATORY_ONLY);
  }
  return office;
}

/** Likewise; nothing where the task is somebody else's. */
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
