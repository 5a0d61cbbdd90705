import { z } from 'zod';
import { userId } from '../../domain/forms/task-acts/fields';
import { prose } from '../../domain/forms/fields';
import { holdsPersonalNumber } from '../../domain/personal-data';
import { civilDate } from '../../domain/calendar';
import { Problem } from '../../domain/problems';
import { refusal, type Refusal } from '../../domain/refusal';
import type { UserRow } from '../../store/users';
import type { Context } from '../context';
import { identifier, NO_NUMBERS } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { handOverAll, inHandsOf } from '../tasks/hand-over';

const answer = z
  .object({
    user: z.string(),
    successor: z.string(),
    standInsEnded: z.int().meta({ description: '终止的代理，无论代理何人、由何人代理' }),
    tasks: z.array(
      z.object({
        task: z.string(),
        kind: z.string(),
        status: z.int().meta({ description: '200：已由接任人办理' }),
        code: z.string().optional(),
        detail: z.string().optional(),
      }),
    ),
    left: z.array(z.string()).meta({ description: '仍在离岗人手中的待办；可再次提交' }),
  })
  .meta({ id: 'HandOver' });

/** 离岗移交: somebody leaves, and what waits for them waits for their successor. */
export function handOverOperations(context: Context): AnyOperation[] {
  const { store, authenticator, now } = context;

  async function endStandIns(user: string, by: string): Promise<number> {
    const at = new Date(now()).toISOString();
    const rows = await store.standIns.openOf(user, civilDate(now()));
    for (const { _id, standIn, user: principal, organisation, from, until } of rows) {
      const of = `ended ${standIn} for ${principal}, ${from} – ${until}`;
      await store.accessLog.note({ kind: 'stand-in', user: by, organisation, of, count: 1 });
      await store.standIns.end(_id, by, at);
    }
    return rows.length;
  }

  return [
    operation({
      method: 'post',
      path: '/users/{id}/hand-over',
      name: 'handOver',
      tag: 'administration',
      summary: '离岗移交：停用账号，其名下待办全部转给接任人',
      description:
        'What they have claimed, delegated, must answer or co-sign. The account is locked first, so that nothing new comes; sent again, it goes on with what is left.',
      access: 'users:change',
      params: z.object({ id: identifier }),
      body: z.strictObject({
        successor: userId('接任人'),
        reason: prose('原因', 200).refine((text) => !holdsPersonalNumber(text), NO_NUMBERS),
      }),
      idempotent: true,
      slow: true,
      answers: { 200: { description: '逐项结果', schema: answer } },
      problems: ['not-found', 'not-your-seat', 'rule-violated'],
      handle: async ({ caller, params: { id }, body: { successor: to, reason }, idempotencyKey: key }) => {
        if (id === caller.user) throw new Problem('not-your-seat', OWN);
        const [leaver, successor] = await Promise.all([store.users.find(id), store.users.find(to)]);
        if (!leaver) throw new Problem('not-found');
        const refused = refusalOf(leaver, successor);
        if (refused || !successor) throw Problem.refused([refused ?? NO_SUCCESSOR]);
        await store.users.disable(id);
        await store.sessions.endAll(id);
        authenticator.forgetAll();
        const standInsEnded = await endStandIns(id, caller.user);
        const request = { by: caller.user, leaver: id, successor, reason: `离岗移交：${reason}`, key };
        const tasks = await handOverAll(context, request);
        const left = (await inHandsOf(context, id)).map((task) => task.id);
        return { status: 200, body: { user: id, successor: to, standInsEnded, tasks, left } };
      },
    }),
  ];
}

function refusalOf(leaver: UserRow, successor: UserRow | undefined): Refusal | undefined {
  if (!successor || successor.disabled) return NO_SUCCESSOR;
  if (successor._id === leaver._id) return ONESELF;
  const own = leaver.seats.map(({ organisation }) => organisation);
  const together = own.length === 0 || successor.seats.some(({ organisation }) => own.includes(organisation));
  return together ? undefined : ELSEWHERE;
}

const at = { path: 'successor', clause: 'P1.4' };
const NO_SUCCESSOR = refusal('没有此人员，或已停用', 'There is no such person in office', at);
const ONESELF = refusal('不能移交给本人', 'It must be somebody else', at);
const ELSEWHERE = refusal('接任人须在同一单位', 'The successor is in the same organisation', at);
const OWN = { zh: '不能移交本人，请由另一管理员办理', en: 'Ask another administrator' };
