import type { Refusal } from './refusal';

/**
 * Every error that leaves the system, in one table: used by domain, workflows, API and pages.
 * `status` is the HTTP status; `retryable` tells whether the same request may succeed later unchanged.
 */
export const PROBLEMS = {
  'invalid-request': { status: 400, zh: '请求内容有误', en: 'The request is not valid', retryable: false },
  unauthenticated: {
    status: 401,
    zh: '尚未登录或登录已失效',
    en: 'Not logged in, or the session has ended',
    retryable: false,
  },
  'second-factor-required': {
    status: 401,
    zh: '请输入动态口令',
    en: 'The code of your second factor is missing',
    retryable: false,
  },
  'not-your-seat': {
    status: 403,
    zh: '该事项不属于您的岗位',
    en: 'This is not for your seat to decide',
    retryable: false,
  },
  'signature-invalid': {
    status: 403,
    zh: '签名无效，未予受理',
    en: 'The signature does not count',
    retryable: false,
  },
  'signature-out-of-time': {
    status: 503,
    zh: '签名时间与系统时间相差过大，请用同一幂等键重试',
    en: 'Signed at another time than the engine’s; send the same Idempotency-Key again',
    retryable: true,
  },
  'csrf-token-required': {
    status: 403,
    zh: '请求缺少本页面的校验令牌，请刷新后重试',
    en: 'The X-CSRF-Token of the session is missing or wrong',
    retryable: false,
  },
  'not-found': { status: 404, zh: '未找到', en: 'Not found', retryable: false },
  'method-not-allowed': {
    status: 405,
    zh: '不支持此操作',
    en: 'This method is not allowed here',
    retryable: false,
  },
  'task-not-open': {
    status: 409,
    zh: '该待办已办结或已关闭',
    en: 'The task is no longer open',
    retryable: false,
  },
  'wrong-step': {
    status: 409,
    zh: '项目当前所处步骤不允许此操作',
    en: 'The step that the project is in does not allow this',
    retryable: false,
  },
  'already-exists': { status: 409, zh: '已存在', en: 'It exists already', retryable: false },
  'idempotency-key-reused': {
    status: 409,
    zh: '同一幂等键已用于另一请求',
    en: 'The idempotency key was used for another request',
    retryable: false,
  },
  'needs-repair': {
    status: 409,
    zh: '该流程的记录与引擎不一致，已停止，等待人工修复',
    en: 'Record and engine disagree; the workflow has stopped for people to repair',
    retryable: false,
  },
  'not-in-rehearsal': {
    status: 409,
    zh: '演练模式下没有此功能',
    en: 'Not available in a rehearsal',
    retryable: false,
  },
  'too-large': { status: 413, zh: '内容过大', en: 'Too large', retryable: false },
  'unsupported-media-type': {
    status: 415,
    zh: '不支持的内容类型',
    en: 'Unsupported media type',
    retryable: false,
  },
  'rule-violated': {
    status: 422,
    zh: '不符合政策或法规的要求',
    en: 'A rule of the policy or the law refuses this',
    retryable: false,
  },
  'too-many-requests': {
    status: 429,
    zh: '请求过于频繁，请稍后再试',
    en: 'Too many requests',
    retryable: true,
  },
  'internal-error': {
    status: 500,
    zh: '系统内部错误，已记录',
    en: 'An internal error; it has been logged',
    retryable: true,
  },
  'engine-unavailable': {
    status: 503,
    zh: '系统暂时不可用，您的操作不会丢失，请用同一幂等键重试',
    en: 'Temporarily unavailable; nothing was lost, send the same Idempotency-Key again',
    retryable: true,
  },
} as const satisfies Record<string, { status: number; zh: string; en: string; retryable: boolean }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Thrown where an act is refused; becomes `application/problem+json` at the edge (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    /** What happened to this very request, in Chinese and English; the table's title is used without it. */
    readonly detail?: { zh: string; en: string },
    readonly refusals: readonly Refusal[] = [],
  ) {
    super(detail?.en ?? PROBLEMS[code].en);
  }

  static refused(refusals: readonly Refusal[]): Problem {
    const first = refusals[0];
    return new Problem(
      'rule-violated',
      first ? { zh: first.message, en: first.messageEn } : undefined,
      refusals,
    );
  }
}

export function isProblemCode(code: string): code is ProblemCode {
  return code in PROBLEMS;
}
