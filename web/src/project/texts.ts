import { useLanguage } from '../words/language';
import { projectWords } from '../words/project';

export type ProjectTexts = typeof projectWords.zh;

export function useTexts(): ProjectTexts {
  return projectWords[useLanguage().language];
}
