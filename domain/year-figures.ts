import { sumFen } from './money';
import type { ProjectStatus } from './node';
import { STEP_ORDER } from './project';
import type { Step } from '../policy/keys';

/** A project of a year as the year's figures count it; amounts in fen. */
export interface YearProject {
  readonly projectId: string;
  readonly name: string;
  readonly county: string;
  readonly status: ProjectStatus;
  /** Steps that are running now. */
  readonly steps: readonly Step[];
  /** The furthest step that it has ever come to. */
  readonly furthest?: Step;
  /** The plan's budget, where there is a plan and the reader may see it. */
  readonly budgetFen?: number;
  /** By source, likewise. */
  readonly funding: Readonly<Record<string, number>>;
  /** Steps with open tasks that are overdue, and how many. */
  readonly overdue: Readonly<Partial<Record<Step, number>>>;
  /** Whole days spent in each step, all rounds together; those in which it still is end now. */
  readonly stays: readonly { readonly step: Step; readonly days: number; readonly ended: boolean }[];
}

/** What stands behind a figure: every field narrows. */
export interface Selection {
  readonly county?: string | undefined;
  readonly status?: ProjectStatus | undefined;
  /** Is in it now; with `overdue`: has overdue tasks in it. */
  readonly step?: Step | undefined;
  /** Has come to this step or further. */
  readonly reached?: Step | undefined;
  /** Has left this step. */
  readonly passed?: Step | undefined;
  /** Is in this step and has spent days there that are counted. */
  readonly staying?: Step | undefined;
  readonly overdue?: boolean | undefined;
  readonly source?: string | undefined;
}

export function isBehind(project: YearProject, selection: Selection): boolean {
  const { county, status, step, reached, passed, staying, overdue, source } = selection;
  const late = step === undefined ? Object.keys(project.overdue).length > 0 : !!project.overdue[step];
  return (
    (county === undefined || project.county === county) &&
    (status === undefined || project.status === status) &&
    (step === undefined || project.steps.includes(step)) &&
    (reached === undefined || orderOf(project.furthest) >= orderOf(reached)) &&
    (passed === undefined || stays(project, passed, true)) &&
    (staying === undefined || stays(project, staying, false)) &&
    (overdue !== true || late) &&
    (source === undefined || (project.funding[source] ?? 0) > 0)
  );
}

export interface Stays {
  readonly projects: number;
  readonly medianDays: number;
  readonly longestDays: number;
}

export interface YearFigures {
  readonly projects: number;
  readonly overdueProjects: number;
  readonly overdueTasks: number;
  readonly budgetFen: number;
  readonly statuses: readonly { readonly status: ProjectStatus; readonly projects: number }[];
  /** Only cells in which there is a project. */
  readonly matrix: readonly {
    readonly county: string;
    readonly step: Step;
    readonly projects: number;
    readonly overdue: number;
  }[];
  readonly counties: readonly {
    readonly county: string;
    readonly projects: number;
    readonly overdue: number;
    readonly budgetFen: number;
  }[];
  readonly funnel: readonly { readonly step: Step; readonly projects: number }[];
  readonly stays: readonly { readonly step: Step; readonly passed?: Stays; readonly staying?: Stays }[];
  readonly money: readonly {
    readonly source: string;
    readonly amountFen: number;
    readonly projects: number;
  }[];
}

/** Every count is of the projects that `isBehind` finds for it: a figure and the list behind it never differ. */
export function figuresOf(all: readonly YearProject[]): YearFigures {
  const behind = (selection: Selection) => all.filter((one) => isBehind(one, selection));
  const counties = [...new Set(all.map(({ county }) => county))].sort();
  const statuses = [...new Set(all.map(({ status }) => status))].sort();
  const sources = [...new Set(all.flatMap(({ funding }) => Object.keys(funding)))].sort();
  const budget = (of: readonly YearProject[]) => sumFen(of.map(({ budgetFen = 0 }) => budgetFen));
  return {
    projects: all.length,
    overdueProjects: behind({ overdue: true }).length,
    overdueTasks: all.reduce(
      (sum, { overdue }) => sum + Object.values(overdue).reduce((many, one) => many + one, 0),
      0,
    ),
    budgetFen: budget(all),
    statuses: statuses.map((status) => ({ status, projects: behind({ status }).length })),
    matrix: counties.flatMap((county) =>
      STEP_ORDER.flatMap((step) => {
        const projects = behind({ county, step }).length;
        return projects === 0
          ? []
          : [{ county, step, projects, overdue: behind({ county, step, overdue: true }).length }];
      }),
    ),
    counties: counties.map((county) => {
      const own = behind({ county });
      return {
        county,
        projects: own.length,
        overdue: behind({ county, overdue: true }).length,
        budgetFen: budget(own),
      };
    }),
    funnel: STEP_ORDER.map((step) => ({ step, projects: behind({ reached: step }).length })),
    stays: STEP_ORDER.flatMap((step) => {
      const [passed, staying] = [staysIn(all, step, true), staysIn(all, step, false)];
      return passed || staying
        ? [{ step, ...(passed ? { passed } : {}), ...(staying ? { staying } : {}) }]
        : [];
    }),
    money: sources.flatMap((source) => {
      const given = behind({ source });
      const amountFen = sumFen(given.map(({ funding }) => funding[source] ?? 0));
      return given.length === 0 ? [] : [{ source, amountFen, projects: given.length }];
    }),
  };
}

function stays({ stays: all }: YearProject, step: Step, ended: boolean): boolean {
  return all.some((stay) => stay.step === step && stay.ended === ended);
}

function staysIn(all: readonly YearProject[], step: Step, ended: boolean): Stays | undefined {
  const days = all
    .flatMap((one) => one.stays.filter((stay) => stay.step === step && stay.ended === ended))
    .map((stay) => stay.days)
    .sort((one, other) => one - other);
  const longestDays = days.at(-1);
  if (longestDays === undefined) return undefined;
  return { projects: days.length, medianDays: days[Math.floor((days.length - 1) / 2)] ?? 0, longestDays };
}

function orderOf(step: Step | undefined): number {
  return step === undefined ? -1 : STEP_ORDER.indexOf(step);
}

/** The furthest of these steps. */
export function furthestOf(steps: readonly Step[]): Step | undefined {
  return [...steps].sort((one, other) => orderOf(other) - orderOf(one))[0];
}
