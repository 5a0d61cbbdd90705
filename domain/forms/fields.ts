import { z } from 'zod';
import { SAMPLE_ATTACHMENT } from '../task';

/**
 * The fields that forms are made of. Titles are what the officer reads; no field has a default or a transform, so
 * that what was sent is what is recorded.
 */

/** One line. */
export const line = (title: string, max = 200) => z.string().trim().min(1).max(max).meta({ title });

/** Several lines: a reason, an opinion. */
export const prose = (title: string, max = 4000) => z.string().trim().min(1).max(max).meta({ title });

/** Money in fen, 0 and up, to ten billion yuan. */
export const fen = (title: string) =>
  z
    .int()
    .min(0)
    .max(1_000_000_000_000)
    .meta({ title: `${title}（分）` });

/** Floor area in ㎡, with at most two decimals. */
export const squareMetres = (title: string) =>
  z
    .number()
    .min(0)
    .max(100_000_000)
    .multipleOf(0.01)
    .meta({ title: `${title}（㎡）` });

export const count = (title: string, max = 1_000_000) => z.int().min(0).max(max).meta({ title });

/**
 * A pattern of our own, equal to zod's: that one is shared by a worker's workflows and frozen by the engine, and zod writes
 * into it. Zod takes one and does not say so in its types.
 */
const OWN_PATTERN = { pattern: new RegExp(z.regexes.date) } as never;

/** `YYYY-MM-DD`, a day that exists. */
export const date = (title: string) => z.iso.date(OWN_PATTERN).meta({ title });

/**
 * One of several keys, each with the name by which officers choose it: the JSON Schema carries the names as `x-names`.
 * @param names at least those of the keys
 */
export const choice = <const Key extends string>(
  title: string,
  keys: readonly Key[],
  names: Readonly<Record<Key, string>>,
) => z.enum(keys).meta({ title, 'x-names': Object.fromEntries(keys.map((key) => [key, names[key] ?? key])) });

export const yesNo = (title: string) => z.boolean().meta({ title });

/** A file that was uploaded before: its id. */
export const attachment = (title: string) =>
  z
    .string()
    .regex(/^[a-zA-Z0-9-]{8,64}$/, { message: '应为附件编号' })
    .meta({ title: `${title}（附件）` });

/** An organisation of the register, by id. */
export const organisationId = (title: string) =>
  z
    .string()
    .regex(/^[a-zA-Z0-9-]{2,64}$/, { message: '应为单位编号' })
    .meta({ title: `${title}（单位）` });

export const share = (title: string) =>
  z
    .int()
    .min(0)
    .max(100)
    .meta({ title: `${title}（%）` });

/**
 * The documents that this task delivers, by the keys of the policy's list. Everything under a form's `documents`
 * is collected into the project's file for archiving (P2.4.4).
 */
export function documents<const Keys extends readonly string[]>(
  keys: Keys,
  titles: Readonly<Record<Keys[number], string>>,
) {
  const shape = Object.fromEntries(
    keys.map((key) => [key, attachment(titles[key as Keys[number]])]),
  ) as Record<Keys[number], ReturnType<typeof attachment>>;
  return z.strictObject(shape).meta({ title: '附件材料' });
}

/** The same documents, each the permanent sample: for examples. */
export function sampleDocuments<const Keys extends readonly string[]>(
  keys: Keys,
): Record<Keys[number], string> {
  return Object.fromEntries(keys.map((key) => [key, SAMPLE_ATTACHMENT])) as Record<Keys[number], string>;
}
