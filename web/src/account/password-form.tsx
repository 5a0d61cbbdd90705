import { Button, Input } from 'antd';
import { useState, type FormEvent } from 'react';
import { ask } from '../api/client';
import { Field } from '../app/field';
import { Failure } from '../app/said';
import { useLanguage } from '../words/language';

/** Changes one's password; every session ends with it, this one too. */
export function PasswordForm({ username, onChanged }: { username: string; onChanged: () => void }) {
  const { words } = useLanguage();
  const [error, setError] = useState<unknown>();
  const [differ, setDiffer] = useState(false);
  const [sending, setSending] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const { current, next, again } = Object.fromEntries(new FormData(event.currentTarget));
    setDiffer(next !== again);
    if (next !== again) return;
    setSending(true);
    setError(undefined);
    try {
      await ask('/sessions/current/password', { method: 'PUT', body: { current, next } });
      onChanged();
    } catch (reason) {
      setError(reason);
    }
    setSending(false);
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Failure error={error} />
      {/* For password managers: whose password this is. */}
      <input
        className="unseen"
        tabIndex={-1}
        aria-hidden
        name="username"
        autoComplete="username"
        value={username}
        readOnly
      />
      <Field label={words.password.current}>
        {(attributes) => (
          <Input {...attributes} name="current" type="password" autoComplete="current-password" />
        )}
      </Field>
      <Field label={words.password.next} hint={words.password.hint}>
        {(attributes) => <Input {...attributes} name="next" type="password" autoComplete="new-password" />}
      </Field>
      <Field label={words.password.again} problem={differ ? words.password.differ : undefined}>
        {(attributes) => <Input {...attributes} name="again" type="password" autoComplete="new-password" />}
      </Field>
      <p className="hint">{words.password.endsOthers}</p>
      <Button type="primary" htmlType="submit" loading={sending}>
        {words.password.submit}
      </Button>
    </form>
  );
}
