/** Who acts: a user in an organisation. Ids only, never a name: this enters histories and the record. */
export interface Actor {
  readonly user: string;
  readonly organisation: string;
  /** The organisation that recorded a paper decision, shown as "recorded by A for B" for ever (代录). */
  readonly recordedBy?: {
    readonly organisation: string;
    readonly user: string;
    readonly confirmedBy?: string;
  };
}
