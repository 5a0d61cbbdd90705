import { useLanguage } from '../words/language';
import { noticeWords } from '../words/notice';

export function useTexts(): typeof noticeWords.zh {
  return noticeWords[useLanguage().language];
}
