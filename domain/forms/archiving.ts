import { z } from 'zod';
import type { CivilDate } from '../calendar';
import { refusal, type Refusal } from '../refusal';
import { defineTask } from '../task';
import { count, documents, line, prose, sampleDocuments, yesNo } from './fields';

/** 资料整理、归档 (P2.4.4): what is missing is asked for by name, the county checks, and only then it is sealed. */

const step = 'archiving' as const;
const clause = 'P2.4.4';
const basis = '临政办字〔2020〕81号 二(四)；档案法 37';

/** A document of the policy's list, `key` as `step.key`: `tendering.contracts`. */
export interface AskedDocument {
  readonly key: string;
  readonly name: string;
}

export interface AssemblyContext {
  /** Exactly these are asked for: missing from the project's file, or sent back by the county. */
  readonly missing: readonly AskedDocument[];
  /** In the file already. */
  readonly filed: number;
  readonly acceptedOn: CivilDate;
  readonly remarks?: string | undefined;
}

const keysOf = (asked: readonly AskedDocument[]): string[] => asked.map(({ key }) => key);

export const archiveAssembly = defineTask({
  kind: 'archive-assembly',
  title: '整理归档资料',
  titleEn: 'Assemble the archive',
  step,
  clause,
  seats: ['project-owner@market'],
  form: ({ missing }: AssemblyContext) =>
    z.strictObject({
      documents: documents(keysOf(missing), Object.fromEntries(missing.map(({ key, name }) => [key, name]))),
      volumes: count('案卷数', 10_000),
      remarks: prose('整理说明').optional(),
    }),
  rules: (form) => (form.volumes > 0 ? [] : [no('volumes', '至少一卷', 'one volume at least')]),
  example: ({ missing }) => ({ documents: sampleDocuments(keysOf(missing)), volumes: 5 }),
});

export interface ArchiveCheckContext {
  /** The archive's documents: step and name. */
  readonly documents: readonly AskedDocument[];
  readonly volumes: number;
}

const qualities = ['authentic', 'complete', 'usable', 'safe'] as const;

/** County housing looks at the four qualities of DA/T 70, and names what must be brought anew. */
export const archiveCheck = defineTask({
  kind: 'archive-check',
  title: '审核归档资料',
  titleEn: 'Check the archive',
  step,
  clause,
  seats: ['housing@county'],
  form: (_: ArchiveCheckContext) =>
    z.strictObject({
      passed: yesNo('齐全完整，同意归档'),
      authentic: yesNo('真实'),
      complete: yesNo('完整'),
      usable: yesNo('可用'),
      safe: yesNo('安全'),
      returned: z.array(line('资料', 200)).max(500).optional().meta({ title: '须重新提供的资料' }),
      remarks: prose('退回理由').optional(),
    }),
  rules: (form, context) => {
    const known = keysOf(context.documents);
    const returned = form.returned ?? [];
    return [
      ...(form.passed
        ? qualities
            .filter((quality) => !form[quality])
            .map((quality) =>
              no(quality, '四性检测不合格的，不得归档', 'all four qualities are needed', 'DA/T 70'),
            )
        : []),
      ...(form.passed && returned.length > 0
        ? [no('returned', '有须重新提供的资料，不得归档', 'documents are sent back: not passed')]
        : []),
      ...(form.passed || form.remarks ? [] : [no('remarks', '退回的，应说明理由', 'sent back: say why')]),
      ...returned
        .filter((key) => !known.includes(key))
        .map((key) => no('returned', `归档资料中没有 ${key}`, `there is no ${key} in the archive`)),
    ];
  },
  example: () => ({ passed: true, authentic: true, complete: true, usable: true, safe: true }),
});

function no(path: string, message: string, messageEn: string, law = basis): Refusal {
  return refusal(message, messageEn, { path, clause, basis: law });
}
