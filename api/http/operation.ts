import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ProblemCode } from '../../domain/problems';
import type { Access, Caller } from '../permissions';
import type { Language } from './language';

/**
 * One row of the HTTP contract: the schemas that validate its requests are the ones that the OpenAPI document shows.
 *
 * ```ts
 * operation({
 *   method: 'get', path: '/projects/{id}', name: 'getProject', tag: 'projects', summary: '项目详情', access: 'member',
 *   params: z.object({ id: projectId }), answers: { 200: { description: '项目', schema: projectView } },
 *   handle: async ({ params }) => ({ status: 200, body: await view(params.id) }),
 * })
 * ```
 */
export interface Operation<Params, Query, Body> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** OpenAPI's notation, below the router's base. */
  readonly path: string;
  /** Stable `operationId`. */
  readonly name: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Who may: decided in `permissions/`, before anything of the request is read. */
  readonly access: Access;
  readonly params?: z.ZodObject & z.ZodType<Params>;
  readonly query?: z.ZodObject & z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** Bytes of the largest JSON body, where it may be larger than usual. */
  readonly largestBody?: number;
  /** Where the body is no JSON: the handler reads the request itself. */
  readonly rawBody?: readonly string[];
  /** Takes `Idempotency-Key`. */
  readonly idempotent?: boolean;
  /** May take longer than the five seconds within which everything else answers. */
  readonly slow?: boolean;
  readonly answers: Readonly<Record<number, AnswerShape>>;
  /** Problems beyond those that every operation may answer. */
  readonly problems?: readonly ProblemCode[];
  readonly handle: (call: Call<Params, Query, Body>) => Promise<Answer | undefined>;
}

export interface AnswerShape {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Where it is no JSON. */
  readonly contentType?: string;
}

/** A request that was let in and fits its schemas. */
export interface Call<Params = unknown, Query = unknown, Body = unknown> {
  /** @throws if the operation is open to the public; there is no caller then */
  readonly caller: Caller;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly language: Language;
  readonly idempotencyKey: string | undefined;
  readonly request: Request;
  readonly response: Response;
}

/** What is sent; `undefined` instead if the handler has sent it itself. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An operation whose types have been forgotten: what a router holds. */
export type AnyOperation = Operation<never, never, never>;

/** Keeps the types of schemas and handler together while an operation is written down. */
export function operation<Params = unknown, Query = unknown, Body = unknown>(
  one: Operation<Params, Query, Body>,
): AnyOperation {
  return one as unknown as AnyOperation;
}
