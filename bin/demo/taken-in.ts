import { civilDate, plusDays } from '../../domain/calendar';
import { isBefore } from '../../domain/project';
import type { Step } from '../../policy/keys';
import { expect, type Person } from './client';
import type { PlannedCommunity } from './register';

interface PolicyView {
  readonly policy: { readonly items: readonly { readonly no: number; readonly class: string }[] };
}

const SCAN = 'sample-attachment';

/**
 * 接入: a project whose works are under way on paper. The county enters what was decided so far, each step with its
 * paper; the city confirms. What was not published is made up and says so (样例).
 * @returns its id
 */
export async function takeIn(
  county: Person,
  community: PlannedCommunity & { readonly id: string },
  { year, now }: { readonly year: number; readonly now: number },
): Promise<string> {
  const { policy } = await county.get<PolicyView>('/policy');
  const items = policy.items.filter((item) => item.class === 'basic').map(({ no }) => no);
  const body = broughtTo('construction', community, { items, year, now });
  const answer = await county.post<{ id: string }>('/projects/intake', body);
  return expect(answer, 201, 'the intake').id;
}

/** Numbers of the items that every renovation has, the plan's year, and today, ms since 1970. */
export interface Taking {
  readonly items: readonly number[];
  readonly year: number;
  readonly now: number;
}

/** The body of an intake: what every step before `enterAt`, construction at the latest, has decided on paper. */
export function broughtTo(
  enterAt: Step,
  community: { readonly id: string; readonly investmentFen: number },
  { items, year, now }: Taking,
) {
  const ago = (days: number): string => plusDays(civilDate(now), -days);
  const total = community.investmentFen;
  const each = Math.floor((total * 9) / 10 / items.length);
  const all = {
    'needs-collection': {
      communities: [community.id],
      surveys: [{ community: community.id, households: 40, answered: 40, agreeing: 37 }],
      items,
      managementMode: 'professional',
    },
    'preliminary-plan': {
      plan: {
        communities: [
          {
            communityId: community.id,
            items: items.map((no) => ({ no, chosen: true, budgetFen: each })),
            otherCosts: [{ name: '样例：设计、监理及预备费', amountFen: total - each * items.length }],
            budgetFen: total,
            funding: [{ source: 'county', amountFen: total }],
            income: [],
            newBuildings: [],
            changesCommonUse: false,
          },
        ],
        mode: 'government-guided',
        members: [],
      },
      owner: '371300-project-owner',
    },
    'public-notice': { adjust: false, postedOn: ago(200), endedOn: ago(190), objections: 0 },
    'joint-document': { outcome: 'listed', year, number: '样例临建发〔2026〕1号', date: ago(150) },
    'scheme-review': {
      designer: '371300-designer-1',
      estimateFen: total,
      approvedOn: ago(120),
      formalities: [],
    },
    tendering: {
      contracts: [
        contract('L1', 'works', '371300-contractor-2', Math.floor(total * 0.8)),
        contract('L2', 'supervision', '371300-supervisor-1', Math.floor(total * 0.03)),
      ],
    },
  };
  const outputs = Object.fromEntries(Object.entries(all).filter(([step]) => isBefore(step as Step, enterAt)));
  const bound = BINDINGS.filter(({ by }) => isBefore(by, enterAt));
  return {
    communityIds: [community.id],
    year,
    enterAt,
    outputs,
    bindings: Object.fromEntries(bound.map(({ body, organisation }) => [body, organisation])),
    documents: Object.keys(outputs).map((step, index) => ({
      step,
      name: `样例：${step} 纸质材料`,
      attachment: SCAN,
      date: ago(200 - 20 * index),
    })),
  };

  function contract(lot: string, kind: string, winner: string, amountFen: number) {
    return {
      lot,
      kind,
      way: 'consultation',
      ground: '样例：低于必须招标的规模标准',
      winner,
      amountFen,
      signedOn: ago(60),
    };
  }
}

/** Who has a part in it, by the step that has bound them. */
const BINDINGS: readonly { readonly by: Step; readonly body: string; readonly organisation: string }[] = [
  { by: 'preliminary-plan', body: 'project-owner', organisation: '371300-project-owner' },
  { by: 'scheme-review', body: 'designer', organisation: '371300-designer-1' },
  { by: 'tendering', body: 'contractor', organisation: '371300-contractor-2' },
  { by: 'tendering', body: 'supervisor', organisation: '371300-supervisor-1' },
];
