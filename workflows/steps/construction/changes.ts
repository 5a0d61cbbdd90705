import { committedFen, overEstimate, type Change } from '../../../domain/construction';
import { change, changeApproval, changeReview, type ChangeSeen } from '../../../domain/forms/changes';
import { COUNTY_HOUSING, SUPERVISOR, type Site } from './site';

/** 工程变更: requested by the owner, reviewed by the supervisor, over the estimate approved by two bureaus. */
export function acceptChanges(site: Site): void {
  const { desk, state } = site;
  desk.accept(
    change,
    () => ({
      lots: site.money(({ kind }) => kind !== 'operator-works'),
      estimateFen: state.estimateFen,
      committedFen: committedFen(state),
      completed: state.completedOn !== undefined,
    }),
    ({ lot, amountFen, reason, drawings }, by) => {
      const asked: Change = { id: `C${state.changes.length + 1}`, lot, amountFen, state: 'requested' };
      state.changes.push(asked);
      site.changed();
      const { name } = site.lot(lot);
      site.goOn(() => decide(site, asked, { id: asked.id, lot, name, amountFen, reason, drawings }, by.user));
      return { id: asked.id };
    },
  );
}

async function decide(
  site: Site,
  asked: Change,
  about: Omit<ChangeSeen, 'committedFen' | 'estimateFen'>,
  requester: string,
): Promise<void> {
  const { state, desk } = site;
  const seen = (): ChangeSeen => ({
    ...about,
    committedFen: committedFen(state),
    estimateFen: state.estimateFen,
  });
  const settle = (outcome: 'approved' | 'refused'): void => {
    asked.state = outcome;
    if (outcome === 'approved') site.lot(asked.lot).approvedChangesFen += asked.amountFen;
    desk.tell(`change-${outcome}`, { ...about, committedFen: committedFen(state) });
    site.changed();
  };
  // A supervisor does not review a change of its own contract.
  const reviewer = site.lot(asked.lot).kind === 'supervision' ? COUNTY_HOUSING : SUPERVISOR;
  const { form } = await site.ask(changeReview, seen, { seat: reviewer, notBy: [requester] });
  if (!form.accepted) return settle('refused');
  // Asked now and not before: another change may have been approved meanwhile.
  if (overEstimate(state, asked.amountFen) && !(await approved(site, seen, requester)))
    return settle('refused');
  settle('approved');
}

async function approved(site: Site, seen: () => ChangeSeen, requester: string): Promise<boolean> {
  const bureaus = ['development-and-reform', 'finance'] as const;
  const answers = await Promise.all(
    bureaus.map((body) =>
      site.ask(changeApproval, seen, { seat: { body, level: 'county' }, notBy: [requester] }),
    ),
  );
  return answers.every(({ form }) => form.accepted);
}
