import { z } from 'zod';
import { civilDate, endOfDay, sameDayMonthsLater, startOfDay } from '../../domain/calendar';
import type { Context } from '../context';
import { instant } from '../http/fields';
import { InvalidRequest } from '../http/invalid';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';

const DURATION =
  /^P(?!$)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?!$)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/;
const LONGEST_DAYS = 800;
const DAY = 86_400_000;

/** The clock of a rehearsal. In live mode there is no such path. */
export function rehearsalOperations({ mode, advance, world, store }: Context): AnyOperation[] {
  if (mode !== 'rehearsal' || !advance) return [];

  return [
    operation({
      method: 'post',
      path: '/rehearsal/clock',
      name: 'advanceClock',
      tag: 'rehearsal',
      summary: '演练：拨快时钟',
      access: 'rehearsal:clock',
      body: z.strictObject({
        advance: z.string().regex(DURATION).meta({ description: 'ISO 8601', example: 'P8D' }),
      }),
      idempotent: true,
      slow: true,
      answers: { 200: { description: '新的时间', schema: z.object({ now: instant }) } },
      handle: async ({ caller, body, idempotencyKey: key }) => {
        const ms = lengthOf(body.advance, world.now());
        if (ms > LONGEST_DAYS * DAY) {
          throw new InvalidRequest([
            {
              path: 'advance',
              message: { zh: `一次最多 ${LONGEST_DAYS} 天`, en: `At most ${LONGEST_DAYS} days` },
            },
          ]);
        }
        return once(store, { user: caller.user, key, target: 'POST /rehearsal/clock', body }, async () => ({
          status: 200,
          body: { now: new Date(await advance(ms)).toISOString() },
        }));
      },
    }),
  ];
}

/** Months and years are the calendar's, counted from the rehearsal's today. */
function lengthOf(duration: string, now: number): number {
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = (
    DURATION.exec(duration) ?? []
  )
    .slice(1)
    .map((part) => Number(part ?? 0));
  const today = civilDate(now);
  const later = sameDayMonthsLater(today, years * 12 + months);
  const calendar = startOfDay(later) - (endOfDay(today) - DAY);
  return calendar + (weeks * 7 + days) * DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1_000;
}
