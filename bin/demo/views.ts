/** What the demonstration reads of the API's answers. */

export interface Round {
  readonly step: string;
  readonly round: number;
  readonly status: string;
  readonly openedAt: string;
  readonly closedAt?: string;
}

export interface ProjectView {
  readonly id: string;
  readonly name: string;
  readonly year: number;
  readonly status: string;
  readonly steps: readonly string[];
  readonly rounds: Readonly<Record<string, number>>;
  readonly reason?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly onPaper: readonly string[];
  readonly openTasks: readonly { readonly kind: string; readonly organisation: string }[];
  readonly waits: readonly { readonly what: string; readonly until: string }[];
  readonly history: readonly Round[];
  readonly document?: { readonly number: string; readonly date: string; readonly year: number };
}

export interface EventView {
  readonly workflowId: string;
  readonly at: string;
  readonly type: string;
  readonly step?: string;
  readonly round?: number;
  readonly data?: unknown;
  readonly reason?: string;
}

export interface PlanView {
  readonly year: number;
  readonly phase: string;
  readonly status: string;
  readonly open: boolean;
  readonly openedAt: string;
  readonly closesAt?: string;
  readonly facts: { readonly reviewClosesAt?: string; readonly document?: { number: string; date: string } };
}
