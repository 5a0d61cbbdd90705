import { principalOf } from '../../domain/actor';
import type { Json } from '../../domain/events';
import { signOffReturn } from '../../domain/forms/task-acts/sign-off-return';
import { refusal, type Refusal } from '../../domain/refusal';
import type { Task } from '../../domain/task';
import type { Store } from '../../store/connect';
import type { UserRow } from '../../store/users';
import type { Caller } from '../permissions';

/** Somebody of one's own organisation to whom a task can be handed over. */
export interface Colleague {
  readonly user: string;
  readonly displayName?: string;
  readonly roles: readonly string[];
}

type Users = Pick<Store, 'users'>;

/** The others of the organisation who may do the task; whoever has it chooses among them. */
export async function colleaguesFor({ users }: Users, caller: Caller, task: Task): Promise<Colleague[]> {
  const { items } = await users.list({ organisation: task.organisation, limit: 200 });
  return items
    .filter((one) => one._id !== caller.user && !task.notBy.includes(one._id) && isOf(one, task.organisation))
    .map(({ _id, displayName, seats }) => ({
      user: _id,
      ...(displayName === undefined ? {} : { displayName }),
      roles: seats.filter(({ organisation }) => organisation === task.organisation).map(({ role }) => role),
    }));
}

/**
 * Workflows know no users: that those whom an act names are there, and may do the task, only the API can say.
 * @param people as `peopleNamed` has found them in the same form
 * @param form of a transfer, a delegation or a co-signature; others name nobody
 */
export function personRefusals(people: People, task: Task, act: string, form: unknown): Refusal[] {
  return namedIn(form, task.organisation).flatMap(({ path, organisation, user }) => {
    const row = people.get(user);
    if (!row || !isOf(row, organisation)) return [refusal(...NOBODY, { path })];
    // A delegate only answers: the final word is the delegator's, who holds the role.
    const role = act === 'transfer' ? task.role : undefined;
    return isOf(row, organisation, role) ? [] : [refusal(...NOT_THE_ROLE, { path, clause: 'P1.4' })];
  });
}

/**
 * The form as it is signed: a draft whose drafter has left, or is no handler there any more, is returned to whoever is one.
 * Workflows know no users.
 */
export async function asSigned({ users }: Users, task: Task, act: string, form: Json): Promise<Json> {
  const [handler] = task.signOff?.signed ?? [];
  if (act !== signOffReturn.act || !handler) return form;
  const row = await users.find(principalOf(handler.by));
  if (row && isOf(row, task.organisation, handler.stage)) return form;
  return { ...(form as Record<string, Json>), toAnybody: true };
}

type People = ReadonlyMap<string, UserRow | undefined>;

/** Whom a form names that has not been looked at yet: whatever it is. */
export async function peopleNamed({ users }: Users, form: unknown): Promise<People> {
  const named = namedIn(form, '').slice(0, MOST_NAMED);
  return new Map(await Promise.all(named.map(async ({ user }) => [user, await users.find(user)] as const)));
}

/** As many as a form may name; more is refused by its shape. */
const MOST_NAMED = 20;

interface Named {
  readonly path: string;
  readonly organisation: string;
  readonly user: string;
}

function namedIn(form: unknown, own: string): Named[] {
  const { user, organisation, signers } = (form ?? {}) as Partial<Record<string, unknown>>;
  const one = typeof user === 'string' ? [{ path: 'user', user, organisation }] : [];
  const many = (Array.isArray(signers) ? (signers as Record<string, unknown>[]) : []).flatMap((signer, i) =>
    typeof signer['user'] === 'string'
      ? [{ path: `signers.${i}.user`, user: signer['user'], organisation: signer['organisation'] }]
      : [],
  );
  return [...one, ...many].map((named) => ({
    ...named,
    organisation: typeof named.organisation === 'string' ? named.organisation : own,
  }));
}

function isOf({ disabled, seats }: UserRow, organisation: string, role?: string): boolean {
  return (
    !disabled &&
    seats.some((seat) => seat.organisation === organisation && (role === undefined || seat.role === role))
  );
}

const NOBODY = ['没有此人员，或其不在该单位', 'There is no such person in that organisation'] as const;
const NOT_THE_ROLE = [
  '该人员不具备办理本环节的岗位',
  'They do not hold the role that this asks for',
] as const;
