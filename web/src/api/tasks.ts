import type { z } from 'zod';
import type { taskDetail, taskRowView } from '../../../api/routes/views';

/** What the API answers, by its own schemas. */
export type TaskRow = z.infer<typeof taskRowView>;
export type TaskDetail = z.infer<typeof taskDetail>;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/** A page that brings the names of whom it names. */
export interface NamedPage<Item> extends Page<Item> {
  readonly people: Readonly<Record<string, string>>;
}

/** A key that no other intention has; `crypto.randomUUID` is missing on plain http, as offices have it. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
