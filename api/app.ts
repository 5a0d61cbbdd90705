import express, { type Express, type RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import { Problem } from '../domain/problems';
import { Authenticator } from './auth/authenticator';
import { LoginGuard } from './auth/login-guard';
import { SecondFactors } from './auth/second-factor';
import { USUAL_LIFE } from './auth/session-life';
import type { Context } from './context';
import type { ApiDeps } from './deps';
import { Decisions } from './engine/decisions';
import { accessLog } from './http/access-log';
import { cors } from './http/cors';
import { docs } from './http/docs';
import { engineUi } from './http/engine-ui';
import { measuring } from './http/measure';
import { mount, type Gate } from './http/mount';
import { openApiDocument } from './http/openapi';
import { pages } from './http/pages';
import type { AnyOperation } from './http/operation';
import { Precedence } from './http/precedence';
import { problemHandler } from './http/problem-response';
import { RequestGuard, USUAL_LIMIT } from './http/request-guard';
import { requestId } from './http/request-id';
import { securityHeaders } from './http/security-headers';
import { traceRequests } from './http/trace';
import { accessLogOperations } from './routes/access-log';
import { actOperations } from './routes/acts';
import { attachmentOperations } from './routes/attachments';
import { bulkOperations } from './routes/bulk';
import { calendarOperations } from './routes/calendars';
import { clauseOperations } from './routes/clauses';
import { codecOperations } from './routes/codec';
import { colleagueOperations } from './routes/colleagues';
import { communityOperations } from './routes/communities';
import { entranceOperations } from './routes/entrances';
import { handOverOperations } from './routes/hand-over';
import { healthOperations } from './routes/health';
import { inboxOperations } from './routes/inbox';
import { keyOperations } from './routes/keys';
import { messageOperations } from './routes/messages';
import { nameOperations } from './routes/names';
import { noticeOperations } from './routes/notices';
import { notificationChoiceOperations } from './routes/notification-choices';
import { oidcOperations } from './routes/oidc';
import { organisationOperations } from './routes/organisations';
import { outboxOperations } from './routes/outbox';
import { outlookOperations } from './routes/outlook';
import { ownPasswordOperations } from './routes/own-password';
import { planOperations } from './routes/plans';
import { yearFigureOperations } from './routes/year-figures';
import { policyOperations } from './routes/policy';
import { policyMoveOperations } from './routes/policy-moves';
import { projectLifeOperations } from './routes/project-life';
import { projectOperations } from './routes/projects';
import { recordOperations } from './routes/record';
import { rehearsalOperations } from './routes/rehearsal';
import { secondFactorOperations } from './routes/second-factor';
import { scheduleOperations } from './routes/schedules';
import { serviceAccountOperations } from './routes/service-accounts';
import { sessionOperations } from './routes/sessions';
import { standInOperations } from './routes/stand-ins';
import { streamOperations } from './routes/stream';
import { supervisionOperations } from './routes/supervision';
import { systemOperations } from './routes/system';
import { taskActOperations } from './routes/task-acts';
import { taskTalkOperations } from './routes/task-talk';
import { taskOperations } from './routes/tasks';
import { userImportOperations } from './routes/user-import';
import { userOperations } from './routes/users';
import { webhookOperations } from './routes/webhooks';
import { Changes } from './live/changes';
import { readinessOf } from './system/readiness';
import { World } from './world';

/** Where the resources are; what machines ask is at the root. */
export const BASE = '/api/v1';

/**
 * The HTTP side of the system: a thin layer through which a person in a seat does one thing at a time. It decides
 * nothing that a workflow decides; it finds out who asks, holds forms against their schemas, and waits until an answer
 * is true.
 *
 * ```ts
 * const app = createApp({ store, client, taskQueue: 'jiugai', now: Date.now, mode: 'live', policy, log, version });
 * await request(app).get('/api/v1/tasks').set('Authorization', `Bearer ${token}`).expect(200);
 * ```
 */
export function createApp(deps: ApiDeps): Express {
  const sessionLife = deps.sessionLife ?? USUAL_LIFE;
  const authenticator = new Authenticator(deps.store, sessionLife, deps.secondFactor ?? 'none', deps.now);
  const measures = measuring(deps.signer.certificate, deps.certificateUntil);
  const changes = new Changes(deps.store, deps.log);
  const precedence = new Precedence();
  const context: Context = {
    ...deps,
    world: new World(deps),
    changes,
    decisions: new Decisions(deps.client, deps.store, changes, measures, deps.log),
    precedence,
    authenticator,
    loginGuard: new LoginGuard(deps.store),
    sessionLife,
    secondFactors: new SecondFactors(deps.store, deps.fieldSeal),
  };
  const gate: Gate = {
    authenticate: (request) => authenticator.callerOf(request),
    onAnswer: deps.onAnswer,
    precedence,
    note: ({ name, summary }, { caller, params, query, body, request }) =>
      deps.store.accessLog.note({
        kind: 'administration',
        user: caller.user,
        of: [name, ...Object.values(params as Record<string, unknown>), ...trialOf(query)]
          .join(' ')
          .slice(0, 200),
        title: summary,
        ...reasonIn(body),
        count: 1,
        requestId: String(request.id),
      }),
  };
  measures.readiness(() => readinessOf(context));
  const { machines, resources } = operationsOf(context, measures.metrics);
  const entrances = deps.oidc === undefined ? [] : oidcOperations(context, deps.oidc);

  const app = express();
  // Each open stream listens for the closing.
  app.setMaxListeners(0);
  app.once('closing', () => changes.stop());
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  if (deps.trustProxy !== undefined) app.set('trust proxy', deps.trustProxy);
  app.use(
    requestId(),
    ...(deps.traced === true ? [traceRequests()] : []),
    accessLog(deps.log),
    measures.requests,
    ...securityHeaders(),
    uncached,
    ...rehearsalMark(deps.mode),
  );
  app.use('/codec', engineUi(deps.engineUi));
  app.use(mount(machines, gate));
  app.use(
    docs(() =>
      openApiDocument(deps.version, [
        ...resources.map((operations) => ({ base: BASE, operations, limited: true })),
        { base: '', operations: entrances, limited: true },
        { base: '', operations: machines },
      ]),
    ),
  );
  for (const handler of cors(deps.corsOrigins ?? [])) app.use(BASE, handler);
  const guard = new RequestGuard(deps.store, deps.requestLimit ?? USUAL_LIMIT);
  app.use(mount(entrances, { ...gate, guard }));
  for (const operations of resources) app.use(BASE, mount(operations, { ...gate, guard }));
  if (deps.pages !== undefined) app.use(pages(deps.pages));
  app.use(() => {
    throw new Problem('not-found');
  });
  app.use(problemHandler(deps.log));
  return app;
}

/** Every operation there is: what is mounted, what the OpenAPI document describes, and what docs/permissions.md lists. */
export function operationsOf(
  context: Context,
  metrics: Registry,
): { machines: AnyOperation[]; resources: AnyOperation[][] } {
  return {
    machines: [...healthOperations(context, metrics), ...codecOperations(context)],
    resources: resourcesOf(context),
  };
}

/** One router a resource. */
function resourcesOf(context: Context): AnyOperation[][] {
  return [
    entranceOperations(context),
    sessionOperations(context),
    ownPasswordOperations(context),
    secondFactorOperations(context),
    notificationChoiceOperations(context),
    messageOperations(context),
    [...taskOperations(context), ...bulkOperations(context), ...inboxOperations(context)],
    streamOperations(context),
    taskActOperations(context),
    taskTalkOperations(context),
    communityOperations(context),
    projectOperations(context),
    projectLifeOperations(context),
    nameOperations(context),
    colleagueOperations(context),
    outlookOperations(context),
    supervisionOperations(context),
    actOperations(context),
    planOperations(context),
    yearFigureOperations(context),
    noticeOperations(context),
    attachmentOperations(context),
    calendarOperations(context),
    clauseOperations(context),
    [...policyOperations(context), ...policyMoveOperations(context)],
    organisationOperations(context),
    [...userOperations(context), ...userImportOperations(context)],
    handOverOperations(context),
    standInOperations(context),
    keyOperations(context),
    serviceAccountOperations(context),
    webhookOperations(context),
    outboxOperations(context),
    scheduleOperations(context),
    systemOperations(context),
    accessLogOperations(context),
    recordOperations(context),
    rehearsalOperations(context),
  ];
}

/** What was only tried is told apart from what was done. */
function trialOf(query: unknown): string[] {
  const isTrial = typeof query === 'object' && query !== null && 'dryRun' in query && query.dryRun === true;
  return isTrial ? ['dryRun'] : [];
}

const LONGEST_REASON = 400;

/** Why an administrator says to have done it, where the form asks. */
function reasonIn(body: unknown): { reason?: string } {
  const given = typeof body === 'object' && body !== null && 'reason' in body ? body.reason : undefined;
  return typeof given === 'string' ? { reason: given.slice(0, LONGEST_REASON) } : {};
}

/** What is answered is true now and to this caller only. */
const uncached: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** Every answer of a rehearsal says that it is one. */
function rehearsalMark(mode: ApiDeps['mode']): RequestHandler[] {
  if (mode === 'live') return [];
  return [
    (_request, response, next) => {
      response.set('X-Rehearsal', 'true');
      next();
    },
  ];
}
