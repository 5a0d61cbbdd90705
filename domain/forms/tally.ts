import { z } from 'zod';
import type { Count, OwnersTally } from '../owners-vote';
import type { OwnersMatter } from '../../policy/keys';
import { count, squareMetres } from './fields';

/** An owners' vote as a form has it: floor area in ㎡, owners as heads; numerators and denominators (民法典 278). */
export interface TallyFields {
  readonly area: Count;
  readonly owners: Count;
}

export const areaCount = () =>
  z
    .strictObject({
      total: squareMetres('专有部分总面积'),
      voting: squareMetres('参与表决的面积'),
      agreeing: squareMetres('同意的面积'),
    })
    .meta({ title: '按面积计票' });

export const ownerCount = () =>
  z
    .strictObject({
      total: count('业主总人数'),
      voting: count('参与表决的业主人数'),
      agreeing: count('同意的业主人数'),
    })
    .meta({ title: '按业主人数计票' });

/** The domain counts area in hundredths of a ㎡, so that no rounding decides a vote. */
export function ownersTally(matter: OwnersMatter, { area, owners }: TallyFields): OwnersTally {
  const whole = (squares: number): number => Math.round(squares * 100);
  return {
    matter,
    area: { total: whole(area.total), voting: whole(area.voting), agreeing: whole(area.agreeing) },
    owners,
  };
}

/** 样例: nine tenths vote, of these nine tenths agree. */
export function sampleTally(): TallyFields {
  return {
    area: { total: 10_000, voting: 9_000, agreeing: 8_100 },
    owners: { total: 100, voting: 90, agreeing: 81 },
  };
}
