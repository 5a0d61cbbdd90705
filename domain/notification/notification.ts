import type { OfficeRole } from '../../policy/keys';
import type { CivilDate } from '../calendar';
import type { RecordedEvent } from '../events';
import { awaitedUser } from '../holding';
import type { RecordBatch } from '../node';
import type { Stage, Task } from '../task';

/** Of what people are told, each kind as they choose it. */
export const NOTIFICATION_KINDS = {
  'task-assigned': '新待办',
  'task-handed-over': '转办、委派、离岗移交、待审核签发',
  'task-came-back': '委派答复、加签未获同意、退回经办',
  'task-reminded': '到期提醒、催办',
  'task-overdue': '逾期',
  'task-escalated': '下级逾期未办，升级督办',
  'task-closed': '待办撤销',
  'task-copied': '抄送',
  'task-asked': '沟通提问、答复',
  'stand-in-named': '指定代理',
  'project-changed': '项目暂停、恢复、退回、办结',
  'seat-vacant': '岗位空缺',
} as const;
export type NotificationKind = keyof typeof NOTIFICATION_KINDS;

/** What changed about a project, by the event that says so. */
export const PROJECT_NEWS = {
  'project-suspended': '项目已暂停',
  'project-resumed': '项目已恢复办理',
  'turned-back': '项目已退回',
  'project-ended': '项目已结束',
} as const;
export type ProjectNews = keyof typeof PROJECT_NEWS;

/** Whom it concerns; persons are looked up when it is passed on. */
export type Addressees =
  | {
      readonly organisations: readonly string[];
      /** Only who holds this role there. */
      readonly role?: OfficeRole;
      /** Users who may not do the task. */
      readonly notUsers?: readonly string[];
      /** Who has it; the others only where this one is no longer in office there. */
      readonly user?: string;
    }
  /** Just these persons, for the organisation in which it concerns them. */
  | { readonly users: readonly string[]; readonly organisation: string }
  /** Every organisation that has or had something to do in the project. */
  | { readonly project: string }
  | { readonly administrators: 'system' };

/** What it is about: names and dates of the matter, nothing that anybody entered. */
export interface Matter {
  readonly projectId?: string;
  readonly planYear?: number;
  readonly county?: string;
  readonly step?: Stage;
  readonly round?: number;
  readonly task?: { readonly id: string; readonly title: string; readonly due?: CivilDate };
  readonly news?: ProjectNews;
  /** Its first and last day. */
  readonly standIn?: { readonly from: CivilDate; readonly until: CivilDate };
  /** A seat that nobody holds. */
  readonly seat?: string;
}

/** One event of which people must hear. */
export interface Notification {
  /** Of its event; at most one an event. */
  readonly id: string;
  readonly kind: NotificationKind;
  /** The event's time, RFC 3339, the engine's clock. */
  readonly at: string;
  readonly to: Addressees;
  readonly about: Matter;
}

const OF_TASKS: Readonly<Record<string, NotificationKind>> = {
  'task-assigned': 'task-assigned',
  'task-reseated': 'task-assigned',
  'task-transferred': 'task-handed-over',
  'task-delegated': 'task-handed-over',
  'task-handed-over': 'task-handed-over',
  'task-delegate-answered': 'task-came-back',
  'task-decision-given-back': 'task-came-back',
  'task-drafted': 'task-handed-over',
  'task-endorsed': 'task-handed-over',
  'task-draft-returned': 'task-came-back',
  'task-reminded': 'task-reminded',
  'task-urged': 'task-reminded',
  'task-overdue': 'task-overdue',
  'task-escalated': 'task-escalated',
  'task-closed': 'task-closed',
};

/** Of which events of a batch people must hear. Reads events and tasks as they are recorded, and nothing else. */
export function notificationsOf(
  events: readonly RecordedEvent[],
  { tasks }: Pick<RecordBatch, 'tasks'>,
): Notification[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return events.flatMap((event) => {
    const task = event.taskId === undefined ? undefined : byId.get(event.taskId);
    return (task ? ofTask(event, task) : ofNode(event)) ?? [];
  });
}

/** `project/371302-2028-0042/public-notice/1` and 7 → `project.371302-2028-0042.public-notice.1.e7` */
function notificationId({ workflowId, seq }: Pick<RecordedEvent, 'workflowId' | 'seq'>): string {
  return `${workflowId.replaceAll('/', '.')}.e${seq}`;
}

function ofTask(event: RecordedEvent, task: Task): Notification | undefined {
  const kind = OF_TASKS[event.type];
  if (!kind) return undefined;
  // A successor in somebody's smaller part (a delegation, a co-signature to come) is told when it is their turn.
  if (event.type === 'task-handed-over' && awaitedUser(task) !== successorIn(event)) return undefined;
  // That it is late concerns the whole office; everything else whoever has it.
  const user = kind === 'task-overdue' ? undefined : awaitedUser(task);
  return {
    id: notificationId(event),
    kind,
    at: event.at,
    to: kind === 'task-escalated' ? above(task) : inOffice(task, user),
    about: {
      ...whereOf(event),
      step: task.step,
      round: task.round,
      task: { id: task.id, title: task.title, ...(task.due ? { due: task.due.date } : {}) },
    },
  };
}

function successorIn({ data }: RecordedEvent): string | undefined {
  return (data as { form?: { user?: string } } | undefined)?.form?.user;
}

function inOffice(task: Task, user: string | undefined): Addressees {
  return {
    organisations: [task.organisation, ...(task.paperBy === undefined ? [] : [task.paperBy])],
    ...(task.role === undefined ? {} : { role: task.role }),
    ...(task.notBy.length === 0 ? {} : { notUsers: task.notBy }),
    ...(user === undefined ? {} : { user }),
  };
}

/** Where nobody holds a superior seat, whoever sees to it that seats are held. */
function above({ escalated }: Task): Addressees {
  const { to = [] } = escalated ?? {};
  return to.length === 0 ? { administrators: 'system' } : { organisations: to };
}

function ofNode(event: RecordedEvent): Notification | undefined {
  const { type, projectId, data } = event;
  const shared = { id: notificationId(event), at: event.at };
  if (type === 'seat-vacant') {
    const { seat } = (data ?? {}) as { seat?: string };
    return {
      ...shared,
      kind: 'seat-vacant',
      to: { administrators: 'system' },
      about: { ...whereOf(event), ...(seat === undefined ? {} : { seat }) },
    };
  }
  if (!(type in PROJECT_NEWS) || projectId === undefined) return undefined;
  return {
    ...shared,
    kind: 'project-changed',
    to: { project: projectId },
    about: { ...whereOf(event), news: type as ProjectNews },
  };
}

function whereOf({ projectId, planYear, county, step, round }: RecordedEvent): Matter {
  return {
    ...(projectId === undefined ? {} : { projectId }),
    ...(planYear === undefined ? {} : { planYear }),
    ...(county === undefined ? {} : { county }),
    ...(step === undefined ? {} : { step }),
    ...(round === undefined ? {} : { round }),
  };
}
