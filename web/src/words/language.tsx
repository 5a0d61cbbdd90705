import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { en } from './en';
import { zh, type Words } from './zh';

export type Language = 'zh' | 'en';

const KEY = 'jiugai-language';
const WORDS: Record<Language, Words> = { zh, en };

interface Spoken {
  readonly language: Language;
  readonly words: Words;
  readonly speak: (language: Language) => void;
}

const Spoken = createContext<Spoken>({ language: 'zh', words: zh, speak: () => undefined });

/** Chinese unless English was chosen on this machine before. */
export function keptLanguage(): Language {
  return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh';
}

/** Gives all below it the words of one language, and the switch. */
export function LanguageChoice({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(keptLanguage);
  const speak = (chosen: Language): void => {
    localStorage.setItem(KEY, chosen);
    setLanguage(chosen);
  };
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  return <Spoken value={{ language, words: WORDS[language], speak }}>{children}</Spoken>;
}

/**
 * ```tsx
 * const { words } = useLanguage();
 * return <h1>{words.inbox.title}</h1>;
 * ```
 */
export function useLanguage(): Spoken {
  return use(Spoken);
}

/** Titles the browser's tab. */
export function useTitle(title: string): void {
  const { words } = useLanguage();
  useEffect(() => {
    document.title = title === '' ? words.product : `${title} · ${words.product}`;
  }, [title, words]);
}
