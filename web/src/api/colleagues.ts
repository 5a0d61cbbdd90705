import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { colleagueView } from '../../../api/routes/person-views';
import { ask } from './client';

export type Colleague = z.infer<typeof colleagueView>;

const NONE: readonly Colleague[] = [];

/** The others of one's own organisations: whom one can name. */
export function useColleagues(): readonly Colleague[] {
  const queryFn = (): Promise<{ items: Colleague[] }> => ask('/me/colleagues');
  return useQuery({ queryKey: ['colleagues'], queryFn, staleTime: 60_000 }).data?.items ?? NONE;
}
