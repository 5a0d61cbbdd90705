import { useLanguage } from '../words/language';
import { ownWords, type OwnTexts } from '../words/own';

export function useTexts(): OwnTexts {
  return ownWords[useLanguage().language];
}
