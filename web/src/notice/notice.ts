/** A notice as `GET /notices/{id}` answers it; of a list without `documents`. */
export interface Notice {
  readonly id: string;
  readonly round: number;
  readonly countyName?: string;
  readonly open: boolean;
  readonly postedOn?: string;
  readonly lastDay?: string;
  readonly provisional: boolean;
  readonly left?: { readonly workingDays: number; readonly days: number };
  readonly modeName?: string;
  readonly budgetFen: number;
  readonly communities: readonly {
    readonly id: string;
    readonly name: string;
    readonly items: readonly string[];
    readonly budgetFen: number;
    readonly funding: readonly { readonly name: string; readonly amountFen: number }[];
    readonly newBuildings: readonly string[];
    readonly place?: string;
    readonly postedOn?: string;
    readonly lastDay?: string;
  }[];
  readonly documents?: readonly string[];
  readonly pictures?: readonly {
    readonly community?: string;
    readonly what: string;
    readonly before?: string;
    readonly after?: string;
  }[];
}

/** The estates by name, the county before them where their names do not begin with it. */
export function titleOf({ countyName = '', communities }: Notice): string {
  const names = communities.map(({ name }) => name).join('、');
  return names.startsWith(countyName) ? names : `${countyName} ${names}`;
}
