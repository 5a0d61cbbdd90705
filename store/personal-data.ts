import type { FieldSeal } from '../domain/field-seal';
import type { Store } from './connect';
import type { Resealed } from './reseal';

/** After a rotation: seals everything that the store keeps sealed with the new key, so that the old one can go. */
export async function resealPersonal(
  { objections, secondFactors }: Pick<Store, 'objections' | 'secondFactors'>,
  seal: FieldSeal,
): Promise<Resealed> {
  const all = [await objections.reseal(seal), await secondFactors.reseal(seal)];
  return {
    resealed: all.reduce((sum, { resealed }) => sum + resealed, 0),
    unreadable: all.reduce((sum, { unreadable }) => sum + unreadable, 0),
  };
}
