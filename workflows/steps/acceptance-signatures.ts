import { personsOf } from '../../domain/actor';
import type { AcceptanceMeeting } from '../../domain/acceptance';
import type { Defect, MendedDefect } from '../../domain/forms/acceptance-fields';
import * as forms from '../../domain/forms/acceptance-signing';
import type { Contract, LotKind } from '../../domain/outputs';
import type { Seat } from '../../policy/keys';
import type { StepDesk } from '../step';
import type { AcceptanceInput, Meeting } from './acceptance-meeting';

const CONTRACTOR: Seat = { body: 'contractor', level: 'market' };

/** What the signatures amount to, for the report. */
export type Signed = Pick<AcceptanceMeeting, 'signatures' | 'surveyed' | 'checks'>;

/** A party to the works; of several lots every contractor and supervisor is one (质量管理条例 16). */
interface Party {
  readonly body: forms.SigningBody;
  /** Absent: whoever is bound to the seat. */
  readonly company?: string;
}

interface Opinion {
  readonly party: Party;
  readonly accepted: boolean;
  readonly defects: readonly string[];
  readonly checks?: Signed['checks'];
}

/** All-of; whoever refuses lists defects, the contractor mends them, and only those who refused sign again. */
export async function allSigned(desk: StepDesk, meeting: Meeting, input: AcceptanceInput): Promise<Signed> {
  const surveyed = input.scheme.surveyor !== undefined;
  const parties = partiesTo(input.contracts, surveyed);
  const mended = new Map<Party, MendedDefect[]>();
  const accepted: Opinion[] = [];
  let menders: readonly string[] = [];
  for (let left = parties; ;) {
    const opinions = await Promise.all(
      left.map((party) => opinionOf(desk, party, meeting, mended.get(party) ?? [], menders)),
    );
    accepted.push(...opinions.filter((one) => one.accepted));
    const refused = opinions.filter((one) => !one.accepted);
    if (refused.length === 0) break;
    const { form: done, by, defects } = await rectified(desk, refused);
    menders = personsOf(by);
    left = refused.map(({ party }) => party);
    for (const { party, ids } of defects) {
      mended.set(
        party,
        done.measures.flatMap(({ defect, how }) => {
          const what = ids.get(defect);
          return what === undefined ? [] : [{ defect: what, how }];
        }),
      );
    }
  }
  return {
    signatures: [...new Set(accepted.map(({ party }) => party.body))],
    surveyed,
    checks: accepted.flatMap(({ checks }) => checks ?? [])[0] ?? forms.nothingChecked,
  };
}

function partiesTo(contracts: readonly Contract[], surveyed: boolean): Party[] {
  const companies = (body: 'contractor' | 'supervisor', kind: LotKind): Party[] => {
    const winners = new Set(contracts.filter((one) => one.kind === kind).map(({ winner }) => winner));
    return winners.size > 1 ? [...winners].map((company) => ({ body, company })) : [{ body }];
  };
  return [
    { body: 'project-owner' },
    { body: 'designer' },
    ...companies('contractor', 'works'),
    ...companies('supervisor', 'supervision'),
    ...(surveyed ? [{ body: 'surveyor' } as const] : []),
  ];
}

async function opinionOf(
  desk: StepDesk,
  party: Party,
  meeting: Meeting,
  mended: readonly MendedDefect[],
  notBy: readonly string[],
): Promise<Opinion> {
  const { body, company } = party;
  const request = {
    seat: { body, level: 'market' } as const,
    ...(company === undefined ? {} : { named: [company] }),
    context: { body, heldOn: meeting.heldOn, heard: meeting.heard, mended },
    notBy,
  };
  if (body === 'project-owner') {
    const { form } = await desk.ask(forms.acceptanceOwnerSignature, request);
    return { party, accepted: form.accepted, defects: form.defects ?? [], checks: form.checks };
  }
  const { form } = await desk.ask(forms.acceptanceSignature, request);
  return { party, accepted: form.accepted, defects: form.defects ?? [] };
}

async function rectified(desk: StepDesk, refused: readonly Opinion[]) {
  const defects = refused.map(({ party, defects: whats }, i) => ({
    party,
    ids: new Map(whats.map((what, k) => [`${i + 1}-${k + 1}`, what])),
  }));
  const listed: Defect[] = defects.flatMap(({ party, ids }) =>
    [...ids].map(([id, what]) => ({ id, by: party.company ?? party.body, what })),
  );
  desk.tell('acceptance-refused', { defects: listed });
  const answer = await desk.ask(forms.acceptanceRectification, {
    seat: CONTRACTOR,
    context: { defects: listed },
    due: desk.place.period('finding-answer'),
  });
  return { ...answer, defects };
}
