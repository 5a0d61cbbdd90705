import { Schema, type Connection } from 'mongoose';
import type { Organisation } from '../domain/seats';

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
export type Organisations = ReturnType<typeof openOrganisations>;

function organisationOf({ _id, sample: _s, disabled: _d, ...rest }: OrganisationRow): Organisation {
  return { id: _id, ...rest };
}
