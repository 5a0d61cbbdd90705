import { z } from 'zod';
import type { CommunityRow } from '../../store/communities';
import { areaCode, civilDate, instant, publicLine } from '../http/fields';

/** What the register holds of a community, as requests and answers carry it. */

const landOwnership = z.enum(['state', 'collective']).meta({ description: '国有、集体' });
const location = z.enum(['city', 'county-town', 'other']).meta({ description: '城市、县城、其他' });

/** Figures that every community has. */
const figures = {
  name: publicLine(60).meta({ example: '样例小区' }),
  households: z.int().min(1).max(100_000),
  buildings: z.int().min(1).max(10_000),
  floorArea: z.number().min(1).max(100_000_000).multipleOf(0.01).meta({ description: '㎡' }),
};

/** Facts that may be unknown; unknown is not "no", and a community with an unknown condition cannot start (P1.1). */
const facts = {
  address: publicLine(120),
  completedOn: civilDate,
  completedYear: z.int().min(1900).max(2100).meta({ description: '只知年份时' }),
  landOwnership,
  location,
  demolishAndRebuild: z.boolean().meta({ description: '住宅拆除新建' }),
  deficiencies: z
    .array(publicLine(200))
    .max(50)
    .meta({ description: '失养失修失管、配套不完善；空表示没有' }),
};

export const placing = {
  county: areaCode,
  subdistrict: areaCode.meta({ example: '371302-s1' }),
  neighbourhood: areaCode.meta({ example: '371302-n1' }),
};

export const newCommunity = z.strictObject({ ...figures, ...z.object(facts).partial().shape, ...placing });
export type NewCommunity = z.infer<typeof newCommunity>;

const nullable = Object.fromEntries(
  Object.entries(facts).map(([key, schema]) => [key, schema.nullable()]),
) as unknown as { [K in keyof typeof facts]: z.ZodNullable<(typeof facts)[K]> };

/** `null` forgets a fact. Where a community lies does not change. */
export const communityChange = z.strictObject({ ...figures, ...nullable }).partial();

const refusalView = z.object({
  path: z.string().optional(),
  message: z.string(),
  clause: z.string().optional(),
  basis: z.string().optional(),
});

export const communityView = z
  .object({
    id: z.string(),
    ...figures,
    ...z.object(facts).partial().shape,
    city: areaCode,
    ...placing,
    openProject: z.string().optional(),
    sample: z.boolean().optional(),
    eligible: z.boolean(),
    refusals: z.array(refusalView).meta({ description: 'Why it cannot start a project (P1.1)' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Community' });

/** The columns of the row that are facts: everything but id, place and bookkeeping. */
export function factsOf(row: CommunityRow) {
  const { address, completedOn, completedYear, landOwnership: land, location: where } = row;
  return {
    name: row.name,
    households: row.households,
    buildings: row.buildings,
    floorArea: row.floorArea,
    address,
    completedOn,
    completedYear,
    landOwnership: land,
    location: where,
    demolishAndRebuild: row.demolishAndRebuild,
    deficiencies: row.deficiencies && [...row.deficiencies],
  };
}
