import type { FieldSeal } from '../domain/field-seal';
import type { Store } from './connect';
import type { Resealed } from './reseal';

/**
 * After a rotation: seals everything that the store keeps sealed with the new key, so that the old ones can go. If
 * nothing was unreadable, the store no longer asks for them.
 * @param keys the new key's id first
 */
export async function resealPersonal(
  {
    secretKeys,
    ...sealed
  }: Pick<Store, 'secretKeys' | 'objections' | 'secondFactors' | 'users' | 'webhooks'>,
  keys: FieldSeal & { readonly ids: readonly string[] },
): Promise<Resealed> {
  const { objections, secondFactors, users, webhooks } = sealed;
  const all: Resealed[] = [];
  for (const one of [objections, secondFactors, users, webhooks]) all.push(await one.reseal(keys));
  const resealed = all.reduce((sum, one) => sum + one.resealed, 0);
  const unreadable = all.reduce((sum, one) => sum + one.unreadable, 0);
  const [current] = keys.ids;
  if (unreadable === 0 && current !== undefined) await secretKeys.retireOthers('personal', current);
  return { resealed, unreadable };
}
