import { z } from 'zod';
import { refusal, type Refusal } from '../../domain/refusal';
import type { UserRow } from '../../store/users';
import { emailAddress, identifier, line } from '../http/fields';
import { OFFICE_ROLES } from '../permissions';

/** Who may be entered as a user, and with which rights. */

export const seat = z.strictObject({ organisation: identifier, role: z.enum(OFFICE_ROLES) });
export const systemRole = z
  .enum(['system', 'security', 'audit'])
  .meta({ description: '三员之一；每人至多一员' });

/** A user without the password, which is either given or generated. */
export const userFields = {
  username: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$/),
  displayName: line(40).optional(),
  email: emailAddress.optional(),
  seats: z.array(seat).max(20),
  systemRole: systemRole.optional(),
};

/** A seat without an organisation is no seat, and an administrator decides nothing. */
export function userRefusals(
  { seats, systemRole: role }: Pick<UserRow, 'seats' | 'systemRole'>,
  organisations: ReadonlySet<string>,
): Refusal[] {
  const basis = 'GB/T 22239 三员分立';
  return [
    ...seats.flatMap(({ organisation }, index) =>
      organisations.has(organisation)
        ? []
        : [
            refusal('席位须属于已登记的单位', 'A seat belongs to a registered organisation', {
              path: `seats.${index}.organisation`,
              clause: 'P1.4',
            }),
          ],
    ),
    ...(role !== undefined && seats.length > 0
      ? [refusal('管理员不得兼任经办或签发', 'An administrator holds no seat', { path: 'seats', basis })]
      : []),
    ...(role === undefined && seats.length === 0
      ? [
          refusal('用户须有席位或为三员之一', 'A user holds a seat or is one of the three', {
            path: 'seats',
            basis,
          }),
        ]
      : []),
  ];
}
