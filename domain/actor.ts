/** Who acts: a user in an organisation. Ids only, never a name: this enters histories and the record. */
export interface Actor {
  readonly user: string;
  readonly organisation: string;
  /** 代理: the user of the organisation in whose stead they act, shown as "B for A" for ever. */
  readonly for?: string;
  /** The organisation that recorded a paper decision, shown as "recorded by A for B" for ever (代录). */
  readonly recordedBy?: {
    readonly organisation: string;
    readonly user: string;
    readonly confirmedBy?: string;
  };
}

type Person = Pick<Actor, 'user' | 'for'>;

/** Whose act it is: that of the one they stand in for, otherwise their own. */
export function principalOf({ user, for: principal }: Person): string {
  return principal ?? user;
}

/** Everybody whose act it is: neither may afterwards approve what was done so, nor sign another stage of it. */
export function personsOf({ user, for: principal }: Person): string[] {
  return principal === undefined ? [user] : [user, principal];
}

/** Nothing but who, in whose name. */
export function standing({ for: principal }: Person): { for?: string } {
  return principal === undefined ? {} : { for: principal };
}
