import { parseSeat, seatText, type Body, type Level, type Seat, type SeatText } from '../policy/keys';

/** What a workflow needs to know of an organisation: which seats it holds, and where. */
export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly bodies: readonly Body[];
  readonly level: Level;
  /** Key of its area: city, county (or management committee), subdistrict or neighbourhood code. */
  readonly area: string;
  /** Operators and market companies: further areas that they serve; empty means `area` only. */
  readonly serves?: readonly string[];
}

/** Where a community lies: the areas whose organisations manage it. */
export interface Place {
  readonly community: string;
  readonly city: string;
  readonly county: string;
  readonly subdistrict: string;
  readonly neighbourhood: string;
}

/** Policy's explicit mapping where an area lacks a body of its own (a committee without a finance bureau). */
export interface SeatMapping {
  readonly area: string;
  readonly seat: SeatText;
  readonly heldBy: SeatText;
  /** Area in which the holder is looked for. */
  readonly heldIn: string;
}

/** Seats whose holder an act has named: owner, designer, contractor, supervisor, surveyor, manager. */
export type Bindings = Partial<Record<Body, string>>;

const BOUND_LEVEL: Level = 'market';

function areaAt(level: Level, place: Place): string {
  if (level === 'county') return place.county;
  if (level === 'subdistrict') return place.subdistrict;
  if (level === 'neighbourhood') return place.neighbourhood;
  return place.city;
}

/**
 * The organisations that hold a seat for the given places: one or several, each gets its own task.
 * An owners' committee stands in its neighbourhood's area. Nobody is an answer too: the seat is then
 * vacant, and whoever asks must wait (never skip).
 */
export function organisationsFor(
  seat: Seat,
  places: readonly Place[],
  organisations: readonly Organisation[],
  bindings: Bindings = {},
  mappings: readonly SeatMapping[] = [],
): string[] {
  const bound = bindings[seat.body];
  if (bound) return [bound];
  if (seat.level === BOUND_LEVEL) return [];
  const found = new Set<string>();
  for (const place of places) {
    const area = areaAt(seat.level, place);
    const mapping = mappings.find((m) => m.area === area && m.seat === seatText(seat));
    const holder = (mapping && parseSeat(mapping.heldBy)) ?? seat;
    const heldIn = mapping?.heldIn ?? area;
    for (const organisation of organisations) {
      if (organisation.level !== holder.level || !organisation.bodies.includes(holder.body)) continue;
      const served = [organisation.area, ...(organisation.serves ?? [])];
      const wanted = holder.level === 'operator' ? [place.city, place.county] : [heldIn];
      if (wanted.some((key) => served.includes(key))) found.add(organisation.id);
    }
  }
  return [...found].sort();
}

/** The organisations of a market or operator body that an act may name (an award, an engagement). */
export function candidatesFor(
  body: Body,
  organisations: readonly Organisation[],
): { id: string; name: string }[] {
  return organisations
    .filter((organisation) => organisation.bodies.includes(body))
    .map(({ id, name }) => ({ id, name }));
}
