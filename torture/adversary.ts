import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet } from './fleet';
import type { Member } from './member';
import type { Act } from './schedule';

/** What became of one act: done, or there was nothing to hit, such as a process between two starts. */
export interface Done extends Act {
  readonly did: boolean;
}

/** How an act is taken back; nothing when there was nothing to hit. */
type Undo = (() => void | Promise<void>) | undefined;

const NOTHING = (): void => undefined;

/** Does what the schedule says, when it says so, and takes it back. */
export class Adversary {
  readonly done: Done[] = [];
  /** Acts of which several may hold the same link or process at once: the last to end sets it free. */
  private readonly held = new Map<string, number>();
  private readonly lasting = new Set<Promise<void>>();

  constructor(
    private readonly fleet: Fleet,
    private readonly schedule: readonly Act[],
  ) {}

  /** Resolves when everything has been done and taken back. */
  async run(): Promise<void> {
    const began = Date.now();
    for (const act of this.schedule) {
      await pause(Math.max(0, began + act.at - Date.now()));
      const undo = await this.do(act);
      this.done.push({ ...act, did: undo !== undefined });
      if (undo === undefined) continue;
      const lasting: Promise<void> = pause(act.forMs)
        .then(undo)
        .finally(() => this.lasting.delete(lasting));
      this.lasting.add(lasting);
    }
    await Promise.all(this.lasting);
    await this.restore();
  }

  /** All as it should be, whatever was done before; processes that were killed come back by themselves. */
  async restore(): Promise<void> {
    for (const link of Object.values(this.fleet.links)) link.set('open');
    for (const member of Object.values(this.fleet.members)) member.thaw();
    await Promise.all(Object.values(this.fleet.disks).map((disk) => disk.free()));
    await this.fleet.skewClock(0);
  }

  private async do({ act, target, amount = 0 }: Act): Promise<Undo> {
    const { fleet } = this;
    switch (act) {
      case 'kill':
        return this.member(target)?.signal('SIGKILL') ? NOTHING : undefined;
      case 'kill-primary':
        return this.member((await fleet.primary()) ?? '')?.signal('SIGKILL') ? NOTHING : undefined;
      case 'kill-all':
        return Object.values(fleet.members)
          .map((member) => member.signal('SIGKILL'))
          .some(Boolean)
          ? NOTHING
          : undefined;
      case 'restart':
        return this.member(target)?.signal('SIGTERM') ? NOTHING : undefined;
      case 'freeze':
        return this.member(target)?.freeze()
          ? this.whenLast(target, () => this.member(target)?.thaw())
          : undefined;
      case 'cut':
        return this.bend(target, 'cut');
      case 'stall':
        return this.bend(target, 'stalled');
      case 'slow':
        return this.bend(target, { lateMs: amount });
      case 'fill-disk': {
        const disk = fleet.disks[target];
        if (!disk) return undefined;
        await disk.fill();
        return this.whenLast(`disk of ${target}`, () => disk.free());
      }
      case 'skew-clock':
        await fleet.skewClock(amount);
        return this.whenLast('clock', () => fleet.skewClock(0));
      case 'forget':
        // Waiting for the engine would hold up the schedule.
        void forgetAll(fleet);
        return NOTHING;
    }
  }

  private bend(target: string, passage: 'cut' | 'stalled' | { lateMs: number }): Undo {
    const link = this.fleet.links[target];
    if (!link) return undefined;
    link.set(passage);
    return this.whenLast(target, () => link.set('open'));
  }

  private whenLast(what: string, undo: () => void | Promise<void>): Undo {
    this.held.set(what, (this.held.get(what) ?? 0) + 1);
    return async () => {
      const left = (this.held.get(what) ?? 1) - 1;
      this.held.set(what, left);
      if (left === 0) await undo();
    };
  }

  private member(name: string): Member | undefined {
    return this.fleet.members[name];
  }
}

const FORGET_AT_ONCE = 16;
const FORGET_WITHIN_MS = 5_000;

/** Every worker's cache of running workflows expires: the engine gives each next task to whoever asks, with its history. */
async function forgetAll({ client }: Fleet): Promise<void> {
  const { namespace } = client.options;
  const ids: string[] = [];
  try {
    await client.withDeadline(Date.now() + FORGET_WITHIN_MS, async () => {
      for await (const { workflowId } of client.workflow.list({ query: `ExecutionStatus = 'Running'` })) {
        ids.push(workflowId);
      }
      const left = ids.values();
      const one = async (): Promise<void> => {
        for (const workflowId of left) {
          const execution = { workflowId };
          await client.workflowService.resetStickyTaskQueue({ namespace, execution }).catch(NOTHING);
        }
      };
      await Promise.all(Array.from({ length: FORGET_AT_ONCE }, one));
    });
  } catch {
    // The engine is away: what it keeps is forgotten another time.
  }
}
