import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useMemo, type ReactNode } from 'react';
import type { Permission } from '../../../api/permissions';
import { ask, isRefused, keepCsrfToken, whenSessionEnds } from './client';

export type Role =
  | 'handler'
  | 'section-chief'
  | 'signatory'
  | 'system-administrator'
  | 'security-administrator'
  | 'audit-administrator';

/** Who is logged in, as `GET /sessions/current` tells it. */
export interface Me {
  readonly id: string;
  readonly username: string;
  readonly roles: readonly Role[];
  readonly organisations: readonly {
    readonly id: string;
    readonly name: string;
    readonly level: string;
    readonly area: string;
    readonly bodies: readonly string[];
  }[];
  /** What one may do, by the rules of the house. */
  readonly may: readonly Permission[];
  readonly mustChangePassword: boolean;
  readonly secondFactor: 'none' | 'passed' | 'required';
}

/** Ways in, and whether all of it is a rehearsal. */
export interface Entrances {
  readonly mode: 'live' | 'rehearsal';
  readonly oidc?: string;
}

interface Session {
  /** `undefined`: nobody is logged in; `null`: not known yet. */
  readonly me: Me | undefined | null;
  /** Nobody could be asked: the API or the way to it is away. */
  readonly failure: unknown;
  readonly entrances: Entrances | undefined;
  /** Somebody was logged in until just now. */
  readonly ended: boolean;
  /** Asks again who is logged in. */
  refresh(): Promise<void>;
  logOut(): Promise<void>;
}

interface Current {
  readonly me?: Me;
  readonly ended?: boolean;
}

const KEY = ['session'];
const Session = createContext<Session | undefined>(undefined);

async function current(): Promise<Current> {
  try {
    const { user, csrfToken } = await ask<{ user: Me; csrfToken?: string }>('/sessions/current');
    keepCsrfToken(csrfToken);
    return { me: user };
  } catch (error) {
    if (isRefused(error, 'unauthenticated')) return {};
    throw error;
  }
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: KEY, queryFn: current, staleTime: Infinity });
  const entrances = useQuery({
    queryKey: ['entrances'],
    queryFn: () => ask<Entrances>('/entrances'),
    staleTime: Infinity,
  });
  useEffect(() => {
    whenSessionEnds(() => {
      keepCsrfToken(undefined);
      client.setQueryData<Current>(KEY, (was) => (was?.me ? { ended: true } : was));
    });
  }, [client]);
  const session = useMemo(
    (): Session => ({
      me: data === undefined ? null : data.me,
      failure: data === undefined ? error : undefined,
      entrances: entrances.data,
      ended: data?.ended ?? false,
      refresh: async () => void (await refetch()),
      logOut: async () => {
        const goingOn = await leave(entrances.data?.oidc !== undefined);
        keepCsrfToken(undefined);
        // What the one has seen is not there for the next who sits down here.
        client.clear();
        client.setQueryData<Current>(KEY, {});
        window.location.assign(goingOn ?? '/app/');
      },
    }),
    [data, error, entrances.data, refetch, client],
  );
  return <Session value={session}>{children}</Session>;
}

/** @returns where the identity provider wants to be told, too */
async function leave(byProvider: boolean): Promise<string | undefined> {
  try {
    if (byProvider) return (await ask<{ url?: string }>('/auth/oidc/logout', { method: 'POST' })).url;
    await ask('/sessions/current', { method: 'DELETE' });
  } catch (error) {
    if (!isRefused(error, 'unauthenticated')) throw error;
  }
  return undefined;
}

export function useSession(): Session {
  const session = use(Session);
  if (!session) throw new Error('outside of SessionProvider');
  return session;
}

/** Of pages that are only shown to whoever is logged in. */
export function useMe(): Me {
  const { me } = useSession();
  if (!me) throw new Error('nobody is logged in');
  return me;
}
