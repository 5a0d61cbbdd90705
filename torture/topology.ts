import type { ActName } from './schedule';

/** How the fleet is laid out, and what can be done to it. */
export interface Topology {
  readonly name: 'one-machine' | 'city';
  /** What can be killed and frozen. */
  readonly processes: readonly [string, ...string[]];
  /** What can be cut, stalled and slowed: who is before the arrow has connected. */
  readonly links: readonly [string, ...string[]];
  /** How often each act is done, after each has been done once. */
  readonly weights: Readonly<Partial<Record<ActName, number>>>;
}

const OWN = ['worker 1', 'worker 2', 'api 1', 'api 2'] as const;
const TO_ENGINE = ['worker 1 → engine', 'worker 2 → engine', 'api 1 → engine', 'api 2 → engine'] as const;
const TO_API = ['balancer → api 1', 'balancer → api 2'] as const;

/** As `npm start` has it: the development server with its SQLite file, and a MongoDB of one node. */
export const ONE_MACHINE: Topology = {
  name: 'one-machine',
  processes: ['engine', 'store', ...OWN],
  links: [
    'worker 1 → engine',
    'worker 1 → store',
    'worker 2 → engine',
    'worker 2 → store',
    'api 1 → engine',
    'api 1 → store',
    'api 2 → engine',
    'api 2 → store',
    ...TO_API,
  ],
  weights: {
    kill: 34,
    'kill-all': 4,
    freeze: 14,
    cut: 12,
    stall: 9,
    slow: 7,
    'fill-disk': 5,
    'skew-clock': 5,
    forget: 5,
    restart: 5,
  },
};

/**
 * As the compose file has it: Temporal's server on PostgreSQL, and a MongoDB of three nodes, whose primary is hit more often
 * than anybody else. A replica set tells its own addresses, so nothing stands between it and those who use it.
 */
export const CITY: Topology = {
  name: 'city',
  processes: ['database', 'engine', 'store 1', 'store 2', 'store 3', ...OWN],
  links: [...TO_ENGINE, ...TO_API],
  weights: {
    'kill-primary': 20,
    kill: 24,
    'kill-all': 2,
    freeze: 14,
    cut: 10,
    stall: 8,
    slow: 7,
    'skew-clock': 5,
    forget: 5,
    restart: 5,
  },
};

/** Whether engine and store lie on disks of their own that can be filled. */
export const fillsDisks = ({ weights }: Topology): boolean => 'fill-disk' in weights;

export const TOPOLOGIES: Readonly<Record<Topology['name'], Topology>> = {
  'one-machine': ONE_MACHINE,
  city: CITY,
};
