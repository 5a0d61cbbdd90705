import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { PROBLEMS, type ProblemCode } from '../../domain/problems';
import type { AnyOperation } from './operation';

/** The OpenAPI 3.1 document, made of the very schemas that validate requests. */

export interface Described {
  readonly base: string;
  readonly operations: readonly AnyOperation[];
  /** Whether there is a limit to how often one may ask. */
  readonly limited?: boolean;
}

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string().optional(),
    instance: z.string().optional(),
    clause: z.string().optional().meta({ description: 'Clause of the policy that refuses' }),
    basis: z.string().optional().meta({ description: 'The law or rule behind it' }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    violations: z
      .array(
        z.object({
          path: z.string().optional(),
          message: z.string(),
          clause: z.string().optional(),
          basis: z.string().optional(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457; `code` is stable' });

export function openApiDocument(version: string, parts: readonly Described[]) {
  const paths: ZodOpenApiPathsObject = {};
  for (const { base, operations, limited = false } of parts) {
    for (const one of operations) {
      const path = `${base}${one.path}`;
      paths[path] = { ...paths[path], [one.method]: described(one, limited) };
    }
  }
  const document = createDocument({
    openapi: '3.1.0',
    info: {
      title: '旧改 jiugai',
      version,
      description:
        '临政办字〔2020〕81号 老旧小区改造全流程。错误均为 application/problem+json；时间为 RFC 3339，日期按 Asia/Shanghai，金额以分计。',
    },
    servers: [{ url: '/' }],
    tags: [...new Set(parts.flatMap(({ operations }) => operations.map(({ tag }) => tag)))].map((name) => ({
      name,
    })),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-jiugai',
          description: '网页；更改任何内容还须 X-CSRF-Token。无 https 时名为 jiugai',
        },
      },
    },
    paths,
  });
  sayEmptyIsAbsent(document.paths as Paths);
  return document;
}

type Parameter = { in?: string; required?: boolean; schema?: unknown };
type Paths = Record<string, Record<string, { parameters?: Parameter[] }>>;

/** `county=&step=` asks for nothing in particular: an empty parameter of a query is an absent one. */
function sayEmptyIsAbsent(paths: Paths): void {
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  for (const parameter of operations.flatMap(({ parameters = [] }) => parameters)) {
    if (parameter.in !== 'query' || parameter.required) continue;
    parameter.schema = { anyOf: [parameter.schema, { type: 'string', maxLength: 0 }] };
  }
}

function described(one: AnyOperation, limited: boolean): ZodOpenApiOperationObject {
  const { params, query, body } = one as { params?: z.ZodObject; query?: z.ZodObject; body?: z.ZodType };
  const headers = one.idempotent
    ? z.object({ 'Idempotency-Key': z.string().min(1).max(128).optional() })
    : undefined;
  const file = {
    type: 'object' as const,
    properties: { file: { type: 'string' as const, format: 'binary', minLength: 1 } },
    required: ['file'],
  };
  const content = body
    ? { 'application/json': { schema: body } }
    : Object.fromEntries(
        (one.rawBody ?? []).map((type) => [
          type,
          // Any bytes are a file; whether it is a table is said of its lines.
          { schema: type.startsWith('multipart') ? file : { contentMediaType: type } },
        ]),
      );
  return {
    operationId: one.name,
    tags: [one.tag],
    summary: one.summary,
    ...(one.description === undefined ? {} : { description: one.description }),
    security: one.access === 'public' ? [] : [{ bearer: [] }, { cookie: [] }],
    ...(params || query || headers
      ? {
          requestParams: {
            ...(params ? { path: params } : {}),
            ...(query ? { query } : {}),
            ...(headers ? { header: headers } : {}),
          },
        }
      : {}),
    ...(body || one.rawBody ? { requestBody: { required: true, content } } : {}),
    responses: { ...successes(one), ...refusals(one, limited) },
  };
}

function successes(one: AnyOperation): ZodOpenApiOperationObject['responses'] {
  return Object.fromEntries(
    Object.entries(one.answers).map(([status, { description, schema, contentType }]) => [
      status,
      {
        description,
        ...(schema || contentType
          ? { content: { [contentType ?? 'application/json']: schema ? { schema } : {} } }
          : {}),
      },
    ]),
  );
}

/** Every problem that the operation may answer, together by HTTP status. */
function refusals(one: AnyOperation, limited: boolean): ZodOpenApiOperationObject['responses'] {
  const { params, body } = one as { params?: unknown; body?: unknown };
  const codes = new Set<ProblemCode>(['engine-unavailable', 'invalid-request', ...(one.problems ?? [])]);
  if (limited) codes.add('too-many-requests');
  if (one.access !== 'public') codes.add('unauthenticated').add('not-your-seat');
  if (one.access !== 'public' && one.method !== 'get') codes.add('csrf-token-required');
  if (params) codes.add('not-found');
  if (body || one.rawBody) codes.add('too-large').add('unsupported-media-type');
  if (one.idempotent) codes.add('idempotency-key-reused');
  const statuses = [...new Set([...codes].map((code) => PROBLEMS[code].status))].sort();
  const content = { 'application/problem+json': { schema: problemSchema } };
  return Object.fromEntries(
    statuses.map((status) => {
      const same = [...codes].filter((code) => PROBLEMS[code].status === status);
      const description = same.map((code) => `\`${code}\` ${PROBLEMS[code].zh}`).join('；');
      return [String(status), { description, content }];
    }),
  );
}
