import { personsOf } from '../../../domain/actor';
import { isOpenFinding, type Finding } from '../../../domain/construction';
import {
  finding,
  findingAnswer,
  findingClosure,
  findingDispute,
  type FindingSeen,
} from '../../../domain/forms/findings';
import type { Seat } from '../../../policy/keys';
import { seatText } from '../../../policy/keys';
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
        description: form.description,
        finder: by.organisation,
        finderSeat: seat,
        found: found.organisation,
        foundSeat: found.seat,
        remarks: [],
        disputable: true,
        state: 'open',
      };
      state.findings.push(opened);
      site.changed();
      site.goOn(() => followUp(site, opened));
      return { id: opened.id };
    },
  );
  for (const opened of state.findings.filter(isOpenFinding)) site.goOn(() => followUp(site, opened));
}

function seen(
  site: Site,
  { id, kind, title, description, finder, remarks, disputable }: Finding,
): FindingSeen {
  return { id, kind, title, description, finder: site.nameOf(finder), remarks, disputable };
}

/** Goes on from wherever the finding stands, until it is closed or dismissed. */
async function followUp(site: Site, opened: Finding): Promise<void> {
  const move = (state: Finding['state']): void => {
    opened.state = state;
    site.desk.tell('finding-moved', { id: opened.id, state });
    site.changed();
  };
  for (;;) {
    if (opened.state === 'open') move(await answered(site, opened));
    else if (opened.state === 'answered') move(await checked(site, opened));
    else if (opened.state === 'disputed') move(await decided(site, opened));
    else return;
  }
}

async function answered(site: Site, opened: Finding): Promise<Finding['state']> {
  const { form, by } = await site.desk.ask(findingAnswer, {
    seat: opened.foundSeat,
    about: opened.id,
    named: [opened.found],
    context: seen(site, opened),
    due: site.desk.place.period('finding-answer'),
  });
  const { text, evidence } = form;
  opened.answer = { text, by: personsOf(by), ...(evidence === undefined ? {} : { evidence }) };
  return form.answer === 'disputed' ? 'disputed' : 'answered';
}

async function checked(site: Site, opened: Finding): Promise<Finding['state']> {
  const { text = '', evidence, by = [] } = opened.answer ?? {};
  const { form } = await site.desk.ask(findingClosure, {
    seat: opened.finderSeat,
    about: opened.id,
    organisation: opened.finder,
    context: { ...seen(site, opened), answer: text, ...(evidence === undefined ? {} : { evidence }) },
    notBy: by,
  });
  if (form.accepted) return 'closed';
  opened.remarks.push(form.remarks ?? '');
  return 'open';
}

/** By the next superior that is not itself the one found; afterwards it cannot be disputed again. */
async function decided(site: Site, opened: Finding): Promise<Finding['state']> {
  const { text = '', by = [] } = opened.answer ?? {};
  let superior = above(opened.finderSeat);
  while (site.desk.place.holds(opened.found, superior)) superior = above(superior);
  const { form } = await site.desk.ask(findingDispute, {
    seat: superior,
    about: opened.id,
    context: { ...seen(site, opened), dispute: text },
    notBy: by,
  });
  opened.disputable = false;
  opened.remarks.push(form.opinion);
  return form.upheld ? 'open' : 'dismissed';
}

function above(seat: Seat): Seat {
  return SUPERIORS[seatText(seat)] ?? COUNTY_HOUSING;
}
