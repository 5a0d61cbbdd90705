import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { isAccess, isAdministrator, requireAccess, type Caller } from '../permissions';
import { countedAddress } from './address';
import { InvalidRequest } from './invalid';
import { readJson } from './json-body';
import { languageOf } from './language';
import type { Answer, AnyOperation, Call, Operation } from './operation';
import type { Precedence } from './precedence';
import type { RequestGuard } from './request-guard';
import { parse } from './validation';

/** What a router must know beside its operations. */
export interface Gate {
  authenticate(request: Request): Promise<Caller | undefined>;
  /** Keeps anyone from taking everybody's share; not in front of what machines of the operators ask. */
  readonly guard?: RequestGuard | undefined;
  /** Is told who waits for one decision. */
  readonly precedence?: Precedence | undefined;
  /** Writes down what an administrator has done, or anybody to their own log-in. */
  note?: ((operation: AnyOperation, call: Call) => Promise<void>) | undefined;
  /** Sees every JSON answer before it is sent; tests hold it against its schema. */
  onAnswer?: ((operation: AnyOperation, answer: Answer) => void) | undefined;
}

type Loose = Operation<unknown, unknown, unknown>;

/**
 * One router for a resource: who, then what, then the handler; other methods on its paths are 405.
 * @throws if an operation does not say who may: what nobody has allowed is denied
 */
export function mount(operations: readonly AnyOperation[], gate: Gate): Router {
  const router = express.Router({ caseSensitive: true });
  const methods = new Map<string, string[]>();
  // What is named goes before what a parameter would take for its value: GET /projects/intake is 405, not a project.
  const named = operations.filter(({ path }) => !path.includes('{'));
  const others = operations.filter((one) => !named.includes(one));
  for (const one of [...named, ...others]) {
    // The types say so too; what was let past them is denied here.
    if (!isAccess(one.access)) throw new Error(`${one.name} says nothing of who may: it is not mounted`);
    const path = one.path.replaceAll(/\{(\w+)\}/g, ':$1');
    router[one.method](path, run(one as unknown as Loose, gate));
    methods.set(path, [...(methods.get(path) ?? []), one.method.toUpperCase()]);
    const last = operations.filter((other) => other.path === one.path).length === methods.get(path)?.length;
    if (last) router.all(path, onlyAllowed(methods.get(path) ?? []));
  }
  return router;
}

/** Everything answers within 5 s, whoever is away. */
const PATIENCE_MS = 4_700;

function run(one: Loose, gate: Gate): RequestHandler {
  return async (request, response) => {
    response.locals['route'] = one.path;
    const work = answer(one, gate, request, response);
    const answered = one.slow ? await work : await inPatience(work);
    if (!answered) return;
    gate.onAnswer?.(one as unknown as AnyOperation, answered);
    if (answered.headers) response.set(answered.headers);
    response.status(answered.status);
    if (answered.body === undefined) response.end();
    else response.json(answered.body);
  };
}

async function answer(one: Loose, gate: Gate, request: Request, response: Response) {
  await gate.guard?.admitAddress(countedAddress(request.ip));
  // What is open to the public asks nobody who he is, and answers while the store is away.
  const caller = one.access === 'public' ? undefined : await gate.authenticate(request);
  if (caller) await gate.guard?.admitAccount(caller.user);
  requireAccess(one.access, caller);
  const language = languageOf(request);
  const call: Call = {
    get caller(): Caller {
      if (!caller) throw new Problem('unauthenticated');
      return caller;
    },
    params: one.params ? parse(one.params, request.params, language) : {},
    query: parse(one.query ?? NO_QUERY, given(request.query), language),
    idempotencyKey: one.idempotent ? idempotencyKeyOf(request) : undefined,
    body: one.body ? parse(one.body, await readJson(request, one.largestBody), language) : undefined,
    language,
    request,
    response,
  };
  const handle = () => one.handle(call);
  const isDecision = one.idempotent && !one.slow;
  const answered = await (isDecision && gate.precedence ? gate.precedence.give(handle) : handle());
  if (caller && isWorthNoting(one, caller)) await gate.note?.(one as unknown as AnyOperation, call);
  return answered;
}

/** Reading is noted where it is personal; changing always, by those whom nobody else's decision binds. */
function isWorthNoting({ method, access, tag }: Loose, caller: Caller): boolean {
  if (method === 'get' || tag === 'codec') return false;
  return access === 'session:own' || isAdministrator(caller);
}

const NO_QUERY = z.strictObject({});

/** What is still going on when patience ends goes on, and its outcome is found under the same key. */
async function inPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Problem('engine-unavailable')), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

/** `kind=&overdue=` asks for nothing: an empty parameter is an absent one. */
function given(query: Request['query']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}

const KEY = /^[\x21-\x7e]{1,128}$/;

function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get('Idempotency-Key');
  if (key === undefined || KEY.test(key)) return key;
  throw new InvalidRequest([
    {
      path: 'Idempotency-Key',
      message: { zh: '应为 1–128 个可见 ASCII 字符', en: 'Must be 1–128 visible ASCII characters' },
    },
  ]);
}

function onlyAllowed(methods: readonly string[]): RequestHandler {
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ');
  return (_request, response) => {
    response.set('Allow', allow);
    throw new Problem('method-not-allowed', { zh: `可用的方法：${allow}`, en: `Allowed: ${allow}` });
  };
}
