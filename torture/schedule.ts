import { Dice } from '../test/faults/dice';
import { ONE_MACHINE, type Topology } from './topology';

/** What the adversary can do. */
export const ACTS = [
  'kill',
  'kill-primary',
  'kill-all',
  'freeze',
  'cut',
  'stall',
  'slow',
  'fill-disk',
  'skew-clock',
  'forget',
  'restart',
] as const;
export type ActName = (typeof ACTS)[number];

/** One thing that the adversary does. */
export interface Act {
  /** When, ms after the load began. */
  readonly at: number;
  readonly act: ActName;
  /** A process, a link, `primary` (whoever that is then), or `all`. */
  readonly target: string;
  /** How long it lasts, ms; 0 for what is done at once. */
  readonly forMs: number;
  /** Of `slow` the delay in each direction, of `skew-clock` by how much the clock is wrong; ms. */
  readonly amount?: number;
}

const SHORTEST_PAUSE_MS = 700;
const LONGEST_PAUSE_MS = 4_300;
/** The first blow falls when people are at work. */
const FIRST_AT_MS = 1_000;
/** Signatures count for a quarter of an hour around the engine's time: what is within must do no harm. */
const LARGEST_SKEW_MS = 10 * 60_000;

/**
 * Everything that the adversary will do in a run, from the seed alone: the same seed gives the same list on any machine.
 * Each kind of act is in it at least once if the time allows.
 *
 * @param withoutDisk where no small file system can be made: the disk is then never filled, and all else stays as it is
 */
export function scheduleOf(
  seed: number,
  lengthMs: number,
  { withoutDisk = false, topology = ONE_MACHINE }: { withoutDisk?: boolean; topology?: Topology } = {},
): Act[] {
  const dice = new Dice(seed);
  const weights = topology.weights as Record<ActName, number>;
  const first = shuffled(Object.keys(weights) as ActName[], dice);
  const schedule: Act[] = [];
  for (let at = FIRST_AT_MS; at < lengthMs; at += between(dice, SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS)) {
    const name = first.shift() ?? dice.weighted(weights);
    const act = { at, ...actOf(name, dice, topology) };
    // Nothing may still last when the run is over.
    schedule.push({ ...act, forMs: Math.min(act.forMs, Math.max(0, lengthMs - at)) });
  }
  return withoutDisk ? schedule.filter(({ act }) => act !== 'fill-disk') : schedule;
}

function actOf(act: ActName, dice: Dice, { processes, links }: Topology): Omit<Act, 'at'> {
  switch (act) {
    case 'kill':
      return { act, target: dice.oneOf(processes), forMs: 0 };
    case 'kill-primary':
      return { act, target: 'primary', forMs: 0 };
    case 'kill-all':
      return { act, target: 'all', forMs: 0 };
    case 'freeze':
      return { act, target: dice.oneOf(processes), forMs: between(dice, 300, 9_000) };
    case 'cut':
    case 'stall':
      return { act, target: dice.oneOf(links), forMs: between(dice, 300, 9_000) };
    case 'slow':
      return {
        act,
        target: dice.oneOf(links),
        forMs: between(dice, 3_000, 12_000),
        amount: between(dice, 20, 400),
      };
    case 'fill-disk':
      return { act, target: dice.oneOf(['engine', 'store']), forMs: between(dice, 1_500, 6_000) };
    case 'skew-clock': {
      const amount = between(dice, 5_000, LARGEST_SKEW_MS) * dice.oneOf([1, -1]);
      return { act, target: 'api 2', forMs: between(dice, 4_000, 15_000), amount };
    }
    case 'forget':
      return { act, target: 'all', forMs: 0 };
    case 'restart':
      return { act, target: dice.oneOf(['worker 1', 'worker 2', 'api 1', 'api 2']), forMs: 0 };
  }
}

function between(dice: Dice, least: number, most: number): number {
  return least + dice.upTo(most - least + 1);
}

function shuffled<T>(things: readonly T[], dice: Dice): T[] {
  const left = [...things];
  const order: T[] = [];
  while (left.length > 0) order.push(...left.splice(dice.upTo(left.length), 1));
  return order;
}

/** One line of the schedule, as a person reads it. */
export function lineOf({ at, act, target, forMs, amount }: Act): string {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const by = amount === undefined ? '' : ` by ${act === 'slow' ? `${amount} ms` : seconds(amount)}`;
  return `${seconds(at).padStart(8)}  ${act} ${target}${by}${forMs === 0 ? '' : ` for ${seconds(forMs)}`}`;
}
