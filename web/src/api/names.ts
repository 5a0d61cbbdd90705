import { useQueries, useQuery } from '@tanstack/react-query';
import { createContext, use } from 'react';
import type { Policy } from '../../../policy/schema';
import { useLanguage } from '../words/language';
import { ask, queryOf } from './client';

interface Kind {
  readonly kind: string;
  readonly of: 'task' | 'act';
  readonly title: string;
  readonly titleEn: string;
  readonly clause: string;
}

const FOR_EVER = { staleTime: Infinity } as const;
/** The API names so many at once. */
const MOST = 200;

/** What offices are called; until it is known, and of whoever is no longer there, the id. */
export function useOrganisations(ids: readonly (string | undefined)[]): (id: string) => string {
  const all = [...new Set(ids.filter((id): id is string => id !== undefined))].sort();
  const parts = Array.from({ length: Math.ceil(all.length / MOST) }, (_, i) =>
    all.slice(i * MOST, (i + 1) * MOST),
  );
  const found = useQueries({
    queries: parts.map((part) => ({
      queryKey: ['organisations', 'names', part],
      queryFn: () =>
        ask<{ names: Record<string, string> }>(`/organisations/names${queryOf({ ids: part.join(',') })}`),
      ...FOR_EVER,
    })),
  });
  return (id) => found.map(({ data }) => data?.names[id]).find((name) => name !== undefined) ?? id;
}

/** What the people are called whom the shown answer names: it brings their names with it. */
export const People = createContext<Readonly<Record<string, string>>>({});

/** Of whoever is no longer there, the id. */
export function usePeople(): (id: string) => string {
  const people = use(People);
  return (id) => people[id] ?? id;
}

const NO_KINDS: readonly Kind[] = [];

function useAllKinds(): readonly Kind[] {
  const queryFn = (): Promise<{ items: Kind[] }> => ask('/kinds');
  return useQuery({ queryKey: ['kinds'], queryFn, ...FOR_EVER }).data?.items ?? NO_KINDS;
}

/** What tasks and acts are called. */
export function useKinds(): (kind: string) => string {
  const { language } = useLanguage();
  const all = useAllKinds();
  return (kind) => {
    const found = all.find((one) => one.kind === kind);
    return (language === 'zh' ? found?.title : found?.titleEn) ?? kind;
  };
}

/** Every kind of task, with what it is called. */
export function useTaskKinds(): readonly (readonly [kind: string, title: string])[] {
  const { language } = useLanguage();
  return useAllKinds()
    .filter((one) => one.of === 'task')
    .map(({ kind, title, titleEn }) => [kind, language === 'zh' ? title : titleEn]);
}

/** The policy in force: names of areas, sources, documents, bodies. */
export function usePolicy({ enabled = true } = {}): Policy | undefined {
  const queryFn = (): Promise<{ policy: Policy }> => ask('/policy');
  return useQuery({ queryKey: ['policy'], queryFn, enabled, ...FOR_EVER }).data?.policy;
}
