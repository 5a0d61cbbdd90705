import type { CivilDate } from '../../domain/calendar';
import type { StoodInFor } from '../../domain/stand-in';
import type { Store } from '../../store/connect';

/**
 * Whom a person stands in for on this day. Whoever has left or has lost the seat lends nothing; stand-ins of those whom
 * one stands in for are not followed.
 */
export async function stoodInFor(
  { standIns, users }: Pick<Store, 'standIns' | 'users'>,
  user: string,
  today: CivilDate,
): Promise<StoodInFor[]> {
  const rows = await standIns.of(user, today);
  const found = await Promise.all(
    rows.map(async ({ user: principal, organisation, kinds }): Promise<StoodInFor | undefined> => {
      const row = await users.find(principal);
      const roles = (row?.seats ?? [])
        .filter((seat) => seat.organisation === organisation)
        .map(({ role }) => role);
      if (!row || row.disabled || roles.length === 0) return undefined;
      return { user: principal, organisation, roles, ...(kinds === undefined ? {} : { kinds }) };
    }),
  );
  return found.flatMap((one) => one ?? []);
}
