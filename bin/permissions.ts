import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Registry } from 'prom-client';
import { BASE, operationsOf } from '../api/app';
import type { Context } from '../api/context';
import type { AnyOperation } from '../api/http/operation';
import { titleOf } from '../api/permissions';
import { cellOf, COLUMNS, type Cell, type Column } from '../api/permissions/matrix';
import { actKinds, taskKinds } from '../domain/forms';
import { seatText, type SeatText } from '../policy/keys';
import { linyi } from '../policy/linyi';

/**
 * `npm run permissions`: writes docs/permissions.md, who may what, from the rules themselves. A test fails when the
 * committed file says something else than the rules do.
 */
export const FILE = resolve(__dirname, '..', 'docs', 'permissions.md');

/** One line of the table route × role. */
export interface Row {
  readonly method: string;
  readonly path: string;
  readonly operation: AnyOperation;
  readonly cells: Readonly<Record<Column, Cell>>;
}

/** Every route that there can be, those of a rehearsal included. */
export function routes(): Row[] {
  // Operations are only described here, never called: of what they work with only its being there counts.
  const store = { limits: { limiter: () => undefined } };
  const everything = { mode: 'rehearsal', advance: async () => 0, payloadCodec: {}, store };
  const { machines, resources } = operationsOf(everything as unknown as Context, new Registry());
  const row = (base: string) => (operation: AnyOperation) => ({
    method: operation.method.toUpperCase(),
    path: `${base}${operation.path}`,
    operation,
    cells: Object.fromEntries(
      COLUMNS.map((column) => [column, cellOf(operation.access, column, linyi.seats)]),
    ) as Record<Column, Cell>,
  });
  return [...resources.flat().map(row(BASE)), ...machines.map(row(''))];
}

const HEADINGS: Record<Column, string> = {
  handler: '经办 handler',
  'section-chief': '审核 section-chief',
  signatory: '签发 signatory',
  'system-administrator': '系统管理员 system',
  'security-administrator': '安全管理员 security',
  'audit-administrator': '审计管理员 audit',
  service: '接口账号 service',
  visitor: '访客 visitor',
};

function cellText(cell: Cell): string {
  if (cell === 'all') return '✓';
  return cell === 'none' ? '—' : cell.map((seat) => `\`${seat}\``).join(' ');
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

function routeTable(): string {
  return table(
    ['route', 'permission', ...COLUMNS.map((column) => HEADINGS[column])],
    routes().map(({ method, path, operation: { access, summary }, cells }) => [
      `\`${method} ${path}\` ${summary}`,
      access === 'public' ? '公开 public' : `${titleOf(access)} \`${access}\``,
      ...COLUMNS.map((column) => cellText(cells[column])),
    ]),
  );
}

function kindTable(): string {
  return table(
    ['task kind', 'step', 'clause', 'seats'],
    Object.values(taskKinds).map(({ kind, title, step, clause, seats }) => [
      `\`${kind}\` ${title}`,
      step,
      clause,
      seats.map((seat) => `\`${seat}\``).join(' '),
    ]),
  );
}

/** Acts whose seats the policy names, by the words of its list of rights. */
const BY_POLICY: Readonly<Record<string, string>> = {
  suspension: 'suspend',
  resumption: 'resume',
  withdrawal: 'withdraw',
  cancellation: 'cancel',
  'residents-vote': 'residents-vote',
};

/** The seats from which an act can be begun; of a control, at any stretch of a project's life. */
export function seatsOfAct(act: string): SeatText[] {
  const own = actKinds[act]?.seats ?? [];
  if (own.length > 0) return own.map(seatText);
  const rights =
    act === 'return'
      ? linyi.returnRights
      : linyi.controlRights.filter((right) => right.act === BY_POLICY[act]);
  return [...new Set(rights.flatMap(({ seats }) => seats))] as SeatText[];
}

function actTable(): string {
  return table(
    ['act', 'step', 'clause', 'seats', 'from'],
    Object.values(actKinds).map(({ act, title, step, clause, seats }) => {
      const held = seatsOfAct(act).map((seat) => `\`${seat}\``);
      const from = seats.length > 0 ? 'the act' : 'the policy';
      const who =
        held.length > 0 ? [held.join(' '), from] : ['—', 'the system administrator, as the route says'];
      return [`\`${act}\` ${title}`, step, clause, ...who];
    }),
  );
}

/** The text of docs/permissions.md. */
export function permissionsDocument(): string {
  return readFileSync(join(__dirname, 'permissions.template.md'), 'utf8')
    .replace('{{routes}}', routeTable())
    .replace('{{kinds}}', kindTable())
    .replace('{{acts}}', actTable());
}

function main(): void {
  writeFileSync(FILE, permissionsDocument());
  console.log(`${FILE}: ${routes().length} routes, ${Object.keys(taskKinds).length} task kinds`);
}

if (require.main === module) main();
