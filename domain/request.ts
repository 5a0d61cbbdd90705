/**
 * A request is what a person asks for once, however often it is sent: their user and idempotency key, hashed. Each
 * attempt to send it is signed anew, because a signature counts for minutes only, and what is signed says when.
 *
 * To the engine each attempt is an Update of its own. It takes two Updates of one id for one and the same, and after a
 * crash may write down the second while a worker has already led the workflow by the first: the workflow would then
 * remember another signature than stands in its history, and would tell its past otherwise whenever it is led again.
 */

/** The id of the Update that carries one attempt: no two that differ share it. */
export function attemptOf(request: string, signature: { readonly value: string }): string {
  return `${request}.${signature.value.slice(0, 32)}`;
}

/** Whose attempt an Update was. */
export function requestOf(attempt: string): string {
  return attempt.split('.', 1)[0] ?? attempt;
}
