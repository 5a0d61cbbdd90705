import type { Request } from 'express';
import { z } from 'zod';
import { Problem } from '../../domain/problems';
import type { Refusal } from '../../domain/refusal';
import { booleanParam } from '../http/fields';
import { InvalidRequest, type FieldError } from '../http/invalid';
import { decodeUtf8, readBytes, requireContentType } from '../http/json-body';
import type { Language } from '../http/language';
import type { TableShape } from './csv';

/** Largest table in bytes. */
const LARGEST_TABLE = 5 * 1024 * 1024;
const CSV = ['text/csv'];

export const dryRunParam = {
  dryRun: booleanParam.optional().meta({ description: '只检查，什么也不登记；逐行答复' }),
};

/** What one line would come to. */
export interface Row {
  readonly line: number;
  readonly name: string;
  readonly outcome: 'created' | 'updated';
}

/** A table that was read and held against every rule: nothing is changed yet. */
export interface Examined {
  /** Lines without a fault. */
  readonly rows: readonly Row[];
  /** What does not fit the form, by `rows.<line>.<field>`. */
  readonly errors: readonly FieldError[];
  /** What a rule refuses, by the same paths. */
  readonly refusals: readonly Refusal[];
}

export const dryRunView = z
  .object({
    dryRun: z.literal(true),
    created: z.int().meta({ description: '将新登记的行数' }),
    updated: z.int().meta({ description: '将更正的行数' }),
    rows: z.array(z.object({ line: z.int(), name: z.string(), outcome: z.enum(['created', 'updated']) })),
    faults: z.array(
      z.object({
        line: z.int().optional().meta({ description: '表中的行，表头为第 1 行；没有则为整个文件' }),
        column: z.string().optional().meta({ description: '列名' }),
        message: z.string(),
        clause: z.string().optional(),
        basis: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'DryRun' });
type DryRun = z.infer<typeof dryRunView>;

/** What an import answers that enters lines under ids of their own. */
export const entered = z.object({ created: z.int(), updated: z.int(), ids: z.array(z.string()) });

/** The part of the contract that every import has. @param done what it answers when it is not only tried */
export function importing<Done extends z.ZodType>(done: Done) {
  return {
    rawBody: CSV,
    idempotent: true as const,
    answers: {
      200: {
        description: '已导入；或（dryRun）将导入什么、错在哪里',
        schema: z.union([dryRunView, done]),
      },
    },
  };
}

/** @throws Problem `unsupported-media-type`, `too-large`; InvalidRequest for what is no text */
export async function tableIn(request: Request): Promise<string> {
  requireContentType(request, CSV);
  return decodeUtf8(await readBytes(request, LARGEST_TABLE));
}

/** All or nothing. @throws InvalidRequest, Problem `rule-violated` */
export function requireFaultless({ errors, refusals }: Examined): void {
  if (errors.length > 0) throw new InvalidRequest(errors);
  if (refusals.length > 0) throw Problem.refused(refusals);
}

/** What an import would do, and everything that is wrong with the table, without doing any of it. */
export async function dryRun(
  examine: () => Promise<Examined>,
  { headings }: Pick<TableShape, 'headings'>,
  language: Language,
): Promise<DryRun> {
  const { rows, errors, refusals } = await examine().catch((error: unknown): Examined => {
    // The file itself is no table of ours.
    if (error instanceof InvalidRequest) return { rows: [], errors: error.errors, refusals: [] };
    throw error;
  });
  const wrong = errors.map(({ path, message }) => ({
    ...placeOf(path, headings),
    message: typeof message === 'string' ? message : message[language],
  }));
  const refused = refusals.map(({ path, message, messageEn, clause, basis }) => ({
    ...placeOf(path ?? '', headings),
    message: language === 'zh' ? message : messageEn,
    clause,
    basis,
  }));
  const faults = [...wrong, ...refused].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const faulty = new Set(faults.map(({ line }) => line));
  const right = rows.filter(({ line }) => !faulty.has(line));
  const count = (outcome: Row['outcome']) => right.filter((one) => one.outcome === outcome).length;
  return {
    dryRun: true,
    created: count('created'),
    updated: count('updated'),
    rows: [...right],
    faults,
  };
}

/** `rows.3.households` → line 3, 户数 */
function placeOf(path: string, headings: TableShape['headings']): { line?: number; column?: string } {
  const [, line, field = ''] = /^rows\.(\d+)\.?([^.]*)/.exec(path) ?? [];
  const column = headings[field]?.[0] ?? field;
  return {
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === '' ? {} : { column }),
  };
}
