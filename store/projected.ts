import type { Model } from 'mongoose';
import type { Node } from '../domain/node';
import type { Store } from './connect';
import { submissionId } from './submissions';

type Projected = Pick<Store, 'heads' | 'tasks' | 'steps' | 'projects' | 'plans' | 'submissions'>;

/** The stored projection of the same project, step, plan or submission, or nothing. */
export async function projectedNode(store: Projected, workflowId: string, node: Node) {
  const row = await rowOf(store, workflowId, node);
  if (!row) return undefined;
  const { _id, workflowId: _workflowId, seq: _seq, ...rest } = row;
  if (rest.node !== 'project') return rest as Node;
  const { parties: _parties, ...project } = rest as { parties?: unknown } & typeof rest;
  return project as Node;
}

function rowOf({ steps, projects, plans, submissions }: Projected, workflowId: string, node: Node) {
  const lean = <Row>(model: Model<Row>, _id: unknown) =>
    model.findById(_id).lean<{ _id: unknown; workflowId: string; seq: number } & Node>();
  if (node.node === 'step') return lean(steps.model, workflowId);
  if (node.node === 'project') return lean(projects.model, node.projectId);
  if (node.node === 'plan') return lean(plans.model, node.planYear);
  return lean(submissions.model, submissionId(node.planYear, node.county));
}

const RUNNING_STEP = ['running', 'suspended', 'needs-repair'];

/** Every workflow of which anything in the store is open: its head, a task, or what is shown of it. Each once. */
export async function* openInStore(store: Projected): AsyncIterable<string> {
  const seen = new Set<string>();
  const heads = store.heads.model.find({ open: true }, { _id: 1 }).lean<{ _id: string }>();
  for await (const { _id } of heads.cursor({ batchSize: 1_000 })) {
    seen.add(_id);
    yield _id;
  }
  const open: [Model<never>, object][] = [
    [store.tasks.model as never, { status: 'open' }],
    [store.steps.model as never, { status: { $in: RUNNING_STEP } }],
    [store.projects.model as never, { endedAt: { $exists: false } }],
    [store.plans.model as never, { status: { $ne: 'closed' } }],
    [store.submissions.model as never, { status: { $ne: 'closed' } }],
  ];
  for (const [model, condition] of open) {
    const rows = model.find(condition, { workflowId: 1 }).lean<{ workflowId: string }>();
    for await (const { workflowId } of rows.cursor({ batchSize: 1_000 })) {
      if (seen.has(workflowId)) continue;
      seen.add(workflowId);
      yield workflowId;
    }
  }
}
