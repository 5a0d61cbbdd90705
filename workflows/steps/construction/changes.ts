import { committedFen, overEstimate, pendingChanges, type Change } from '../../../domain/construction';
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
    (form, by) => {
      const id = `C${state.changes.length + 1}`;
      const asked: Change = { id, ...form, requester: by.user, state: 'requested' };
      state.changes.push(asked);
      site.changed();
      site.goOn(() => decide(site, asked));
      return { id };
    },
  );
  for (const asked of pendingChanges(state)) site.goOn(() => decide(site, asked));
}

function seen(site: Site, asked: Change): ChangeSeen {
  const { id, lot, amountFen, reason, drawings } = asked;
  const { name } = site.lot(lot);
  const { estimateFen } = site.state;
  return { id, lot, name, amountFen, reason, drawings, estimateFen, committedFen: committedFen(site.state) };
}

/** Goes on from wherever the change stands, until it is approved or refused. */
async function decide(site: Site, asked: Change): Promise<void> {
  const move = (state: Change['state']): void => {
    asked.state = state;
    if (state === 'approved') site.lot(asked.lot).approvedChangesFen += asked.amountFen;
    site.desk.tell(`change-${state}`, seen(site, asked));
    site.changed();
  };
  const context = (): ChangeSeen => seen(site, asked);
  const about = asked.id;
  if (asked.state === 'requested') {
    // A supervisor does not review a change of its own contract.
    const reviewer = site.lot(asked.lot).kind === 'supervision' ? COUNTY_HOUSING : SUPERVISOR;
    const { form } = await site.ask(changeReview, context, {
      seat: reviewer,
      about,
      notBy: [asked.requester],
    });
    move(form.accepted ? 'reviewed' : 'refused');
  }
  if (asked.state !== 'reviewed') return;
  // Asked now and not before: another change may have been approved meanwhile.
  const over = asked.approvals !== undefined || overEstimate(site.state, asked.amountFen);
  move(!over || (await approved(site, asked)) ? 'approved' : 'refused');
}

async function approved(site: Site, asked: Change): Promise<boolean> {
  const approvals = (asked.approvals ??= {});
  const bureaus = ['development-and-reform', 'finance'] as const;
  await Promise.all(
    bureaus.map(async (body) => {
      if (approvals[body] !== undefined) return;
      const { form } = await site.ask(changeApproval, () => seen(site, asked), {
        seat: { body, level: 'county' },
        about: asked.id,
        notBy: [asked.requester],
      });
      approvals[body] = form.accepted;
    }),
  );
  return bureaus.every((body) => approvals[body]);
}
