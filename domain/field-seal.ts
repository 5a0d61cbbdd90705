/**
 * What keeps single fields secret at rest: text in, text out. Keys are somebody else's business (`keys/keyring.ts`); the
 * store knows only this much.
 */
export interface FieldSeal {
  /**
   * @param context where the field stands, such as `objections/<id>/name`: sealed text that was moved elsewhere does not open
   * @returns text that names its key and begins with `sealed:`
   */
  seal(text: string, context: string): string;
  /** Nothing where it was sealed by a key that is not here, for another place, or not at all; never throws. */
  open(sealed: string, context: string): string | undefined;
  /** Whether it is sealed with the key that seals today. */
  isCurrent(sealed: string): boolean;
}
