import { useQueries } from '@tanstack/react-query';
import { ask, queryOf } from '../api/client';
import type { Page } from '../api/tasks';
import { ChoiceField } from '../form/fields';
import { FormDialog, textIn } from '../form/form-dialog';
import { ReasonField } from './reason-field';
import { useTexts } from './texts';
import type { User } from './users-page';

interface HandedOver {
  readonly standInsEnded: number;
  readonly tasks: readonly unknown[];
  readonly left: readonly string[];
}

/** 离岗移交: to a colleague of one of the same organisations. */
export function HandOverDialog({
  user,
  onClose,
  onDone,
}: {
  user: User;
  onClose: () => void;
  onDone: (said: string) => void;
}) {
  const texts = useTexts();
  const offices = [...new Set(user.seats.map(({ organisation }) => organisation))];
  const found = useQueries({
    queries: offices.map((organisation) => ({
      queryKey: ['admin', 'colleagues', organisation],
      queryFn: () => ask<Page<User>>(`/users${queryOf({ organisation, limit: 200 })}`),
    })),
  });
  const all = found.flatMap(({ data }) => data?.items ?? []);
  const colleagues = new Map(
    all.filter(({ id, disabled }) => id !== user.id && !disabled).map((one) => [one.id, nameOf(one)]),
  );
  return (
    <FormDialog<HandedOver>
      title={`${texts.users.handOver}：${user.username}`}
      hint={texts.users.handOverHint}
      onClose={onClose}
      onDone={({ tasks, left, standInsEnded }) =>
        onDone(
          [
            texts.users.handedOver(tasks.length, left.length),
            ...(standInsEnded > 0 ? [texts.users.standIns(standInsEnded)] : []),
          ].join(''),
        )
      }
      asked={(form) => ({
        path: `/users/${user.id}/hand-over`,
        method: 'POST',
        body: { successor: textIn(form, 'successor') ?? '', reason: textIn(form, 'reason') ?? '' },
      })}
    >
      <ChoiceField name="successor" label={texts.users.successor} options={[['', ''], ...colleagues]} />
      <ReasonField />
    </FormDialog>
  );
}

function nameOf({ username, displayName }: User): string {
  return displayName ? `${displayName}（${username}）` : username;
}
