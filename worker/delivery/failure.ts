/** Why something could not be delivered, as a code without anybody's address: it stays in the outbox. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';

  constructor(
    /** `SMTP 550`, `HTTP 503`, `ECONNREFUSED`, … */
    readonly code: string,
    /** Trying again would change nothing. */
    readonly forGood: boolean,
  ) {
    super(code);
  }
}

/** Of errors that a library threw, only their code. */
export function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)) return code;
  return name === 'TimeoutError' || name === 'AbortError' ? 'ETIMEDOUT' : 'failed';
}
