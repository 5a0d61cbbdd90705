/**
 * Why a rule of the policy or the law does not allow an act.
 *
 * Rules return refusals instead of throwing, so that the workflow's validator, the API and the pages
 * can ask the same function and show all reasons at once.
 */
export interface Refusal {
  /** Where in the form, as a path such as `funding.2.amountFen`; absent if the whole act is refused. */
  readonly path?: string;
  /** What is wrong and what would be right, in Chinese, as an officer would say it. */
  readonly message: string;
  /** The same in English. */
  readonly messageEn: string;
  /** The clause of `clauses.md` that refuses, such as `P2.1.3`. */
  readonly clause?: string;
  /** The law or rule behind it, such as `民法典 278`. */
  readonly basis?: string;
}

export function refusal(
  message: string,
  messageEn: string,
  where: { path?: string; clause?: string; basis?: string } = {},
): Refusal {
  return { message, messageEn, ...where };
}
