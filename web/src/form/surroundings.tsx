import { createContext, use } from 'react';
import type { TaskDetail } from '../api/tasks';

/** What the fields of a form look around for: names of items, colleagues to choose among. */
export interface Surroundings {
  readonly context: unknown;
  readonly colleagues: TaskDetail['colleagues'];
  /** A completion that would be accepted: what the API suggests. */
  readonly example?: unknown;
}

export const FormSurroundings = createContext<Surroundings>({ context: undefined, colleagues: [] });

export function useSurroundings(): Surroundings {
  return use(FormSurroundings);
}
