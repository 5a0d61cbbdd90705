import { z } from 'zod';
import { refusal, type Refusal } from '../refusal';
import { defineTask, SAMPLE_ATTACHMENT } from '../task';
import { compulsoryLots, procurementRefusals } from '../tendering';
import type { PolicySnapshot } from '../../policy/snapshot';
import { attachment, choice, fen, organisationId, prose } from './fields';
import { purchaseWayNames } from './names';
import type { Company } from './procurement';

/** Who designs, and who surveys, is engaged before the scheme (P2.3.1). */

const services = ['tender', 'negotiation', 'consultation', 'single-source'] as const;

const engagement = (what: string) =>
  z
    .strictObject({
      company: organisationId(`${what}单位`),
      feeFen: fen(`${what}费`),
      way: choice('采购方式', services, purchaseWayNames),
      ground: prose('不招标的理由').optional(),
      award: attachment('中标通知书').optional(),
      contract: attachment(`${what}合同`),
    })
    .meta({ title: `${what}委托` });
type Engagement = z.infer<ReturnType<typeof engagement>>;

export interface EngagementContext {
  readonly designers: readonly Company[];
  readonly surveyors: readonly Company[];
  readonly amounts: PolicySnapshot['amounts'];
}

/** The owner engages who designs, and who surveys where the works need it. */
export const designEngagement = defineTask({
  kind: 'design-engagement',
  title: '委托设计（勘察）单位',
  titleEn: 'Engage the designer, and a surveyor where needed',
  step: 'scheme-review',
  clause: 'P2.3.1',
  seats: ['project-owner@market'],
  form: (_: EngagementContext) =>
    z.strictObject({ design: engagement('设计'), survey: engagement('勘察').optional() }),
  rules: ({ design, survey }, { designers, surveyors, amounts }) => [
    ...engagementRefusals('design', design, designers, amounts),
    ...(survey ? engagementRefusals('survey', survey, surveyors, amounts) : []),
  ],
  example: ({ designers }) => ({
    design: {
      company: designers[0]?.id ?? '',
      feeFen: 5_000_000,
      way: 'consultation' as const,
      ground: '样例：低于必须招标的规模标准',
      contract: SAMPLE_ATTACHMENT,
    },
  }),
});

function engagementRefusals(
  kind: 'design' | 'survey',
  engaged: Engagement,
  choices: readonly Company[],
  amounts: PolicySnapshot['amounts'],
): Refusal[] {
  const compulsory =
    compulsoryLots([{ id: kind, kind, estimateFen: engaged.feeFen }], { amounts }).length > 0;
  const found = procurementRefusals({ ...engaged, kind, compulsory, failures: 0 });
  if (engaged.way === 'tender' && engaged.award === undefined) {
    found.push(
      refusal('招标的应附中标通知书', 'tendered: attach the award notice', {
        path: 'award',
        clause: 'P2.3.3',
        basis: '招标投标法 45',
      }),
    );
  }
  if (!choices.some(({ id }) => id === engaged.company)) {
    found.push(refusal('名录中没有该单位', 'not in the register', { path: 'company', clause: 'P2.3.1' }));
  }
  return found.map((one) => ({ ...one, path: `${kind}.${one.path ?? ''}` }));
}
