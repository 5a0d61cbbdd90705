import { z } from 'zod';
import { refusal, type Refusal } from '../../domain/refusal';
import { bodies, levels } from '../../policy/keys';
import type { Policy } from '../../policy/schema';
import type { OrganisationRow } from '../../store/organisations';
import { areaCode, line } from '../http/fields';

export const newOrganisation = z.strictObject({
  name: line(80),
  bodies: z.array(z.enum(bodies)).min(1).max(10),
  level: z.enum(levels),
  area: areaCode,
  serves: z.array(areaCode).max(50).optional().meta({ description: '专营单位、参建单位另外服务的区域' }),
});

type Seats = Pick<OrganisationRow, 'bodies' | 'level' | 'area'> & {
  readonly serves?: readonly string[] | undefined;
};

/** A body exists at certain levels, and an area is one of the city's or lies in one. */
export function seatRefusals({ bodies: held, level, area, serves = [] }: Seats, policy: Policy): Refusal[] {
  const wrongBodies = held.flatMap((body, index) =>
    policy.bodies.some(({ key, levels: at }) => key === body && at.includes(level))
      ? []
      : [
          refusal(`${level} 一级没有 ${body} 这一席位`, `There is no seat of ${body} at level ${level}`, {
            path: `bodies.${index}`,
            clause: 'P1.4',
          }),
        ],
  );
  const known = (code: string) =>
    policy.areas.some((one) => code === one.code || code.startsWith(`${one.code}-`));
  const wrongAreas = [area, ...serves].flatMap((code, index) =>
    known(code)
      ? []
      : [
          refusal(`${code} 不在本市范围`, `${code} is no area of this city`, {
            path: index === 0 ? 'area' : `serves.${index - 1}`,
            clause: 'P1.4',
          }),
        ],
  );
  return [...wrongBodies, ...wrongAreas];
}
