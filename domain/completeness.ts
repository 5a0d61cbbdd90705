/** Whether every step has left the documents that it owes (P2.4.4). */
import type { DocumentCondition, Step } from '../policy/keys';
import type { PolicySnapshot, SnapshotDocument } from '../policy/snapshot';
import { refusal, type Refusal } from './refusal';

/** What a project has, that some documents are required for. */
export type ProjectTrait = Exclude<DocumentCondition, 'always'>;

export interface PresentDocument {
  readonly step: Step;
  readonly key: string;
}

type Asked = Pick<PolicySnapshot, 'documents'>;

/** What a step must leave behind in a project with these traits. */
export function requiredDocuments(
  step: Step,
  traits: readonly ProjectTrait[],
  policy: Asked,
): SnapshotDocument[] {
  return (policy.documents[step] ?? []).filter(
    ({ when }) => when === undefined || when === 'always' || traits.includes(when),
  );
}

/**
 * The documents still missing. `steps`: those that are checked now; final accounts may join the archive later
 * as a supplement, and steps done on paper before an intake owe what their intake says.
 */
export function missingDocuments(
  present: readonly PresentDocument[],
  steps: readonly Step[],
  traits: readonly ProjectTrait[],
  policy: Asked,
): Refusal[] {
  const have = new Set(present.map(({ step, key }) => `${step}/${key}`));
  return steps.flatMap((step) =>
    requiredDocuments(step, traits, policy)
      .filter(({ key }) => !have.has(`${step}/${key}`))
      .map(({ key, name }) =>
        refusal(`缺少${name}`, `missing: ${key}`, {
          path: `documents.${step}.${key}`,
          clause: 'P2.4.4',
          basis: '临政办字〔2020〕81号 二(四)',
        }),
      ),
  );
}
