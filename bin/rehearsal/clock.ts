import { civilDate } from '../../domain/calendar';

/** What the clock of a rehearsal moves and what it must wait for. */
export interface Clockwork {
  /** The engine's time, ms since 1970. */
  currentTime(): Promise<number>;
  skip(ms: number): Promise<void>;
  /** Until everything that has begun has come to where it waits. */
  quiet(): Promise<void>;
  /** What the Schedule would start on 1 January of a year. */
  january(year: number): Promise<void>;
}

/** The time of a rehearsal: it runs at real speed and jumps when it is advanced. */
export interface RehearsalClock {
  /** Ms since 1970. */
  now(): number;
  /** Moves on by so many ms and answers the new time, when the world is quiet again. One after the other. */
  advance(ms: number): Promise<number>;
}

/** The hour at which the Schedule of the annual plan runs, in Asia/Shanghai. */
const JANUARY = '-01-01T09:00:00+08:00';

export async function startClock(works: Clockwork): Promise<RehearsalClock> {
  let offset = 0;
  const read = async (): Promise<number> => {
    const time = await works.currentTime();
    offset = time - Date.now();
    return time;
  };
  // What lies before the rehearsal's beginning is not caught up with.
  let done = await read();
  let before: Promise<unknown> = Promise.resolve();

  async function advanceTo(target: number): Promise<number> {
    await works.quiet();
    for (const year of januariesBetween(done, target)) {
      await skipTo(Date.parse(`${year}${JANUARY}`));
      await works.january(year);
      await works.quiet();
    }
    await skipTo(target);
    done = target;
    return read();
  }

  async function skipTo(instant: number): Promise<void> {
    const left = instant - (await read());
    if (left <= 0) return;
    await works.skip(left);
    await works.quiet();
  }

  return {
    now: () => Date.now() + offset,
    advance(ms) {
      const turn = before.then(async () => advanceTo((await read()) + ms));
      before = turn.catch(() => undefined);
      return turn;
    },
  };
}

/** Years whose January the Schedule would have seen after `from` and not after `to`. */
function januariesBetween(from: number, to: number): number[] {
  const years: number[] = [];
  for (let year = yearOf(from); year <= yearOf(to); year += 1) {
    const at = Date.parse(`${year}${JANUARY}`);
    if (at > from && at <= to) years.push(year);
  }
  return years;
}

function yearOf(instant: number): number {
  return Number(civilDate(instant).slice(0, 4));
}
