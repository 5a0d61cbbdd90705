import { Alert, Button, Input } from 'antd';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { ask, isRefused } from '../api/client';
import { useSession } from '../api/session';
import { Field } from '../app/field';
import { Failure } from '../app/said';
import { useLanguage, useTitle } from '../words/language';

/** Name and password; the code only of whom the API asks it; the city's identity provider where there is one. */
export function LogInForm({ passwordChanged }: { passwordChanged: boolean }) {
  const { words } = useLanguage();
  const { entrances, ended, refresh } = useSession();
  const [error, setError] = useState<unknown>();
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [needsCode, setNeedsCode] = useState(false);
  const [sending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useTitle(words.logIn.title);
  useEffect(() => {
    if (needsCode) form.current?.querySelector<HTMLInputElement>('[name=code]')?.focus();
  }, [needsCode]);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    const empty = Object.keys(given).filter((name) => given[name] === '');
    setMissing(empty);
    if (empty.length > 0) {
      form.current?.querySelector<HTMLInputElement>(`[name=${empty[0]}]`)?.focus();
      return;
    }
    setSending(true);
    setError(undefined);
    try {
      await ask('/sessions', { method: 'POST', body: { ...given, cookie: true } });
      await refresh();
    } catch (reason) {
      if (isRefused(reason, 'second-factor-required')) setNeedsCode(true);
      else setError(reason);
      setSending(false);
    }
  }

  const problem = (name: string) => (missing.includes(name) ? words.logIn.empty : undefined);
  return (
    <section className="card narrow">
      <h1>{words.logIn.title}</h1>
      {ended && <Alert className="said" type="warning" showIcon title={words.logIn.ended} />}
      {passwordChanged && <Alert className="said" type="success" showIcon title={words.logIn.changed} />}
      <Failure error={error} />
      <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
        <Field label={words.logIn.username} problem={problem('username')}>
          {(attributes) => (
            <Input
              {...attributes}
              name="username"
              size="large"
              autoComplete="username"
              autoCapitalize="none"
              maxLength={64}
              autoFocus
            />
          )}
        </Field>
        <Field label={words.logIn.password} problem={problem('password')}>
          {(attributes) => (
            <Input
              {...attributes}
              name="password"
              type="password"
              size="large"
              autoComplete="current-password"
              maxLength={256}
            />
          )}
        </Field>
        {needsCode && (
          <Field label={words.logIn.code} hint={words.logIn.codeHint} problem={problem('code')}>
            {(attributes) => (
              <Input
                {...attributes}
                name="code"
                size="large"
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={32}
              />
            )}
          </Field>
        )}
        <Button type="primary" htmlType="submit" size="large" block loading={sending}>
          {words.logIn.submit}
        </Button>
      </form>
      {entrances?.oidc && (
        <p>
          <Button size="large" block href={entrances.oidc}>
            {words.logIn.oidc}
          </Button>
        </p>
      )}
    </section>
  );
}
