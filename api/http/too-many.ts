import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { Problem } from '../../domain/problems';
import type { Said } from './language';

/** 429 that says when to come again. */
export class TooMany extends Problem {
  constructor(
    /** ms until the next attempt. */
    readonly afterMs: number,
    detail?: Said,
  ) {
    super('too-many-requests', detail);
  }
}

/**
 * Takes a point of each of these, all at once.
 * @throws TooMany if any has none left
 */
export async function takePoints(
  taken: readonly { readonly from: RateLimiterAbstract; readonly key: string; readonly points?: number }[],
  detail?: Said,
): Promise<RateLimiterRes[]> {
  const outcomes = await Promise.allSettled(
    taken.map(({ from, key, points = 1 }) => from.consume(key, points)),
  );
  const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const failed = refused.find((reason) => !(reason instanceof RateLimiterRes));
  if (failed !== undefined) throw failed;
  if (refused.length > 0) {
    throw new TooMany(
      Math.max(...(refused as RateLimiterRes[]).map(({ msBeforeNext }) => msBeforeNext)),
      detail,
    );
  }
  return outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
