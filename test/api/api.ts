import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Express } from 'express';
import pino from 'pino';
import request, { type Test } from 'supertest';
import { createApp } from '../../api/app';
import { tokenHash } from '../../api/auth/credentials';
import type { ApiDeps } from '../../api/deps';
import type { Answer, AnyOperation } from '../../api/http/operation';
import { sampleOrganisations } from '../../bin/sample-city/organisations';
import { EncryptingCodec } from '../../keys/payload-codec';
import type { OfficeRole } from '../../policy/keys';
import { linyi } from '../../policy/linyi';
import { connectStore, type Store } from '../../store/connect';
import type { CommunityRow } from '../../store/communities';
import type { SystemRole, UserRow } from '../../store/users';
import type { Receipt } from '../../workflows/messages';
import { testKeys, testPayloadKeys, testPersonalKeys } from '../support/keys';
import { startMongo } from '../support/servers';
import { FakeEngine, type Sent } from './fake-engine';

/** Noon of a Monday in Shanghai, in the declaration of the plan of 2028. */
export const NOW = Date.parse('2027-03-01T12:00:00+08:00');

/** Somebody who is logged in. */
export interface Person {
  readonly user: string;
  readonly token: string;
  get(path: string): Test;
  post(path: string, body?: object | string, key?: string): Test;
  put(path: string, body: object): Test;
  patch(path: string, body: object): Test;
  delete(path: string): Test;
}

export interface TestApi {
  readonly app: Express;
  readonly store: Store;
  readonly engine: FakeEngine;
  /** What a workflow and its record do with what they are sent: an event stands there, under this number or the next. */
  record(sent: Sent, seq?: number): Promise<Receipt>;
  /** What the API has logged as errors. */
  readonly logged: string[];
  /** Sets the engine's clock, ms. */
  at(now: number): void;
  /** A user of this organisation of the sample city. */
  as(organisation: string, role?: OfficeRole): Promise<Person>;
  administrator(role: SystemRole): Promise<Person>;
  /** The same store behind an API with other settings. */
  again(change: Partial<ApiDeps>): Express;
  stop(): Promise<void>;
}

/** The API in process, on a real MongoDB with the sample city's organisations. */
export async function startApi(change: Partial<ApiDeps> & { client?: Client } = {}): Promise<TestApi> {
  const mongo = await startMongo();
  const store = await connectStore(mongo.uri, { maxPoolSize: 10 });
  await store.prepare();
  await store.organisations.model.insertMany(
    sampleOrganisations(linyi).map(({ id, ...rest }) => ({ _id: id, ...rest })),
  );
  const engine = new FakeEngine();
  const logged: string[] = [];
  let now = NOW;
  let told = 0;
  const deps: ApiDeps = {
    store,
    client: engine.client,
    taskQueue: 'api-test',
    now: () => now,
    mode: 'live',
    policy: linyi,
    signer: testKeys.api,
    fieldSeal: testPersonalKeys,
    payloadCodec: new EncryptingCodec(testPayloadKeys),
    roots: testKeys.roots,
    log: pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }),
    version: '0.0.0-test',
    workerPolls: async () => true,
    onAnswer: holdAgainstSchema,
    ...change,
  };
  const app = createApp(deps);
  const people = new Map<string, Person>();

  async function person(id: string, rights: Pick<UserRow, 'seats' | 'systemRole'>): Promise<Person> {
    const known = people.get(id);
    if (known) return known;
    await store.users.model.create({
      _id: id,
      username: id,
      passwordHash: 'none',
      ...rights,
      mustChangePassword: false,
      disabled: false,
      sample: false,
      createdAt: new Date(),
    });
    const made = personOf(app, id, await logIn(store, id));
    people.set(id, made);
    return made;
  }

  return {
    app,
    store,
    engine,
    logged,
    async record({ workflowId, argument, updateId }, seq = (told += 1)) {
      const bodyHash = String(argument['bodyHash']);
      const at = new Date(now).toISOString();
      await store.events.model.collection.insertOne({
        ...{ _id: `${workflowId}#${seq}` as never, workflowId, seq, at, type: 'told', updateId, bodyHash },
      });
      return { workflowId, seq, bodyHash };
    },
    at: (to) => void (now = to),
    as: (organisation, role = 'handler') =>
      person(`u-${organisation}-${role}`, { seats: [{ organisation, role }] }),
    administrator: (role) => person(`u-${role}-administrator`, { seats: [], systemRole: role }),
    again: (other) => createApp({ ...deps, ...other }),
    async stop() {
      await store.close();
      await mongo.stop();
    },
  };
}

/** Opens a session without the way through the password. */
export async function logIn(store: Store, user: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const createdAt = new Date();
  const expiresAt = new Date(createdAt.getTime() + 3_600_000);
  await store.sessions.begin({
    _id: tokenHash(token),
    publicId: randomUUID(),
    user,
    createdAt,
    lastUsedAt: createdAt,
    expiresAt,
  });
  return token;
}

export function personOf(app: Express, user: string, token: string): Person {
  const send = (method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string): Test => {
    const agent = request(app);
    const url = path.startsWith('/') ? path : `/api/v1/${path}`;
    return agent[method](url).set('Authorization', `Bearer ${token}`);
  };
  return {
    user,
    token,
    get: (path) => send('get', path),
    post: (path, body, key) => {
      const post = send('post', path);
      if (key !== undefined) post.set('Idempotency-Key', key);
      if (typeof body === 'string') return post.set('Content-Type', 'application/json').send(body);
      return body === undefined ? post : post.send(body);
    },
    put: (path, body) => send('put', path).send(body),
    patch: (path, body) => send('patch', path).send(body),
    delete: (path) => send('delete', path),
  };
}

/** Every answer is what the OpenAPI document says, no field more. */
function holdAgainstSchema(operation: AnyOperation, answer: Answer): void {
  const schema = operation.answers[answer.status]?.schema;
  if (!schema) {
    if (answer.body !== undefined)
      throw new Error(`${operation.name} answers an undocumented ${answer.status}`);
    return;
  }
  const body = JSON.parse(JSON.stringify(answer.body)) as unknown;
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Error(`${operation.name}: ${parsed.error.message}`);
  expect(parsed.data).toEqual(body);
}

/** An eligible community of the sample county. */
export function community(change: Partial<CommunityRow> & { _id: string }): CommunityRow {
  return {
    name: `样例小区 ${change._id}`,
    place: { city: '371300', county: '371302', subdistrict: '371302-s1', neighbourhood: '371302-n1' },
    households: 120,
    buildings: 4,
    floorArea: 9_600,
    completedYear: 1996,
    landOwnership: 'state',
    location: 'city',
    demolishAndRebuild: false,
    deficiencies: ['管网老化'],
    createdAt: new Date(NOW),
    updatedAt: new Date(NOW),
    ...change,
  };
}

/** Opens a year's plan in the store, as its workflow would show it. */
export async function openPlan(
  store: Store,
  planYear: number,
  closesAt = '2027-09-30T16:00:00.000Z',
): Promise<void> {
  await store.plans.model.collection.insertOne({
    _id: planYear as never,
    workflowId: `plan/${planYear}`,
    seq: 1,
    node: 'plan',
    planYear,
    phase: 'declaration',
    status: 'running',
    openedAt: '2027-01-01T01:00:00.000Z',
    closesAt,
    facts: {},
  });
}
