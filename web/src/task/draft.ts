import { useEffect, useState } from 'react';
import { newKey } from '../api/tasks';

/** What somebody has begun to enter, and the key under which it is sent: one intention, one key, however often it is sent. */
export interface Draft {
  readonly form: unknown;
  readonly key: string;
}

const nameOf = (user: string, task: string): string => `jiugai-draft/${user}/${task}`;

function kept(name: string): Draft | undefined {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null') as Draft | undefined;
  } catch {
    return undefined;
  }
}

/** Kept on this machine, for this user and this task, until it is decided or thrown away. */
export function useDraft(user: string, task: string) {
  const name = nameOf(user, task);
  const [draft, setDraft] = useState<Draft>(() => kept(name) ?? { form: {}, key: newKey() });
  const [isRestored] = useState(() => kept(name) !== undefined && kept(name) !== null);
  useEffect(() => {
    const isEmpty = JSON.stringify(draft.form ?? {}).replaceAll(/[{}[\]",:]|undefined|null/g, '').length < 1;
    if (!isEmpty) localStorage.setItem(name, JSON.stringify(draft));
  }, [name, draft]);
  return {
    draft,
    isRestored,
    change: (form: unknown) => setDraft((now) => ({ ...now, form })),
    discard: (form: unknown = {}) => {
      localStorage.removeItem(name);
      setDraft({ form, key: newKey() });
    },
    forget: () => localStorage.removeItem(name),
  };
}
