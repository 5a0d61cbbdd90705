import { adminWords, type AdminTexts } from '../words/admin';
import { keepingWords, type KeepingTexts } from '../words/keeping';
import { useLanguage } from '../words/language';

export function useTexts(): AdminTexts {
  return adminWords[useLanguage().language];
}

export function useKeepingTexts(): KeepingTexts {
  return keepingWords[useLanguage().language];
}
