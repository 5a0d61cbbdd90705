import type { Request } from 'express';
import { z } from 'zod';

/** The two languages of titles and messages; Chinese unless English is asked for. */
export type Language = 'zh' | 'en';

/** Said in both languages. */
export interface Said {
  readonly zh: string;
  readonly en: string;
}

const locales = { zh: z.locales.zhCN(), en: z.locales.en() } as const;

/** By `Accept-Language`; what is neither Chinese nor English is answered in Chinese. */
export function languageOf(request: Request): Language {
  return request.acceptsLanguages('zh', 'zh-CN', 'en') === 'en' ? 'en' : 'zh';
}

/** Zod's messages in this language; a message that a schema brings of its own goes before. */
export function zodMessages(language: Language) {
  return locales[language].localeError;
}
