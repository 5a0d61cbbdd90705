import type { NotificationKind } from './notification';

export const EMAIL_CHOICES = ['off', 'at-once', 'digest'] as const;
export type EmailChoice = (typeof EMAIL_CHOICES)[number];

/** How somebody wants to hear of one kind. */
export interface Choice {
  readonly inApp: boolean;
  readonly email: EmailChoice;
}

/** What a person has chosen; what is not in it is as usual. */
export type Choices = Partial<Readonly<Record<NotificationKind, Choice>>>;

/** Whoever chooses nothing is told in the application of all, and by e-mail at once only of what is pressing. */
const USUAL: Readonly<Record<NotificationKind, Choice>> = {
  'task-assigned': { inApp: true, email: 'digest' },
  'task-handed-over': { inApp: true, email: 'at-once' },
  'task-came-back': { inApp: true, email: 'at-once' },
  'task-reminded': { inApp: true, email: 'at-once' },
  'task-overdue': { inApp: true, email: 'at-once' },
  'task-escalated': { inApp: true, email: 'at-once' },
  'task-closed': { inApp: true, email: 'off' },
  'task-copied': { inApp: true, email: 'digest' },
  'task-asked': { inApp: true, email: 'digest' },
  'stand-in-named': { inApp: true, email: 'at-once' },
  'project-changed': { inApp: true, email: 'digest' },
  'seat-vacant': { inApp: true, email: 'at-once' },
};

export function choiceOf(choices: Choices, kind: NotificationKind): Choice {
  return choices[kind] ?? USUAL[kind];
}

export function allChoices(choices: Choices): Record<NotificationKind, Choice> {
  return { ...USUAL, ...choices };
}
