/** Workflows by their ids: from the first, to before the second; all without either. */
export interface IdRange {
  readonly from?: string;
  readonly to?: string;
}

/** A workflow and all that it started: `project/371302-2027-0042`, `…/public-notice/1`. Ids end with `#` or go on with `/`. */
export function familyRange(id: string): IdRange {
  return { from: id, to: `${id}0` };
}

/** A year's plan, what it started, and the counties' submissions to it. */
export function planRanges(year: number): IdRange[] {
  return [familyRange(`plan/${year}`), { from: `submission/${year}-`, to: `submission/${year}.` }];
}

/** Of events too: their ids go on with `#`. */
export function withinIds({ from, to }: IdRange): { _id?: never } {
  if (from === undefined && to === undefined) return {};
  const bounds = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) };
  return { _id: bounds as never };
}
