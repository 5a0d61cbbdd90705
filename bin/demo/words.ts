import type { Step } from '../../policy/keys';

/** The steps as officers call them, with a letter for where there is no room. */
export const STEP_WORDS: Readonly<Record<Step, readonly [name: string, letter: string]>> = {
  'needs-collection': ['征集需求', 'n'],
  'preliminary-plan': ['初步方案', 'p'],
  'public-notice': ['公示', 'o'],
  'county-submission': ['提报', '.'],
  'joint-review': ['联合审查', 'j'],
  'municipal-approval': ['市政府同意', 'm'],
  'joint-document': ['联合行文', 'm'],
  'scheme-review': ['方案审查', 's'],
  tendering: ['招投标', 't'],
  construction: ['实施', 'W'],
  'completion-acceptance': ['竣工验收', 'A'],
  'final-accounts': ['决算', 'f'],
  archiving: ['归档', 'f'],
  handover: ['移交', 'h'],
  'property-management': ['物业管理', 'h'],
};

export function stepName(step: string): string {
  return STEP_WORDS[step as Step]?.[0] ?? step;
}

/** Columns of a terminal that a text takes: a Chinese character takes two. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, one) => sum + (/[ᄀ-￦]/u.test(one) ? 2 : 1), 0);
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
