import { Problem } from '../../domain/problems';
import type { Organisation } from '../../domain/seats';
import { parseSeat, type SeatText } from '../../policy/keys';
import { hasRolesApart, heldAs, inOffice, is, type Caller } from './caller';

/** What can be asked for. Every operation names one of these, or that it is open to the public. */
export const PERMISSIONS = [
  'session:own',
  'messages:own',
  'reference:read',
  'colleagues:read',
  'inbox:read',
  'tasks:read',
  'tasks:decide',
  'acts:begin',
  'projects:read',
  'project:create',
  'project:intake',
  'project:repair',
  'stand-ins:own',
  'stand-ins:read',
  'stand-ins:write',
  'supervision:read',
  'plans:read',
  'plan:create',
  'register:read',
  'register:write',
  'objections:read',
  'objections:authors',
  'attachments:read',
  'attachments:write',
  'organisations:write',
  'calendars:write',
  'policy:write',
  'users:read',
  'users:create',
  'users:change',
  'service-accounts:read',
  'service-accounts:write',
  'webhooks:read',
  'webhooks:write',
  'outbox:read',
  'outbox:resend',
  'schedules:read',
  'schedules:write',
  'system:read',
  'keys:read',
  'keys:revoke',
  'access-log:read',
  'record:read',
  'payloads:read',
  'payloads:write',
  'rehearsal:clock',
] as const;
export type Permission = (typeof PERMISSIONS)[number];
export type Access = 'public' | Permission;

interface Rule {
  /** As docs/permissions.md says it. */
  readonly title: string;
  readonly may: (caller: Caller) => boolean;
  /** Nobody but a person: what a machine did would be nobody's decision. */
  readonly personsOnly?: true;
}

const everybody = (): boolean => true;
const system = (caller: Caller): boolean => is(caller, 'system-administrator');
const security = (caller: Caller): boolean => is(caller, 'security-administrator');
const audit = (caller: Caller): boolean => is(caller, 'audit-administrator');
const BEGINNERS = ['housing@county', 'government@county', 'subdistrict@subdistrict'] as const;
/** What handlers of certain seats begin or enter, each in the area of that very office. */
const BY_HANDLERS = {
  'project:create': BEGINNERS,
  'project:intake': ['housing@county'],
  'register:write': [...BEGINNERS, 'housing@city'],
} as const satisfies Partial<Record<Permission, readonly SeatText[]>>;
const handlersOf =
  (permission: keyof typeof BY_HANDLERS) =>
  (caller: Caller): boolean =>
    officesAllowed(permission, caller).length > 0;

/**
 * What an operation asks of its caller before anything else of the request is looked at. What stands nowhere here is
 * denied. Administrators decide nothing: the one keeps the system, the second its users, the third reads.
 */
const RULES: Readonly<Record<Permission, Rule>> = {
  'session:own': { title: '本人会话', may: everybody, personsOnly: true },
  'messages:own': { title: '本人消息与通知设置', may: everybody, personsOnly: true },
  'reference:read': { title: '查看单位、日历、政策', may: everybody },
  'colleagues:read': { title: '查看本单位人员', may: inOffice, personsOnly: true },
  'inbox:read': { title: '查看本单位待办列表', may: everybody },
  'tasks:read': { title: '查看待办', may: (caller) => inOffice(caller) || audit(caller) },
  'tasks:decide': { title: '办理待办', may: inOffice, personsOnly: true },
  'acts:begin': { title: '发起事项', may: inOffice, personsOnly: true },
  'projects:read': {
    title: '查看项目',
    may: (caller) => inOffice(caller) || system(caller) || audit(caller),
  },
  'stand-ins:own': { title: '指定、终止本人的代理人', may: inOffice, personsOnly: true },
  'stand-ins:read': {
    title: '查看代理',
    may: (caller) => security(caller) || audit(caller),
    personsOnly: true,
  },
  'stand-ins:write': { title: '为不在岗人员指定、终止代理人', may: security, personsOnly: true },
  'supervision:read': {
    title: '查看督办列表',
    may: (caller) => inOffice(caller) || system(caller) || audit(caller),
  },
  'project:create': { title: '发起项目', may: handlersOf('project:create'), personsOnly: true },
  'project:intake': { title: '接入项目', may: handlersOf('project:intake'), personsOnly: true },
  'project:repair': { title: '提出应急修复', may: system, personsOnly: true },
  'plans:read': {
    title: '查看年度计划',
    may: (caller) => inOffice(caller) || system(caller) || audit(caller),
  },
  'plan:create': {
    title: '开启年度计划',
    may: (caller) => system(caller) || (inOffice(caller) && holdsOne(caller, ['housing@city'])),
    personsOnly: true,
  },
  'register:read': {
    title: '查看小区登记',
    may: (caller) => inOffice(caller) || system(caller) || audit(caller),
  },
  'register:write': { title: '登记小区', may: handlersOf('register:write') },
  'objections:read': {
    title: '查看公示意见原文',
    may: (caller) => inOffice(caller) || audit(caller),
  },
  // Only whoever must answer: what follows from an answer is told to its author, and to nobody through another.
  'objections:authors': {
    title: '查看提意见人的姓名和联系方式',
    may: (caller) => inOffice(caller) && holdsOne(caller, ['subdistrict@subdistrict']),
    personsOnly: true,
  },
  'attachments:read': { title: '下载附件', may: (caller) => inOffice(caller) || audit(caller) },
  'attachments:write': { title: '上传附件', may: inOffice },
  'organisations:write': { title: '维护单位', may: system, personsOnly: true },
  'calendars:write': { title: '维护日历', may: system, personsOnly: true },
  'policy:write': { title: '维护政策', may: system, personsOnly: true },
  'users:read': {
    title: '查看用户',
    may: (caller) => security(caller) || audit(caller),
    personsOnly: true,
  },
  'users:create': { title: '登记用户', may: security, personsOnly: true },
  'users:change': { title: '更改用户', may: security, personsOnly: true },
  'service-accounts:read': {
    title: '查看系统接口账号',
    may: (caller) => security(caller) || audit(caller),
    personsOnly: true,
  },
  'service-accounts:write': { title: '发给、吊销系统接口密钥', may: security, personsOnly: true },
  'webhooks:read': {
    title: '查看通知接口',
    may: (caller) => security(caller) || audit(caller),
    personsOnly: true,
  },
  'webhooks:write': { title: '登记、撤销通知接口', may: security, personsOnly: true },
  'outbox:read': {
    title: '查看对外通知的送达情况',
    may: (caller) => system(caller) || audit(caller),
    personsOnly: true,
  },
  'outbox:resend': { title: '重发未送达的通知', may: system, personsOnly: true },
  'schedules:read': { title: '查看定时任务', may: system, personsOnly: true },
  'schedules:write': { title: '暂停、恢复、立即执行定时任务', may: system, personsOnly: true },
  'system:read': { title: '查看系统状态', may: system, personsOnly: true },
  'keys:read': {
    title: '查看吊销的签名密钥',
    may: (caller) => security(caller) || audit(caller),
    personsOnly: true,
  },
  'keys:revoke': { title: '吊销签名密钥', may: security, personsOnly: true },
  'access-log:read': { title: '查看个人信息查阅日志', may: audit, personsOnly: true },
  'record:read': { title: '导出日根和记录证明', may: audit, personsOnly: true },
  'payloads:read': {
    title: '在 Temporal 界面查看流程内容',
    may: (caller) => system(caller) || audit(caller),
    personsOnly: true,
  },
  'payloads:write': { title: '在 Temporal 界面加密内容', may: system, personsOnly: true },
  'rehearsal:clock': { title: '演练：拨快时钟', may: everybody, personsOnly: true },
};

/** Whether there is such a rule: an operation without one is not mounted. */
export function isAccess(access: unknown): access is Access {
  return access === 'public' || (PERMISSIONS as readonly unknown[]).includes(access);
}

export function titleOf(permission: Permission): string {
  return RULES[permission].title;
}

/** What a service's key can be good for. */
export const SERVICE_SCOPES = PERMISSIONS.filter((one) => !RULES[one].personsOnly);

export function isServiceScope(name: string): name is Permission {
  return (SERVICE_SCOPES as readonly string[]).includes(name);
}

/** What the rules say of this caller, a service's scopes included; passwords are `requireAccess`'s business. */
export function isAllowed(permission: Permission, caller: Caller): boolean {
  const rule = RULES[permission];
  if (hasRolesApart(caller) && permission !== 'session:own') return false;
  if (caller.kind === 'service' && (rule.personsOnly || !caller.scopes?.includes(permission))) return false;
  return rule.may(caller);
}

/** @throws Problem 401 without a caller, 403 without the permission */
export function requireAccess(access: Access, caller: Caller | undefined): void {
  if (access === 'public') return;
  if (!caller) throw new Problem('unauthenticated');
  if (access !== 'session:own') requireReady(caller);
  if (!isAllowed(access, caller)) throw new Problem('not-your-seat');
}

/** Until password and second factor are in order, a person may see to these and to nothing else. */
function requireReady({ mustChangePassword, secondFactor }: Caller): void {
  if (mustChangePassword) {
    throw new Problem('not-your-seat', { zh: '请先修改初始密码', en: 'Change the initial password first' });
  }
  if (secondFactor === 'required') {
    throw new Problem('not-your-seat', {
      zh: '请先绑定动态口令',
      en: 'Enrol a second factor first',
    });
  }
}

/** The organisations as whose handler the caller has the permission: an office elsewhere lends nothing. */
export function officesAllowed(permission: keyof typeof BY_HANDLERS, caller: Caller): Organisation[] {
  return heldAs(caller, 'handler').filter((one) => holdsOneOf(one, BY_HANDLERS[permission]));
}

/** Whether an organisation of the caller's holds one of these seats, wherever it is. */
function holdsOne({ organisations }: Caller, seats: readonly SeatText[]): boolean {
  return organisations.some((one) => holdsOneOf(one, seats));
}

function holdsOneOf({ level, bodies }: Organisation, seats: readonly SeatText[]): boolean {
  return seats.some((text) => {
    const seat = parseSeat(text);
    return seat !== undefined && seat.level === level && bodies.includes(seat.body);
  });
}
