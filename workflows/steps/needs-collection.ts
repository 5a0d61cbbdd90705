import { personsOf } from '../../domain/actor';
import { householdSurvey, needsConfirmation, type ItemChoice } from '../../domain/forms/needs-collection';
import type { CommunityNeeds, NeedsOutput } from '../../domain/outputs';
import type { ProjectCommunity } from '../../domain/project';
import { organisationsFor } from '../../domain/seats';
import { surveyResult, type SurveyResult } from '../../domain/survey';
import type { Seat } from '../../policy/keys';
import { anyOf } from '../assembly';
import { defineStep, type StepDesk } from '../step';
import type { Answer } from '../task-desk';

export interface NeedsInput {
  readonly communities: readonly ProjectCommunity[];
  /** Why the project came back here. */
  readonly remarks?: string | undefined;
}

type Survey = NeedsOutput['surveys'][number];

/**
 * 征集改造需求 (P2.1.1): every community is surveyed apart; where enough households agree, its subdistrict confirms the
 * items and the management mode. A community below the ratio leaves.
 */
export const needsCollection = defineStep(
  'needs-collection',
  'needsCollection',
  async (desk, { communities, remarks }: NeedsInput): Promise<NeedsOutput> => {
    const surveys = new Map<string, Survey>();
    const collected = await Promise.all(
      communities.map((community) =>
        collect(desk, community, remarks, (survey) => {
          surveys.set(community.id, survey);
          desk.show({ surveys: [...surveys.values()] });
        }),
      ),
    );
    const lists = collected.filter((needs) => needs !== undefined);
    return {
      communities: lists.map(({ community }) => community),
      surveys: communities.flatMap(({ id }) => surveys.get(id) ?? []),
      items: [...new Set(lists.flatMap(({ items }) => items))].sort((a, b) => a - b),
      // Without a community that goes on, the project ends and nothing is managed.
      managementMode: lists[0]?.managementMode ?? 'neighbourhood',
      lists,
    };
  },
);

/** One community, until its subdistrict has confirmed or its households have declined. */
async function collect(
  desk: StepDesk,
  community: ProjectCommunity,
  remarks: string | undefined,
  counted: (survey: Survey) => void,
): Promise<CommunityNeeds | undefined> {
  const { id, name, households } = community;
  const items = desk.place.policy.items.map(({ no, class: of, name: called }): ItemChoice => ({
    no,
    class: of,
    name: called,
  }));
  for (let why = remarks; ;) {
    const { outcome, answer } = await survey(desk, community, items, why, counted);
    if (outcome === 'declined') {
      desk.tell('community-declined', {
        community: id,
        answered: answer.form.answered,
        agreeing: answer.form.agreeing,
      });
      return undefined;
    }
    const { answered, agreeing, wishes, contribution, modes } = answer.form;
    const confirmed = await desk.ask(needsConfirmation, {
      seat: { body: 'subdistrict', level: 'subdistrict' },
      communities: [id],
      context: {
        community: { id, name, households },
        survey: { answered, agreeing, wishes, contribution, modes },
        items,
      },
      notBy: personsOf(answer.by),
    });
    const { form } = confirmed;
    if (form.confirmed && form.items && form.managementMode)
      return {
        community: id,
        items: [...form.items].sort((a, b) => a - b),
        managementMode: form.managementMode,
      };
    why = form.remarks;
  }
}

type SurveyForm = ReturnType<typeof householdSurvey.example>;

/** Extended or repeated until the turnout says something; an extension goes on from what was counted. */
async function survey(
  desk: StepDesk,
  { id, name, households }: ProjectCommunity,
  items: readonly ItemChoice[],
  why: string | undefined,
  counted: (survey: Survey) => void,
): Promise<{ outcome: SurveyResult['outcome']; answer: Answer<SurveyForm> }> {
  const { ratios } = desk.place.policy;
  for (let before: { answered: number; agreeing: number } | undefined, remarks = why; ;) {
    const answer = await surveyed(desk, id, {
      community: { id, name, households },
      items,
      policy: { ratios },
      ...(before === undefined ? {} : { extends: before }),
      ...(remarks === undefined ? {} : { remarks }),
    });
    const { answered, agreeing, whenLow, contribution, modes } = answer.form;
    const { outcome } = surveyResult({ households, answered, agreeing }, { ratios });
    counted({ community: id, households, answered, agreeing, contribution, modes });
    if (outcome !== 'low-turnout') return { outcome, answer };
    before = whenLow === 'extend' ? { answered, agreeing } : undefined;
    remarks = `参与 ${answered} 户，共 ${households} 户，参与率不足，${whenLow === 'extend' ? '延长' : '重新'}调查`;
    desk.tell('survey-low-turnout', { community: id, answered, households, next: whenLow });
  }
}

const NEIGHBOURHOOD: Seat = { body: 'neighbourhood', level: 'neighbourhood' };
const OWNERS_COMMITTEE: Seat = { body: 'owners-committee', level: 'neighbourhood' };

/** 居委会或业主委员会: where there is an owners' committee, either of the two answers. */
async function surveyed(
  desk: StepDesk,
  community: string,
  context: Parameters<typeof householdSurvey.example>[0],
): Promise<Answer<SurveyForm>> {
  const places = desk.start.places.filter((place) => place.community === community);
  const hasCommittee = organisationsFor(OWNERS_COMMITTEE, places, desk.place.organisations).length > 0;
  const request = { context, communities: [community], due: desk.place.period('survey') };
  const seats = hasCommittee ? [NEIGHBOURHOOD, OWNERS_COMMITTEE] : [NEIGHBOURHOOD];
  const assigned = await Promise.all(seats.map((seat) => desk.assign(householdSurvey, { ...request, seat })));
  return anyOf(assigned.flat());
}
