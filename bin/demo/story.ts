import { withBudget } from './budget';
import type { Form, TaskDetail } from './client';
import type { PlannedCommunity } from './register';

/** How a project of the plan is to end, and what is to happen to it on the way. */
export interface Part {
  /** Number in the published table. */
  readonly no: number;
  readonly end: 'completed' | 'withdrawn';
  /** Events that its record must hold. */
  readonly events: readonly string[];
  /** How often steps must have been run. */
  readonly rounds?: Readonly<Record<string, number>>;
  /** Years after the first plan in which it is listed. */
  readonly later?: number;
  readonly what: string;
}

export const PARTS: readonly Part[] = [
  {
    no: 1,
    end: 'completed',
    events: ['tender-failed', 'acceptance-refused'],
    what: 'first tender with two bidders, first acceptance with a defect',
  },
  { no: 2, end: 'completed', events: [], what: 'straight on' },
  {
    no: 3,
    end: 'completed',
    events: ['listing-corrected'],
    rounds: { 'preliminary-plan': 2, 'public-notice': 2 },
    what: 'corrected in joint review: a new plan and, the change being material, a new notice',
  },
  { no: 4, end: 'withdrawn', events: [], what: 'withdrawn by the county before submission' },
  {
    no: 5,
    end: 'completed',
    events: ['listing-deferred'],
    later: 1,
    what: 'deferred in joint review: listed a year later from the pool',
  },
  { no: 6, end: 'completed', events: ['taken-in'], what: 'begun on paper, taken in at construction' },
  { no: 7, end: 'completed', events: [], what: 'straight on' },
  { no: 8, end: 'completed', events: [], what: 'straight on' },
];

/** Something that somebody decides otherwise than a task's example would. */
interface Twist {
  readonly kind: string;
  /** Number of the project; without it the task is the plan's. */
  readonly no?: number;
  /** How often it happens; every time without it. */
  readonly times?: number;
  readonly says?: string;
  /** The form to send instead, or nothing if this task is for another time. */
  readonly change: (example: Form, task: TaskDetail) => Form | undefined;
}

type Verdict = 'approve' | 'correct' | 'defer';

/** The demonstration's one deviation after the other from the straight way. */
export class Story {
  private readonly happened = new Map<Twist, number>();
  private readonly twists: readonly Twist[];

  constructor(
    private readonly plan: readonly PlannedCommunity[],
    private readonly projects: ReadonlyMap<number, string>,
    private readonly say: (line: string) => void,
  ) {
    this.twists = this.allTwists();
  }

  /** What is sent for this task: its example, or what the story wants instead. */
  form(task: TaskDetail): Form {
    const example = task.example ?? {};
    const no = this.numberOf(task.projectId);
    for (const twist of this.twists) {
      const times = this.happened.get(twist) ?? 0;
      if (twist.kind !== task.kind || twist.no !== no || times >= (twist.times ?? Infinity)) continue;
      const form = twist.change(example, task);
      if (form === undefined) continue;
      this.happened.set(twist, times + 1);
      if (twist.says) this.say(twist.says);
      return form;
    }
    return example;
  }

  /** What the story wanted and nobody came to do. */
  missing(): string[] {
    return this.twists.flatMap((twist) =>
      twist.says !== undefined && !this.happened.has(twist) ? [`never happened: ${twist.says}`] : [],
    );
  }

  private numberOf(projectId: string | undefined): number | undefined {
    return [...this.projects].find(([, id]) => id === projectId)?.[0];
  }

  private allTwists(): Twist[] {
    return [
      {
        kind: 'preliminary-plan',
        no: 3,
        change: (example, task) =>
          task.round > 1 ? withBudget(example, Math.round(this.investmentOf(3) * 1.12)) : undefined,
        says: '缫丝厂家属区: the plan is made anew, 12 % larger; that is material, so it hangs out once more',
      },
      ...this.plan.map(({ no }) => ({
        kind: 'preliminary-plan',
        no,
        change: (example: Form) => withBudget(example, this.investmentOf(no)),
      })),
      this.verdict(3, 'finance', 'correct', '缫丝厂家属区: finance wants it corrected (joint review)'),
      this.verdict(
        5,
        'development-and-reform',
        'defer',
        '五建小区: development-and-reform defers it (joint review)',
      ),
      {
        kind: 'procurement-plan',
        no: 1,
        change: (example) => tendered(example, 'works'),
        says: '天阳楼小区: the works are tendered although the sum would not compel it',
      },
      {
        kind: 'bid-opening',
        no: 1,
        times: 1,
        change: (example) => ({ ...example, bidders: 2, remarks: '样例：仅两家投标' }),
        says: '天阳楼小区: two bidders, the tender has failed and is repeated',
      },
      {
        kind: 'acceptance-signature',
        no: 1,
        times: 1,
        change: (_, { context }) =>
          (context as { body?: string }).body === 'supervisor'
            ? { accepted: false, defects: ['样例：3号楼屋面雨水口渗漏'] }
            : undefined,
        says: '天阳楼小区: the supervisor does not sign the acceptance, a defect must be mended first',
      },
    ];
  }

  /** A bureau's verdict on one project of the list; those on the others stay as they are. */
  private verdict(no: number, body: string, verdict: Verdict, says: string): Twist {
    const apply = (example: Form, task: TaskDetail): Form | undefined => {
      if (!task.organisation.endsWith(body)) return undefined;
      const decisions = structuredClone(example['decisions']) as {
        projectId: string;
        verdict: Verdict;
        remarks?: string;
      }[];
      const one = decisions.find(({ projectId }) => projectId === this.projects.get(no));
      if (!one) return undefined;
      Object.assign(one, {
        verdict,
        remarks: verdict === 'defer' ? '样例：配套资金本年度未落实' : '样例：补充管网改造内容',
      });
      return { ...example, decisions };
    };
    return { kind: 'joint-review', times: 1, change: apply, says };
  }

  private investmentOf(no: number): number {
    return this.plan.find((one) => one.no === no)?.investmentFen ?? 0;
  }
}

function tendered(example: Form, kind: string): Form {
  const lots = structuredClone(example['lots']) as { kind: string; way: string; ground?: string }[];
  for (const lot of lots) {
    if (lot.kind !== kind) continue;
    lot.way = 'tender';
    delete lot.ground;
  }
  return { ...example, lots };
}
