import { CancellationScope } from '@temporalio/workflow';
import { personsOf } from '../../domain/actor';
import { civilDate, type CivilDate } from '../../domain/calendar';
import { designEngagement } from '../../domain/forms/design-engagement';
import {
  formalityDone,
  schemeConclusion,
  schemeConsultation,
  schemeOpinion,
  schemeSubmission,
  type ConclusionContext,
  type OpinionSeen,
  type Remark,
  type ReviewContext,
  type SchemeForm,
} from '../../domain/forms/scheme-review';
import type { PlanOutput, SchemeOutput } from '../../domain/outputs';
import { budgetOf } from '../../domain/plan';
import { consultedOn, formalityNames } from '../../domain/scheme';
import { candidatesFor } from '../../domain/seats';
import { itemsOf, utilitiesOf } from '../../domain/traits';
import { allOf, anyOf } from '../assembly';
import { candidates, refreshOn } from '../candidates';
import { inTime } from '../in-time';
import { defineStep, type StepDesk } from '../step';
import type { Answer, Assigned } from '../task-desk';

const OWNER = { body: 'project-owner', level: 'market' } as const;
const HOUSING = { body: 'housing', level: 'county' } as const;
/** Beside housing, which leads. */
const BUREAUS = ['development-and-reform', 'finance', 'natural-resources-and-planning'] as const;

/** 方案审查: the owner engages the designer; four bureaus of the county review the scheme together (二(三)1). */
export const schemeReview = defineStep(
  'scheme-review',
  'schemeReview',
  async (desk, { planned }: { planned: PlanOutput }): Promise<SchemeOutput> => {
    const engaged = await engage(desk);
    let remarks: readonly Remark[] = [];
    for (let attempt = 1; ; attempt += 1) {
      desk.show({ attempt, remarks });
      const submitted = await submit(desk, planned, engaged.surveyor !== undefined, remarks);
      const reviewed = await review(desk, planned, submitted);
      if ('remarks' in reviewed) {
        remarks = reviewed.remarks;
        desk.tell('scheme-returned', { attempt, remarks });
        continue;
      }
      const { approvedOn } = reviewed;
      const { estimateFen } = submitted.form;
      desk.show({ attempt, estimateFen, approvedOn });
      const formalities = await doFormalities(desk, submitted.form, approvedOn);
      return { ...engaged, estimateFen, approvedOn, formalities };
    }
  },
);

/** The act that names who holds the seats of designer and surveyor from now on. */
async function engage(desk: StepDesk): Promise<{ designer: string; surveyor?: string }> {
  await candidates(desk, 'designer');
  const context = () => ({
    designers: candidatesFor('designer', desk.place.organisations),
    surveyors: candidatesFor('surveyor', desk.place.organisations),
    amounts: desk.place.policy.amounts,
  });
  const assigned = await desk.assign(designEngagement, { seat: OWNER, context: context() });
  refreshOn(desk, assigned, () => [desk.place.organisations], context);
  const { design, survey } = (await anyOf(assigned)).form;
  desk.bind('designer', design.company);
  if (!survey) return { designer: design.company };
  desk.bind('surveyor', survey.company);
  return { designer: design.company, surveyor: survey.company };
}

function submit(
  desk: StepDesk,
  { plan }: PlanOutput,
  surveyed: boolean,
  remarks: readonly Remark[],
): Promise<Answer<SchemeForm>> {
  return desk.ask(schemeSubmission, {
    seat: OWNER,
    context: {
      budgetFen: budgetOf(plan),
      items: namesOf(desk, itemsOf(plan)),
      surveyed,
      utilities: utilitiesOf(plan, desk.place.policy).length > 0,
      remarks,
    },
  });
}

/**
 * All-of, housing leading: three bureaus decide, the consulted give their opinions or are silent, housing
 * concludes. One return is a return, with every reason of everybody.
 */
async function review(
  desk: StepDesk,
  { plan }: PlanOutput,
  submitted: Answer<SchemeForm>,
): Promise<{ approvedOn: CivilDate } | { remarks: readonly Remark[] }> {
  const asked = {
    context: reviewContext(desk, plan, submitted.form),
    notBy: personsOf(submitted.by),
    due: desk.place.period('scheme-review'),
  };
  const consulted = consult(desk, plan, asked);
  const { answers: opinions } = await desk.askJointly(
    'scheme-review',
    schemeOpinion,
    BUREAUS.map((body) => ({
      ...asked,
      seat: { body, level: 'county' },
      context: { ...asked.context, bureau: body === 'finance' ? 'finance' : 'other' },
    })),
    (form) => form.decision === 'approve',
  );
  const heard = await consulted.heard();
  const conclusion = await desk.ask(schemeConclusion, {
    ...asked,
    seat: HOUSING,
    context: {
      ...asked.context,
      opinions: opinions.map(({ organisation, form }) => ({
        organisation: nameOf(desk, organisation),
        decision: form.decision,
        remarks: form.reasons ?? [],
      })),
      ...heard,
    },
  });
  consulted.close();
  if (conclusion.form.decision === 'approve') return { approvedOn: civilDate(Date.parse(conclusion.at)) };
  return {
    remarks: [...opinions, conclusion].flatMap(({ organisation, form }) =>
      (form.decision === 'return' ? (form.reasons ?? []) : []).map((reason) => ({
        by: nameOf(desk, organisation),
        reason,
      })),
    ),
  };
}

interface Asked {
  readonly context: ReviewContext;
  readonly notBy: readonly string[];
}
type Opinion = { opinion: string; remarks?: string | undefined };

/**
 * Bodies that policy maps to the chosen items (P5.1.2): an opinion is due; silence does not block, nor does a seat
 * in which nobody sits, which is told like any other.
 */
function consult(desk: StepDesk, plan: PlanOutput['plan'], asked: Asked) {
  const due = desk.place.period('consultation');
  const from = desk.place.today();
  const scope = new CancellationScope();
  const tasks: Assigned<Opinion>[] = [];
  const heard: OpinionSeen[] = [];
  const silent = new Set<string>();
  const ask = consultedOn(itemsOf(plan), desk.place.policy).map(({ body, items }) => async () => {
    silent.add(body);
    const seat = { body, level: 'county' } as const;
    const context = { ...asked.context, concerning: namesOf(desk, items) };
    const assigned = await desk.assign(schemeConsultation, { ...asked, seat, context, due });
    tasks.push(...assigned);
    for (const { form, organisation } of await allOf(assigned)) {
      const remarks = form.remarks === undefined ? [] : [form.remarks];
      heard.push({ organisation: nameOf(desk, organisation), decision: form.opinion, remarks });
    }
    silent.delete(body);
  });
  const everybody = scope.run(() => Promise.all(ask.map((one) => one())));
  everybody.catch(() => undefined);
  return {
    async heard(): Promise<Pick<ConclusionContext, 'consulted' | 'silent'>> {
      await inTime(everybody, desk.place, due, from, '征求部门意见');
      return { consulted: [...heard], silent: [...silent] };
    },
    close(): void {
      scope.cancel();
      for (const task of tasks) task.close('方案联合审查已形成意见');
    },
  };
}

/** What the simplification does not cover is done by the owner before anything is bought (P2.3.2). */
async function doFormalities(desk: StepDesk, scheme: SchemeForm, approvedOn: CivilDate): Promise<string[]> {
  const { formalities } = scheme;
  const assigned = await Promise.all(
    formalities.map((formality) =>
      desk.assign(formalityDone, {
        seat: OWNER,
        context: { formality, name: formalityNames[formality], approvedOn },
      }),
    ),
  );
  await allOf(assigned.flat());
  return formalities;
}

function reviewContext(desk: StepDesk, plan: PlanOutput['plan'], scheme: SchemeForm): ReviewContext {
  return {
    estimateFen: scheme.estimateFen,
    budgetFen: budgetOf(plan),
    ...(scheme.overBudgetReason === undefined ? {} : { overBudgetReason: scheme.overBudgetReason }),
    newConstructionLand: scheme.newConstructionLand,
    newPollutantDischarge: scheme.newPollutantDischarge,
    formalities: scheme.formalities,
    items: namesOf(desk, itemsOf(plan)),
    scheme: scheme.documents.scheme,
    drawings: scheme.drawings,
  };
}

function namesOf(desk: StepDesk, numbers: readonly number[]): string[] {
  return desk.place.policy.items.filter(({ no }) => numbers.includes(no)).map(({ name }) => name);
}

function nameOf(desk: StepDesk, organisation: string): string {
  return desk.place.organisations.find(({ id }) => id === organisation)?.name ?? organisation;
}
