/** A row of a list on the way to what differs: its content tells what it is called. */
export interface RowPart {
  readonly row: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface Difference {
  /** Names of fields, and rows of lists. */
  readonly path: readonly (string | RowPart)[];
  readonly was: unknown;
  readonly is: unknown;
}

/** Rules reckon with the policy; `before` is what the comparison itself shows. */
const NOT_COMPARED = new Set(['policy', 'ratios', 'bindings', 'before']);
/** By what a row of a list is the same row in another round, wherever it stands. */
const KEYS = ['communityId', 'projectId', 'id', 'key', 'no', 'source', 'operator', 'group', 'name'] as const;

type Row = Readonly<Record<string, unknown>>;

/** What differs between two rounds of the same, field by field; rows of lists are compared with their like. */
export function differences(was: unknown, is: unknown, path: Difference['path'] = []): Difference[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return [];
  if (Array.isArray(was) && Array.isArray(is)) return inLists(was as unknown[], is as unknown[], path);
  if (!isRow(was) || !isRow(is)) return [{ path, was, is }];
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return fields
    .filter((field) => !NOT_COMPARED.has(field))
    .flatMap((field) => differences(was[field], is[field], [...path, field]));
}

function inLists(was: readonly unknown[], is: readonly unknown[], path: Difference['path']): Difference[] {
  const isRows = [...was, ...is].every(isRow);
  if (!isRows) return [{ path, was, is }];
  const [before, now] = [was as readonly Row[], is as readonly Row[]];
  const key = KEYS.find((name) => isKey(name, before) && isKey(name, now));
  const idOf = (row: Row, at: number): unknown => (key === undefined ? at : row[key]);
  const former = new Map(before.map((row, at) => [idOf(row, at), row]));
  const latter = new Map(now.map((row, at) => [idOf(row, at), row]));
  return [...new Set([...former.keys(), ...latter.keys()])].flatMap((id, at) => {
    const [one, other] = [former.get(id), latter.get(id)];
    return differences(one, other, [...path, { row: other ?? one ?? {}, at }]);
  });
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every row has it, and no two the same. */
function isKey(name: string, rows: readonly Row[]): boolean {
  const values = rows.map((row) => row[name]);
  return (
    values.every((value) => typeof value === 'string' || typeof value === 'number') &&
    new Set(values).size === values.length
  );
}
