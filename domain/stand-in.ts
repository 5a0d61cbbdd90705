import type { OfficeRole } from '../policy/keys';
import { daysBetween, type CivilDate } from './calendar';
import { refusal, type Refusal } from './refusal';

/**
 * 代理: while it holds, one person may do what another may: the tasks that the other has, and what the other's role in
 * the organisation allows. Never followed further (a stand-in's stand-in is nobody), and neither of the two approves what
 * either has submitted.
 */
export interface StandIn {
  readonly user: string;
  readonly standIn: string;
  /** Both belong to it: what they decide is their organisation's decision. */
  readonly organisation: string;
  /** Its first and its last day, Asia/Shanghai. */
  readonly from: CivilDate;
  readonly until: CivilDate;
  /** Only for these kinds of task; all without. */
  readonly kinds?: readonly string[];
}

/** Whom somebody stands in for now, with the roles that the other has in the organisation. */
export interface StoodInFor {
  readonly user: string;
  readonly organisation: string;
  readonly roles: readonly OfficeRole[];
  readonly kinds?: readonly string[];
}

/** Longer absences are a hand-over, or are named anew. */
const LONGEST_DAYS = 366;

/** Who is there, as far as these rules ask. */
export interface Persons {
  /** Belongs to the organisation, and logs in. */
  isOf(user: string, organisation: string): boolean;
  isKind(kind: string): boolean;
}

export function standInRefusals(
  { user, standIn, organisation, from, until, kinds = [] }: StandIn,
  today: CivilDate,
  { isOf, isKind }: Persons,
): Refusal[] {
  const on = (path: string, zh: string, en: string): Refusal => refusal(zh, en, { path, clause: 'P1.4' });
  const found: Refusal[] = [];
  if (!isOf(user, organisation)) {
    found.push(on('organisation', '被代理人不在该单位', 'They do not belong to that organisation'));
  }
  if (standIn === user) {
    found.push(on('standIn', '不能指定本人', 'It must be somebody else'));
  } else if (!isOf(standIn, organisation)) {
    // Another organisation's officer would decide in the name of one that has not appointed them.
    found.push(
      on(
        'standIn',
        '代理人须为同一单位的在用人员：决定以单位名义作出',
        'A stand-in is in office in the same organisation, in whose name it is decided',
      ),
    );
  }
  if (until < from) found.push(on('until', '止日不得早于起日', 'It ends before it begins'));
  else if (until < today) found.push(on('until', '止日已过', 'It is over already'));
  else if (daysBetween(from, until) > LONGEST_DAYS) {
    found.push(on('until', '代理期限不超过一年', 'A year at most'));
  }
  kinds.forEach((kind, i) => {
    if (!isKind(kind)) found.push(on(`kinds.${i}`, '没有此类待办', 'There is no such kind of task'));
  });
  return found;
}

/** Whether it is of the kinds for which somebody stands in. */
export function standsInFor({ kinds }: Pick<StandIn, 'kinds'>, kind: string): boolean {
  return kinds === undefined || kinds.includes(kind);
}
