import { stageTitles } from '../../domain/words';
import type { Step } from '../../policy/keys';

/** A letter for each step, where there is no room for its name. */
export const STEP_LETTERS: Readonly<Record<Step, string>> = {
  'needs-collection': 'n',
  'preliminary-plan': 'p',
  'public-notice': 'o',
  'county-submission': '.',
  'joint-review': 'j',
  'municipal-approval': 'm',
  'joint-document': 'm',
  'scheme-review': 's',
  tendering: 't',
  construction: 'W',
  'completion-acceptance': 'A',
  'final-accounts': 'f',
  archiving: 'f',
  handover: 'h',
  'property-management': 'h',
};

export function stepName(step: string): string {
  return stageTitles[step as Step] ?? step;
}

/** Columns of a terminal that a text takes: a Chinese character takes two. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, one) => sum + (/[ᄀ-￦]/u.test(one) ? 2 : 1), 0);
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
