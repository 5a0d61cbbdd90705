import { useLanguage } from '../words/language';
import { jointWorkWords } from '../words/joint-work';

export type JointWorkTexts = typeof jointWorkWords.zh;

export function useTexts(): JointWorkTexts {
  return jointWorkWords[useLanguage().language];
}
