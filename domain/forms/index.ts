import type { AnyActKind, AnyTaskKind } from '../task';
import * as acceptanceBeside from './acceptance-beside';
import * as acceptanceSigning from './acceptance-signing';
import * as accountsExtension from './accounts-extension';
import * as annualPlan from './annual-plan';
import * as archiving from './archiving';
import * as changes from './changes';
import * as coSignature from './co-signature';
import * as completionAcceptance from './completion-acceptance';
import * as construction from './construction';
import * as control from './control';
import * as designEngagement from './design-engagement';
import * as finalAccounts from './final-accounts';
import * as findings from './findings';
import * as handover from './handover';
import * as moneyFindings from './money-findings';
import * as needsCollection from './needs-collection';
import * as ownersTally from './owners-tally';
import * as paper from './paper';
import * as payments from './payments';
import * as planConfirmations from './plan-confirmations';
import * as preliminaryPlan from './preliminary-plan';
import * as procurement from './procurement';
import * as propertyManagement from './property-management';
import * as publicNotice from './public-notice';
import * as policyMove from './policy-move';
import * as repair from './repair';
import * as schemeReview from './scheme-review';
import * as tender from './tender';
import * as tenderAward from './tender-award';
import * as tendering from './tendering';

/** Every kind of task and act, by name: what the API shows, and what a task that was assigned long ago is shown by. */
const modules: readonly Readonly<Record<string, unknown>>[] = [
  acceptanceBeside,
  acceptanceSigning,
  accountsExtension,
  moneyFindings,
  annualPlan,
  archiving,
  changes,
  coSignature,
  completionAcceptance,
  construction,
  control,
  designEngagement,
  finalAccounts,
  findings,
  handover,
  needsCollection,
  ownersTally,
  paper,
  payments,
  planConfirmations,
  preliminaryPlan,
  procurement,
  propertyManagement,
  publicNotice,
  policyMove,
  repair,
  schemeReview,
  tender,
  tenderAward,
  tendering,
];

function isKind(value: unknown): value is AnyTaskKind {
  return typeof value === 'object' && value !== null && 'kind' in value && 'form' in value;
}

function isAct(value: unknown): value is AnyActKind {
  return typeof value === 'object' && value !== null && 'act' in value && 'form' in value;
}

const all = modules.flatMap((module) => Object.values(module));

export const taskKinds: Readonly<Record<string, AnyTaskKind>> = Object.fromEntries(
  all.filter(isKind).map((kind) => [kind.kind, kind]),
);

export const actKinds: Readonly<Record<string, AnyActKind>> = Object.fromEntries(
  all.filter(isAct).map((kind) => [kind.act, kind]),
);
