import { createContext, use, type ReactNode } from 'react';
import { isRefused } from '../api/client';
import { ClauseTag } from '../help/clause-tag';

/** Why the last attempt was refused: fields look up what concerns them. */
export const Refusals = createContext<unknown>(undefined);

/** What is wrong with a field, or with anything in it, with the clause that says so. */
export function useRefusal(path: string | undefined): ReactNode | undefined {
  const error = use(Refusals);
  if (path === undefined || !isRefused(error)) return undefined;
  const { errors = [], violations = [] } = error.problem;
  const all: readonly { path?: string; message: string; clause?: string; basis?: string }[] = [
    ...errors,
    ...violations,
  ];
  const own = all.filter((one) => one.path === path || one.path?.startsWith(`${path}.`));
  if (own.length === 0) return undefined;
  return own.map(({ message, clause, basis }, index) => (
    <span key={index} className="block">
      {message} {clause && <ClauseTag id={clause} />} {basis && <small>{basis}</small>}
    </span>
  ));
}
