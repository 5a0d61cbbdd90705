import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState, type FormEvent } from 'react';
import type { Choice, EmailChoice } from '../../../domain/notification/choice';
import type { NotificationKind } from '../../../domain/notification/notification';
import { ask } from '../api/client';
import { Failure, Loading } from '../app/said';
import { TextField } from '../form/fields';
import { Refusals } from '../form/refused';
import { textIn } from '../form/form-dialog';
import { useTexts } from './texts';

type Choices = Readonly<Record<NotificationKind, Choice>>;

interface Settings {
  readonly email: string | null;
  readonly choices: Choices;
}

const PATH = '/sessions/current/notifications';
const KEY = ['notification-settings'];

/** 通知设置: where e-mail goes, and of what one is told in which way. */
export function NotificationSettings() {
  const found = useQuery({ queryKey: KEY, queryFn: () => ask<Settings>(PATH) });
  if (!found.data) return found.error ? <Failure error={found.error} /> : <Loading />;
  return <SettingsForm settings={found.data} />;
}

function SettingsForm({ settings: { email, choices } }: { settings: Settings }) {
  const { told: texts } = useTexts();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>();
  const [state, setState] = useState<'sending' | 'saved'>();

  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setError(undefined);
    setState('sending');
    try {
      const body = { email: textIn(given, 'email') ?? null, choices: choicesIn(given, choices) };
      client.setQueryData(KEY, await ask<Settings>(PATH, { method: 'PUT', body }));
      setState('saved');
    } catch (reason) {
      setError(reason);
      setState(undefined);
    }
  }

  return (
    <form
      noValidate
      className="wide"
      onChange={() => setState(undefined)}
      onSubmit={(event) => void save(event)}
    >
      <Failure error={error} />
      <Refusals value={error}>
        <TextField
          name="email"
          type="email"
          label={texts.email}
          hint={texts.emailHint}
          value={email ?? undefined}
          autoComplete="email"
        />
      </Refusals>
      <table className="plain told">
        <thead>
          <tr>
            <th scope="col">{texts.kind}</th>
            <th scope="col">{texts.inApp}</th>
            <th scope="col">{texts.byEmail}</th>
          </tr>
        </thead>
        <tbody>
          {kindsOf(choices).map((kind) => (
            <Line key={kind} kind={kind} choice={choices[kind]} />
          ))}
        </tbody>
      </table>
      <p className="hint">{texts.digestHint}</p>
      <p className="row">
        <Button type="primary" htmlType="submit" loading={state === 'sending'}>
          {texts.save}
        </Button>
        <span role="status">{state === 'saved' && texts.saved}</span>
      </p>
    </form>
  );
}

function Line({ kind, choice }: { kind: NotificationKind; choice: Choice }) {
  const { told: texts } = useTexts();
  const title = texts.kinds[kind];
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>
        <input
          type="checkbox"
          name={`${kind}/in-app`}
          aria-label={texts.ofKind(title, texts.inApp)}
          defaultChecked={choice.inApp}
        />
      </td>
      <td>
        <select
          name={`${kind}/email`}
          aria-label={texts.ofKind(title, texts.byEmail)}
          defaultValue={choice.email}
        >
          {Object.entries(texts.choices).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </td>
    </tr>
  );
}

/** As the API lists them. */
function kindsOf(choices: Choices): NotificationKind[] {
  return Object.keys(choices) as NotificationKind[];
}

function choicesIn(given: FormData, choices: Choices): Choices {
  const entered = kindsOf(choices).map((kind) => [
    kind,
    { inApp: given.has(`${kind}/in-app`), email: given.get(`${kind}/email`) as EmailChoice },
  ]);
  return Object.fromEntries(entered) as Choices;
}
