import { Schema, type Connection } from 'mongoose';

/** Numbers that are given out once: projects of a county and year. */
export interface CounterRow {
  readonly _id: string;
  readonly last: number;
}

const schema = new Schema<CounterRow>({ _id: String, last: Number }, { versionKey: false });

export function openCounters(connection: Connection) {
  const model = connection.model<CounterRow>('Counter', schema, 'counters');
  return {
    model,
    /** The next number, from 1; numbers of requests that failed later stay unused. */
    async next(counter: string): Promise<number> {
      const row = await model
        .findOneAndUpdate({ _id: counter }, { $inc: { last: 1 } }, { upsert: true, returnDocument: 'after' })
        .lean<CounterRow>();
      return row?.last ?? 1;
    },
    /** `371302` and 2027 → `371302-2027-0042` */
    async nextProject(county: string, year: number): Promise<string> {
      const number = await this.next(`project/${county}-${year}`);
      return `${county}-${year}-${String(number).padStart(4, '0')}`;
    },
  };
}
