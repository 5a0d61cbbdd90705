import { z } from 'zod';
import { isCivilDate } from '../../domain/calendar';
import { holdsPersonalNumber } from '../../domain/personal-data';

/** What requests and answers are made of. */

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, { message: `${min}–${max}` })
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .meta({ override: { type: 'integer', minimum: min, maximum: max, pattern: undefined } });

/** A number in a query or a path. */
export const numberParam = wholeNumber;

export const yearParam = numberParam(2020, 2100);
export const year = z.int().min(2020).max(2100).meta({ example: 2028 });

export const booleanParam = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .meta({ override: { type: 'boolean', enum: undefined } });

export const paging = {
  limit: numberParam(1, 200).optional().meta({ description: 'Default 50' }),
  cursor: z.string().max(1000).optional().meta({ description: 'nextCursor of the page before' }),
};

/** `{items, nextCursor}` */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() });
}

export const civilDate = z
  .string()
  .refine(isCivilDate, { message: '日期不存在，应为 YYYY-MM-DD / not a date, YYYY-MM-DD' })
  .meta({ override: { type: 'string', format: 'date' }, example: '2027-03-10' });

export const instant = z.iso.datetime({ offset: true }).meta({ example: '2027-03-10T16:00:00.000Z' });

export const projectId = z
  .string()
  .regex(/^[0-9]{6}(-[a-z]{2,8})?-[0-9]{4}-[0-9]{4,6}$/)
  .meta({ example: '371302-2028-0042' });

export const taskIdParam = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{2,159}$/)
  .meta({ example: 'project.371302-2028-0042.public-notice.1.1' });

export const identifier = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{1,63}$/);
export const areaCode = z
  .string()
  .regex(/^[0-9]{6,12}(-[a-z]{1,8}[0-9]{0,3}){0,2}$/)
  .meta({ example: '371302' });

/** Of an office or a person; one address, and nothing else. */
export const emailAddress = z.email().max(254).meta({ example: 'sample@lanshan.example' });

export const line = (max: number) => z.string().trim().min(1).max(max);

/** As the rules of forms say it. */
export const NO_NUMBERS = {
  message: '请勿填写个人的电话号码或身份证号码 / no telephone or identity numbers of persons',
};

/** A line that others will read for ever: nobody's telephone or identity number in it. */
export const publicLine = (max: number) => line(max).refine((text) => !holdsPersonalNumber(text), NO_NUMBERS);
