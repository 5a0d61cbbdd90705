import type { Finding } from '../../../domain/construction';
import {
  finding,
  findingAnswer,
  findingClosure,
  findingDispute,
  type FindingSeen,
} from '../../../domain/forms/findings';
import type { Seat } from '../../../policy/keys';
import { seatText } from '../../../policy/keys';
import type { Answer } from '../../task-desk';
import { COUNTY_HOUSING, SUPERVISOR, utilityOf, type Site } from './site';

/** Who decides when the one found does not agree with the finder. */
const SUPERIORS: Readonly<Record<string, Seat>> = {
  'supervisor@market': COUNTY_HOUSING,
  'housing@county': { body: 'housing', level: 'city' },
  'audit@county': { body: 'audit', level: 'city' },
  'housing@city': { body: 'government', level: 'city' },
  'audit@city': { body: 'government', level: 'city' },
};

/** Who can be found at fault, each in the seat in which it answers. */
function partiesOf({ desk: { place }, state }: Site): { organisation: string; seat: Seat }[] {
  const bound = (['project-owner', 'designer'] as const).flatMap((body) => {
    const seat: Seat = { body, level: 'market' };
    return place.holdersNow([seat]).map((organisation) => ({ organisation, seat }));
  });
  const contracted = state.lots.flatMap(({ kind, payee }): { organisation: string; seat: Seat }[] => {
    if (kind === 'works') return [{ organisation: payee, seat: { body: 'contractor', level: 'market' } }];
    if (kind === 'supervision') return [{ organisation: payee, seat: SUPERVISOR }];
    const body = kind === 'operator-works' ? utilityOf(place, payee) : undefined;
    return body === undefined ? [] : [{ organisation: payee, seat: { body, level: 'operator' } }];
  });
  const all = [...contracted, ...bound];
  return all.filter(({ organisation }, i) => all.findIndex((one) => one.organisation === organisation) === i);
}

/** 问题: opened by the finder, answered by the one found, closed by the finder; its superior decides a dispute. */
export function acceptFindings(site: Site): void {
  const { desk, state } = site;
  desk.accept(
    finding,
    () => ({
      parties: partiesOf(site).map(({ organisation }) => ({ organisation, name: site.nameOf(organisation) })),
      completed: state.completedOn !== undefined,
    }),
    (form, by) => {
      const seat = finding.seats.find((one) => desk.place.holds(by.organisation, one));
      const found = partiesOf(site).find(({ organisation }) => organisation === form.found);
      if (!seat || !found) return undefined;
      const opened: Finding = {
        id: `F${state.findings.length + 1}`,
        kind: form.kind,
        title: form.title,
        finder: by.organisation,
        found: found.organisation,
        state: 'open',
      };
      state.findings.push(opened);
      site.changed();
      const { kind, title, description } = form;
      const seen = { id: opened.id, kind, title, description, finder: site.nameOf(by.organisation) };
      site.goOn(() => followUp(site, opened, { seen, seat, answers: found.seat }));
      return { id: opened.id };
    },
  );
}

interface Case {
  readonly seen: Omit<FindingSeen, 'remarks' | 'disputable'>;
  /** The finder's. */
  readonly seat: Seat;
  /** The found one's. */
  readonly answers: Seat;
}

async function followUp(site: Site, opened: Finding, about: Case): Promise<void> {
  const remarks: string[] = [];
  let disputable = true;
  const move = (state: Finding['state']): void => {
    opened.state = state;
    site.desk.tell('finding-moved', { id: opened.id, state });
    site.changed();
  };
  for (;;) {
    const context = (): FindingSeen => ({ ...about.seen, remarks, disputable });
    const answer = await site.desk.ask(findingAnswer, {
      seat: about.answers,
      named: [opened.found],
      context: context(),
      due: site.desk.place.period('finding-answer'),
    });
    if (answer.form.answer === 'disputed') {
      move('disputed');
      const { form } = await dispute(site, opened, about, answer, context());
      disputable = false;
      remarks.push(form.opinion);
      if (!form.upheld) return move('dismissed');
      move('open');
      continue;
    }
    move('answered');
    const { form } = await site.desk.ask(findingClosure, {
      seat: about.seat,
      organisation: opened.finder,
      context: {
        ...context(),
        answer: answer.form.text,
        ...(answer.form.evidence === undefined ? {} : { evidence: answer.form.evidence }),
      },
      notBy: [answer.by.user],
    });
    if (form.accepted) return move('closed');
    remarks.push(form.remarks ?? '');
    move('open');
  }
}

/** The next superior that is not itself the one found. */
function dispute(
  site: Site,
  opened: Finding,
  about: Case,
  answer: Answer<{ text: string }>,
  context: FindingSeen,
): Promise<Answer<{ upheld: boolean; opinion: string }>> {
  const above = (seat: Seat): Seat => SUPERIORS[seatText(seat)] ?? COUNTY_HOUSING;
  let superior = above(about.seat);
  while (site.desk.place.holds(opened.found, superior)) superior = above(superior);
  return site.desk.ask(findingDispute, {
    seat: superior,
    context: { ...context, dispute: answer.form.text },
    notBy: [answer.by.user],
  });
}
