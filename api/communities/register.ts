import type { CommunityRow } from '../../store/communities';
import { Problem } from '../../domain/problems';
import { refusal, type Refusal } from '../../domain/refusal';
import type { Policy } from '../../policy/schema';
import type { Context } from '../context';
import type { FieldError } from '../http/invalid';
import { officeForAll, officesAllowed, type Caller } from '../permissions';
import { at, type Listed } from '../tables/csv';
import type { Examined } from '../tables/import';
import type { NewCommunity } from './facts';

type Placing = Pick<NewCommunity, 'county' | 'subdistrict' | 'neighbourhood'>;

/** Enters communities into the register, all or none. An entry that is there already is brought up to date. */
export class Register {
  constructor(private readonly context: Context) {}

  /**
   * What is wrong with where a community is said to lie: every seat there must have an organisation that holds it, or
   * its project would wait for ever.
   */
  async placeRefusals(places: readonly Placing[]): Promise<Refusal[][]> {
    const policy = await this.context.world.policy();
    const organisations = await this.context.store.organisations.all();
    const held = new Set(organisations.map(({ level, area }) => `${level} ${area}`));
    return places.map((place) => refusalsOf(place, policy, held));
  }

  /** What entering these lines of a table would come to; what is wrong with them is said, nothing is changed. */
  async examine(listed: readonly Listed<NewCommunity>[], errors: readonly FieldError[]): Promise<Examined> {
    const all = listed.map(({ entry }) => entry);
    const [refusals, known] = await Promise.all([this.placeRefusals(all), this.known(all)]);
    return {
      rows: listed.map(({ line, entry }) => ({
        line,
        name: entry.name,
        outcome: known.has(keyOf(entry)) ? 'updated' : 'created',
      })),
      errors,
      refusals: listed.flatMap(({ line }, index) => (refusals[index] ?? []).map((one) => at(line, one))),
    };
  }

  private async known(all: readonly NewCommunity[]): Promise<Set<string>> {
    const rows = await this.context.store.communities.model
      .find(
        {
          'place.neighbourhood': { $in: [...new Set(all.map(({ neighbourhood }) => neighbourhood))] },
          name: { $in: all.map(({ name }) => name) },
        },
        { name: 1, place: 1 },
      )
      .lean<Pick<CommunityRow, 'name' | 'place'>[]>();
    return new Set(rows.map(({ name, place: { neighbourhood } }) => keyOf({ name, neighbourhood })));
  }

  /** @throws Problem `not-your-seat` unless they all lie in the area of one of the caller's organisations */
  async requireOffice(caller: Caller, places: readonly Placing[]): Promise<void> {
    const policy = await this.context.world.policy();
    officeForAll(
      officesAllowed('register:write', caller),
      places.map((place) => ({ city: policy.city.code, ...place })),
    );
  }

  async add(one: NewCommunity): Promise<CommunityRow> {
    const { store } = this.context;
    const row = await this.rowOf(one);
    try {
      await store.communities.model.collection.insertOne(row as never);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new Problem('already-exists', {
        zh: `该居委会已登记“${one.name}”`,
        en: `${one.name} is registered in this neighbourhood already`,
      });
    }
    return row;
  }

  /** @returns ids in the order given */
  async addAll(all: readonly NewCommunity[]): Promise<{ created: number; updated: number; ids: string[] }> {
    const { store } = this.context;
    const rows = await Promise.all(all.map((one) => this.rowOf(one)));
    return store.connection.transaction(async (session) => {
      const { collection } = store.communities.model;
      let created = 0;
      const ids: string[] = [];
      for (const { _id, createdAt, ...row } of rows) {
        const key = { 'place.neighbourhood': row.place.neighbourhood, name: row.name };
        const before = await collection.findOneAndUpdate(
          key,
          { $set: row, $setOnInsert: { _id: _id as never, createdAt } },
          { upsert: true, session, returnDocument: 'before', projection: { _id: 1 } },
        );
        if (!before) created += 1;
        ids.push(String(before?._id ?? _id));
      }
      return { created, updated: rows.length - created, ids };
    });
  }

  private async rowOf(one: NewCommunity): Promise<CommunityRow> {
    const { county, subdistrict, neighbourhood, ...known } = one;
    const { city } = await this.context.world.policy();
    const number = await this.context.store.counters.next(`community/${county}`);
    const at = new Date();
    const row = {
      _id: `${county}-c${String(number).padStart(5, '0')}`,
      ...known,
      place: { city: city.code, county, subdistrict, neighbourhood },
      createdAt: at,
      updatedAt: at,
    };
    // Unknown facts are absent, not undefined.
    return Object.fromEntries(
      Object.entries(row).filter(([, value]) => value !== undefined),
    ) as unknown as CommunityRow;
  }
}

function keyOf({ name, neighbourhood }: Pick<NewCommunity, 'name' | 'neighbourhood'>): string {
  return `${neighbourhood} ${name}`;
}

function refusalsOf(place: Placing, policy: Policy, held: ReadonlySet<string>): Refusal[] {
  const where = (path: string) => ({ path, clause: 'P1.4' });
  const known = policy.areas.some(({ code, kind }) => code === place.county && kind !== 'city');
  if (!known) {
    return [refusal('不是本市的县区或管委会', 'Not a county or committee of this city', where('county'))];
  }
  return (['subdistrict', 'neighbourhood'] as const).flatMap((level) =>
    held.has(`${level} ${place[level]}`)
      ? []
      : [
          refusal(
            `没有单位承担 ${place[level]} 的席位，请先登记单位`,
            `No organisation holds the seats of ${place[level]}: register it first`,
            where(level),
          ),
        ],
  );
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 11000;
}
