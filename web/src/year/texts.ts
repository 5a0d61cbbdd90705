import { useLanguage } from '../words/language';
import { yearWords } from '../words/year';

export type YearTexts = typeof yearWords.zh;

export function useTexts(): YearTexts {
  return yearWords[useLanguage().language];
}
