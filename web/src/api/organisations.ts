import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { organisationView } from '../../../api/routes/organisation-views';
import { ask } from './client';
import type { Page } from './tasks';

export type Organisation = z.infer<typeof organisationView>;

const NONE: readonly Organisation[] = [];

/** Everybody who holds seats; a city has hundreds, and they seldom change. */
export function useAllOrganisations(): readonly Organisation[] {
  const found = useQuery({
    queryKey: ['organisations'],
    staleTime: 600_000,
    queryFn: async () => {
      const all: Organisation[] = [];
      let cursor: string | undefined;
      do {
        const page = await ask<Page<Organisation>>(
          `/organisations?limit=200${cursor ? `&cursor=${cursor}` : ''}`,
        );
        all.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return all;
    },
  });
  return found.data ?? NONE;
}
