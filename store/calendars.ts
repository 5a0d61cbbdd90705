import { Schema, type Connection } from 'mongoose';
import type { Calendar, YearList } from '../domain/calendar';

/** Years of holidays that were loaded after the program was built. */
export interface CalendarRow extends YearList {
  /** The year. */
  readonly _id: number;
  /** The notice that published it. */
  readonly source: string;
  readonly loadedBy: string;
  readonly loadedAt: Date;
}

const schema = new Schema<CalendarRow>(
  {
    _id: Number,
    off: { type: [String], required: true },
    work: { type: [String], required: true },
    source: { type: String, required: true },
    loadedBy: { type: String, required: true },
    loadedAt: { type: Date, required: true },
  },
  { versionKey: false },
);

export function openCalendars(connection: Connection) {
  const model = connection.model<CalendarRow>('Calendar', schema, 'calendars');
  return {
    model,
    all(): Promise<CalendarRow[]> {
      return model.find().sort({ _id: 1 }).lean<CalendarRow[]>();
    },
    /** The built-in years with those loaded since; a loaded year replaces the built-in one. */
    async onTopOf(builtIn: Calendar): Promise<Calendar> {
      const rows = await model.find().lean<CalendarRow[]>();
      if (rows.length === 0) return builtIn;
      const loaded = rows.map(({ _id, off, work }) => [String(_id), { off, work }] as const);
      return { years: { ...builtIn.years, ...Object.fromEntries(loaded) } };
    },
  };
}
