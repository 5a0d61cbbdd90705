import { Schema, type Connection } from 'mongoose';
import { workflowOfTask, type Task } from '../domain/task';
import { afterKeys, decodeCursor, pageOf, pageSize, type Page } from './cursor';
import { together } from './together';

/** Projection of every task, open and done; the inbox. */
export interface TaskRow extends Omit<Task, 'id'> {
  readonly _id: string;
  /** Number of the workflow's last event when this was written. */
  readonly seq: number;
  /** `due.at`, or the end of time without one: the inbox is sorted by it. */
  readonly dueAt: string;
}

const NEVER = '9999-12-31T00:00:00.000Z';

const schema = new Schema<TaskRow>(
  { _id: String, organisation: String, status: String, dueAt: String, projectId: String, kind: String },
  { strict: false, versionKey: false, minimize: false },
);
schema.index({ organisation: 1, status: 1, dueAt: 1, _id: 1 });
schema.index(
  { paperBy: 1, status: 1, dueAt: 1, _id: 1 },
  { partialFilterExpression: { paperBy: { $exists: true } } },
);
schema.index({ projectId: 1, status: 1, dueAt: 1, _id: 1 });
schema.index({ kind: 1, status: 1, dueAt: 1, _id: 1 });
schema.index({ status: 1, dueAt: 1, _id: 1 });
schema.index({ organisation: 1, projectId: 1 });
for (const path of ['holder', 'delegation.by', 'delegation.to', 'coSigning.signers.user']) {
  schema.index({ [path]: 1 }, { partialFilterExpression: { status: 'open', [path]: { $exists: true } } });
}
schema.index(
  { 'outcome.by.user': 1, 'outcome.at': -1, _id: -1 },
  { partialFilterExpression: { 'outcome.by.user': { $exists: true } } },
);
schema.index({ notBy: 1, status: 1, dueAt: 1, _id: 1 });
// All that `openByOrganisation` asks, so that no task is read for it.
schema.index({ status: 1, organisation: 1, overdue: 1 }, { partialFilterExpression: { status: 'open' } });
schema.index({ overdue: 1, dueAt: 1 }, { partialFilterExpression: { status: 'open', overdue: true } });

export interface TaskFilter {
  readonly status?: Task['status'] | undefined;
  /** Only what these organisations must do. An empty list finds nothing. */
  readonly organisations?: readonly string[] | undefined;
  /** With `organisations`: also what these may enter from paper for another (代录). */
  readonly orPaperBy?: boolean | undefined;
  /** Leaves out what this user may not do: they submitted what is to be decided. */
  readonly notFor?: string | undefined;
  /** Only what this user submitted: they may not decide it themselves. */
  readonly submittedBy?: string | undefined;
  readonly step?: Task['step'] | undefined;
  /** Part of the title or of the project's number; or of these projects. */
  readonly text?: { readonly part: string; readonly projects: readonly string[] } | undefined;
  readonly kind?: string | undefined;
  readonly projectId?: string | undefined;
  readonly planYear?: number | undefined;
  readonly county?: string | undefined;
  readonly overdue?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export function openTasks(connection: Connection) {
  const model = connection.model<TaskRow>('Task', schema, 'tasks');

  async function findAll(ids: readonly string[]): Promise<Task[]> {
    const rows = await model.find({ _id: { $in: [...ids] } }).lean<TaskRow[]>();
    return rows.map(taskOf);
  }

  return {
    model,
    find: together(async (ids) => new Map((await findAll(ids)).map((task) => [task.id, task]))),
    /**
     * Shows tasks again that are shown no longer; what is there stays as it is.
     * @param seq of the last event of their workflow
     * @returns how many were missing
     */
    async restore(tasks: readonly Task[], seq: number): Promise<number> {
      if (tasks.length === 0) return 0;
      const rows = tasks.map((task) => taskRow(task, seq));
      const { upsertedCount } = await model.bulkWrite(
        rows.map(({ _id, ...row }) => ({
          updateOne: { filter: { _id }, update: { $setOnInsert: row }, upsert: true },
        })),
        { timestamps: false },
      );
      return upsertedCount;
    },
    /**
     * A page of tasks by due date, earliest first.
     * @throws BadCursor
     */
    async list(filter: TaskFilter): Promise<Page<Task>> {
      const size = pageSize(filter.limit);
      const rows = await model
        .find(conditionOf(filter))
        .sort({ dueAt: 1, _id: 1 })
        .limit(size + 1)
        .lean<TaskRow[]>();
      const { items, ...rest } = pageOf(rows, size, (row) => [row.dueAt, row._id]);
      return { items: items.map(taskOf), ...rest };
    },
    /** Open tasks in which somebody has a part of their own: they have it, delegated it, must answer or co-sign it. */
    async inHandsOf(user: string): Promise<Task[]> {
      const parts = ['holder', 'delegation.by', 'delegation.to', 'coSigning.signers.user'];
      const rows = await model
        .find({ $or: parts.map((part) => ({ [part]: user, status: 'open' })) })
        .sort({ _id: 1 })
        .lean<TaskRow[]>();
      return rows.map(taskOf);
    },
    /**
     * A page of what this user decided, the latest first.
     * @throws BadCursor
     */
    async decidedBy(user: string, filter: TaskFilter): Promise<Page<Task>> {
      const size = pageSize(filter.limit);
      const { cursor, ...rest } = filter;
      const [at, id] = cursor === undefined ? [] : decodeCursor(cursor, 2);
      const before: Record<string, unknown> =
        at === undefined || id === undefined
          ? {}
          : { $or: [{ 'outcome.at': at, _id: { $lt: id } }, { 'outcome.at': { $lt: at } }] };
      const rows = await model
        .find({ 'outcome.by.user': user, ...conditionOf(rest), ...before })
        .sort({ 'outcome.at': -1, _id: -1 })
        .limit(size + 1)
        .lean<TaskRow[]>();
      const { items, ...next } = pageOf(rows, size, (row) => [row.outcome?.at ?? '', row._id]);
      return { items: items.map(taskOf), ...next };
    },
    /** How many open tasks of each kind there are, the most first; an inbox is told what to choose from. */
    async openKinds(
      filter: TaskFilter,
    ): Promise<{ kind: string; title: string; open: number; overdue: number }[]> {
      const found = await model.aggregate<{ _id: string; title: string; open: number; overdue: number }>([
        { $match: { ...conditionOf(filter), status: 'open' } },
        {
          $group: {
            _id: '$kind',
            title: { $first: '$title' },
            open: { $sum: 1 },
            overdue: { $sum: { $cond: ['$overdue', 1, 0] } },
          },
        },
        { $sort: { open: -1, _id: 1 } },
      ]);
      return found.map(({ _id, ...rest }) => ({ kind: _id, ...rest }));
    },
    /** How many open tasks each organisation has, and how many of them are overdue. */
    async openByOrganisation(): Promise<{ organisation: string; open: number; overdue: number }[]> {
      const found = await model.aggregate<{ _id: string; open: number; overdue: number }>([
        { $match: { status: 'open' } },
        {
          $group: {
            _id: '$organisation',
            open: { $sum: 1 },
            overdue: { $sum: { $cond: ['$overdue', 1, 0] } },
          },
        },
      ]);
      return found.map(({ _id, ...rest }) => ({ organisation: _id, ...rest }));
    },
    findAll,
    count(filter: TaskFilter): Promise<number> {
      return model.countDocuments(conditionOf(filter));
    },
    /** Every task of one workflow, not those of what it started: their ids begin with its own. */
    async ofWorkflow(workflowId: string): Promise<Task[]> {
      const before = workflowId.replaceAll('/', '.');
      const rows = await model
        .find({ _id: { $gt: `${before}.`, $lt: `${before}/` } })
        .sort({ _id: 1 })
        .lean<TaskRow[]>();
      return rows.filter(({ _id }) => workflowOfTask(_id) === workflowId).map(taskOf);
    },
    /** Tasks of a project that were decided, in the order in which they were assigned. */
    async decidedIn(projectId: string): Promise<Task[]> {
      const rows = await model
        .find({ projectId, status: 'completed' })
        .sort({ assignedAt: 1, _id: 1 })
        .lean<TaskRow[]>();
      return rows.map(taskOf);
    },
    /** Projects in which these organisations have or had something to do. */
    async projectsOf(organisations: readonly string[]): Promise<string[]> {
      if (organisations.length === 0) return [];
      // Grouped, not `distinct`: that answers one document, which a large operator's projects may outgrow.
      const found = await model.aggregate<{ _id: string | null }>([
        { $match: { organisation: { $in: [...organisations] } } },
        { $group: { _id: '$projectId' } },
      ]);
      return found.flatMap(({ _id }) => _id ?? []);
    },
    /** The organisations that have or had something to do in a project. */
    async organisationsIn(projectId: string): Promise<string[]> {
      const found = await model.aggregate<{ _id: string }>([
        { $match: { projectId } },
        { $group: { _id: '$organisation' } },
      ]);
      return found.map(({ _id }) => _id);
    },
    /** What these organisations have or had to do in a project. */
    async idsIn(projectId: string, organisations: readonly string[]): Promise<string[]> {
      if (organisations.length === 0) return [];
      const rows = await model
        .find({ organisation: { $in: [...organisations] }, projectId }, { _id: 1 })
        .lean<{ _id: string }[]>();
      return rows.map(({ _id }) => _id);
    },
    /** How many open tasks are overdue with whom, who is late the longest first. */
    async overdueBy(
      within: Supervised,
    ): Promise<{ organisation: string; overdue: number; oldestDue: string }[]> {
      const found = await model.aggregate<{ _id: string; overdue: number; oldestDue: string }>([
        { $match: supervised(within) },
        { $group: { _id: '$organisation', overdue: { $sum: 1 }, oldestDue: { $min: '$dueAt' } } },
        { $sort: { oldestDue: 1, _id: 1 } },
      ]);
      return found.map(({ _id, ...rest }) => ({ organisation: _id, ...rest }));
    },
    /** These tasks, the most overdue first. */
    async overdueOf(within: Supervised): Promise<Task[]> {
      const rows = await model
        .find(supervised(within))
        .sort({ dueAt: 1, _id: 1 })
        .limit(200)
        .lean<TaskRow[]>();
      return rows.map(taskOf);
    },
    /** Open tasks of these projects that are overdue, by project and step; only of these organisations where they are given. */
    async overdueIn(
      projectIds: readonly string[],
      organisations?: readonly string[],
    ): Promise<{ projectId: string; step: Task['step']; tasks: number }[]> {
      if (projectIds.length === 0) return [];
      const found = await model.aggregate<{ _id: { projectId: string; step: Task['step'] }; tasks: number }>([
        {
          $match: {
            projectId: { $in: [...projectIds] },
            status: 'open',
            overdue: true,
            suspended: false,
            ...(organisations ? { organisation: { $in: [...organisations] } } : {}),
          },
        },
        { $group: { _id: { projectId: '$projectId', step: '$step' }, tasks: { $sum: 1 } } },
      ]);
      return found.map(({ _id, tasks }) => ({ ..._id, tasks }));
    },
    /** The earliest due date among the open tasks of each project. */
    async nextDue(projectIds: readonly string[]): Promise<Map<string, string>> {
      const found = await model.aggregate<{ _id: string; dueAt: string }>([
        { $match: { projectId: { $in: [...projectIds] }, status: 'open' } },
        { $group: { _id: '$projectId', dueAt: { $min: '$dueAt' } } },
      ]);
      return new Map(found.filter(({ dueAt }) => dueAt !== NEVER).map(({ _id, dueAt }) => [_id, dueAt]));
    },
  };
}

/** Whose lateness is asked for: everybody's, or that in these counties and of these organisations. */
export interface Supervised {
  readonly all: boolean;
  readonly counties: readonly string[];
  readonly organisations: readonly string[];
  readonly only?: string | undefined;
}

function supervised({ all, counties, organisations, only }: Supervised): Record<string, unknown> {
  return {
    status: 'open',
    overdue: true,
    suspended: false,
    ...(only === undefined ? {} : { organisation: only }),
    ...(all
      ? {}
      : {
          $or: [
            { county: { $in: [...counties] } },
            { organisation: { $in: [...organisations] } },
            { 'escalated.to': { $in: [...organisations] } },
          ],
        }),
  };
}

/** The filter as MongoDB reads it; every part of the inbox is a prefix of an index. */
export function conditionOf(filter: TaskFilter): Record<string, unknown> {
  const { organisations, orPaperBy, cursor } = filter;
  const shared = withoutAbsent({
    status: filter.status,
    kind: filter.kind,
    step: filter.step,
    ...(filter.submittedBy === undefined ? {} : { notBy: filter.submittedBy }),
    $and: filter.text === undefined ? undefined : [textCondition(filter.text)],
    projectId: filter.projectId,
    planYear: filter.planYear,
    county: filter.county,
    overdue: filter.overdue,
    ...(filter.notFor === undefined ? {} : { notBy: { $ne: filter.notFor } }),
  });
  const after = cursor === undefined ? {} : afterKeys('dueAt', '_id', decodeCursor(cursor, 2));
  if (organisations === undefined) return { ...shared, ...after };
  const mine = { organisation: { $in: [...organisations] } };
  if (!orPaperBy) return { ...shared, ...mine, ...after };
  const paper = { paperBy: { $in: [...organisations] } };
  // Each branch carries the whole condition, so that both are read in order from their index and merged.
  return {
    $or: [
      { ...shared, ...mine, ...after },
      { ...shared, ...paper, ...after },
    ],
  };
}

function textCondition({ part, projects }: NonNullable<TaskFilter['text']>): Record<string, unknown> {
  const matching = { $regex: part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' };
  return {
    $or: [{ title: matching }, { projectId: matching }, { projectId: { $in: [...projects] } }],
  };
}

export function taskRow(task: Task, seq: number): TaskRow {
  const { id, ...rest } = task;
  return { _id: id, ...rest, seq, dueAt: task.due?.at ?? NEVER };
}

export function taskOf({ _id, seq: _seq, dueAt: _dueAt, ...task }: TaskRow): Task {
  return { id: _id, ...task };
}

function withoutAbsent(condition: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(condition).filter(([, value]) => value !== undefined));
}
