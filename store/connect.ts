import mongoose, { type Connection } from 'mongoose';
import { openAccessLog } from './access-log';
import { openAlerts } from './alerts';
import { openAnswers } from './answers';
import { openAttachments } from './attachments';
import { openCalendars } from './calendars';
import { openChanges } from './changes';
import { openCommunities } from './communities';
import { openCounters } from './counters';
import { openDailyRoots } from './daily-roots';
import { openDocumentNumbers } from './document-numbers';
import { openEvents } from './events';
import { openHeads } from './heads';
import { openLeases } from './leases';
import { openLimits } from './limits';
import { openMessages } from './messages';
import { openNotificationChoices } from './notification-choices';
import { openNotifications } from './notifications';
import { openObjections } from './objections';
import { openOidcLogins } from './oidc-logins';
import { openOrganisations } from './organisations';
import { openOutbox } from './outbox';
import { openPlans } from './plans';
import { openPolicies } from './policies';
import { openProjects } from './projects';
import { openRevocations } from './revocations';
import { openSecondFactors } from './second-factors';
import { openServiceAccounts } from './service-accounts';
import { openSecretKeys } from './secret-keys';
import { openSessions } from './sessions';
import { openStandIns } from './stand-ins';
import { openSteps } from './steps';
import { openSubmissions } from './submissions';
import { openTaskComments } from './task-comments';
import { openTaskCopies } from './task-copies';
import { openTasks } from './tasks';
import { openUsers } from './users';
import { openWebhooks } from './webhooks';
import { openWorkers } from './workers';

function openCollections(connection: Connection) {
  return {
    accessLog: openAccessLog(connection),
    alerts: openAlerts(connection),
    answers: openAnswers(connection),
    attachments: openAttachments(connection),
    calendars: openCalendars(connection),
    changes: openChanges(connection),
    communities: openCommunities(connection),
    counters: openCounters(connection),
    dailyRoots: openDailyRoots(connection),
    documentNumbers: openDocumentNumbers(connection),
    events: openEvents(connection),
    heads: openHeads(connection),
    leases: openLeases(connection),
    limits: openLimits(connection),
    messages: openMessages(connection),
    notificationChoices: openNotificationChoices(connection),
    notifications: openNotifications(connection),
    objections: openObjections(connection),
    oidcLogins: openOidcLogins(connection),
    organisations: openOrganisations(connection),
    outbox: openOutbox(connection),
    plans: openPlans(connection),
    policies: openPolicies(connection),
    projects: openProjects(connection),
    revocations: openRevocations(connection),
    secondFactors: openSecondFactors(connection),
    serviceAccounts: openServiceAccounts(connection),
    secretKeys: openSecretKeys(connection),
    sessions: openSessions(connection),
    standIns: openStandIns(connection),
    steps: openSteps(connection),
    submissions: openSubmissions(connection),
    taskComments: openTaskComments(connection),
    taskCopies: openTaskCopies(connection),
    tasks: openTasks(connection),
    users: openUsers(connection),
    webhooks: openWebhooks(connection),
    workers: openWorkers(connection),
  };
}

/** One open store. Several may live in one process: nothing hangs on mongoose's default connection. */
export interface Store extends ReturnType<typeof openCollections> {
  readonly connection: Connection;
  /** Creates what is missing of collections and indexes; does nothing to those that are there. */
  prepare(): Promise<void>;
  /** @throws if the store does not answer within about 2 s. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Connections that this process keeps at most; 50 by default. */
  readonly maxPoolSize?: number;
  /** Whether the client tells of each command, for those who trace. */
  readonly monitorCommands?: boolean;
}

/** The database's name, unless the address names one. */
const DATABASE = 'jiugai';

function namesDatabase(uri: string): boolean {
  return /^mongodb(\+srv)?:\/\/[^/]+\/[^?]/.test(uri);
}

/**
 * Connects to MongoDB, a replica set (one node will do): without one there are no transactions.
 *
 * What is acknowledged is on a majority and in the journal, and what is read is what a majority has: no answer can
 * be taken back by a power cut or a fail-over. A store that is away is noticed within 2 s, by commands too.
 * @throws MongooseServerSelectionError if no server answers within 2 s; whoever starts waits and tries again
 */
export async function connectStore(uri: string, options: StoreOptions = {}): Promise<Store> {
  const connection = mongoose.createConnection(uri, {
    ...(namesDatabase(uri) ? {} : { dbName: DATABASE }),
    serverSelectionTimeoutMS: 2_000,
    connectTimeoutMS: 2_000,
    socketTimeoutMS: 15_000,
    maxPoolSize: options.maxPoolSize ?? 50,
    monitorCommands: options.monitorCommands ?? false,
    writeConcern: { w: 'majority', journal: true },
    readConcernLevel: 'majority',
    ignoreUndefined: true,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
  });
  const collections = openCollections(connection);
  try {
    await connection.asPromise();
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }
  return {
    connection,
    ...collections,
    async prepare() {
      // Transactions write to collections that exist; creating them inside one takes locks.
      await Promise.all(
        Object.values(connection.models).map(async (model) => {
          await model.createCollection();
          await model.createIndexes();
        }),
      );
    },
    async ping() {
      await connection.getClient().db('admin').command({ ping: 1 });
    },
    async close() {
      await connection.close();
    },
  };
}
