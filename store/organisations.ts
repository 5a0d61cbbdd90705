import { Schema, type Connection } from 'mongoose';
import type { Organisation } from '../domain/seats';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor';

/** Who holds seats. Changing one is a change of the world: workflows are told to read their briefing again. */
export interface OrganisationRow extends Omit<Organisation, 'id'> {
  readonly _id: string;
  readonly sample?: boolean;
  readonly disabled?: boolean;
}

const schema = new Schema<OrganisationRow>(
  {
    _id: String,
    name: { type: String, required: true },
    bodies: { type: [String], required: true },
    level: { type: String, required: true },
    area: { type: String, required: true },
    serves: { type: [String], default: undefined },
    sample: Boolean,
    disabled: Boolean,
  },
  { versionKey: false },
);
schema.index({ area: 1 });
schema.index({ level: 1 });

export interface OrganisationFilter {
  readonly area?: string | undefined;
  readonly level?: string | undefined;
  readonly body?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export function openOrganisations(connection: Connection) {
  const model = connection.model<OrganisationRow>('Organisation', schema, 'organisations');
  return {
    model,
    async find(id: string): Promise<Organisation | undefined> {
      const row = await model.findById(id).lean<OrganisationRow>();
      return row ? organisationOf(row) : undefined;
    },
    async findAll(ids: readonly string[]): Promise<Organisation[]> {
      const rows = await model.find({ _id: { $in: [...ids] } }).lean<OrganisationRow[]>();
      return rows.map(organisationOf);
    },
    /**
     * A page of organisations by id, disabled ones included.
     * @throws BadCursor
     */
    async list(filter: OrganisationFilter): Promise<Page<OrganisationRow>> {
      const size = pageSize(filter.limit);
      const rows = await model
        .find(conditionOf(filter))
        .sort({ _id: 1 })
        .limit(size + 1)
        .lean<OrganisationRow[]>();
      return pageOf(rows, size, (row) => [row._id]);
    },
    async all(): Promise<Organisation[]> {
      const rows = await model
        .find({ disabled: { $ne: true } })
        .sort({ _id: 1 })
        .lean<OrganisationRow[]>();
      return rows.map(organisationOf);
    },
    /**
     * Everybody who may hold a seat in a county (or in the city as a whole, without one): the city's bodies, the
     * county's own with its subdistricts and neighbourhoods (`371302`, `371302-s1`, …), operators and companies.
     */
    async inArea(city: string, county?: string): Promise<Organisation[]> {
      const own = county === undefined ? [] : [{ area: county }, { area: new RegExp(`^${county}-[sn]`) }];
      const rows = await model
        .find({
          disabled: { $ne: true },
          $or: [{ area: city, level: 'city' }, { level: { $in: ['operator', 'market'] } }, ...own],
        })
        .sort({ _id: 1 })
        .lean<OrganisationRow[]>();
      return rows.map(organisationOf);
    },
  };
}

function organisationOf({ _id, sample: _s, disabled: _d, ...rest }: OrganisationRow): Organisation {
  return { id: _id, ...rest };
}

function conditionOf({ area, level, body, cursor }: OrganisationFilter): Record<string, unknown> {
  return {
    ...(area === undefined ? {} : { area }),
    ...(level === undefined ? {} : { level }),
    ...(body === undefined ? {} : { bodies: body }),
    ...(cursor === undefined ? {} : { _id: { $gt: decodeCursor(cursor, 1)[0] } }),
  };
}
