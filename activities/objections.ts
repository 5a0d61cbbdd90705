import { OBJECTION_SUBJECTS, type ObjectionSubject } from '../domain/notice';
import type { Activities } from '../domain/world';
import type { Store } from '../store/connect';

/** Counts a notice's objections: how many of which subject, and how many came after its end (P2.1.3). */
export function objectionsActivity(store: Store): Activities['objections'] {
  return async ({ projectId, round, closedAt }) => {
    const notice = { projectId, round };
    const [groups, late] = await Promise.all([
      store.objections.groups(notice, closedAt),
      store.objections.late(notice, closedAt),
    ]);
    return { groups: groups.map(({ group, count }) => ({ group, title: titleOf(group), count })), late };
  };
}

/** Groups are subjects, or parts of one that the office made (`items/2`). */
function titleOf(group: string): string {
  const subject = group.split('/')[0] as ObjectionSubject;
  return OBJECTION_SUBJECTS[subject] ?? OBJECTION_SUBJECTS.other;
}
