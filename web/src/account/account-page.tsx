import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { ask } from '../api/client';
import { useMe, useSession } from '../api/session';
import { Failure, Loading } from '../app/said';
import { moment } from '../words/moments';
import { useLanguage, useTitle } from '../words/language';
import { NotificationSettings } from './notification-settings';
import { PasswordForm } from './password-form';
import { FactorForm } from './second-factor';
import { StandIns } from './stand-ins';
import { useTexts } from './texts';

/** What each settles for themselves: who stands in for them, how they are told, their log-ins, second factor and password. */
export function AccountPage() {
  const { words } = useLanguage();
  const texts = useTexts();
  const { refresh } = useSession();
  const me = useMe();
  useTitle(words.account.title);
  return (
    <>
      <h1>{words.account.title}</h1>
      <section className="card">
        <h2>{words.account.organisations}</h2>
        <p>
          {me.username}：{me.organisations.map(({ name }) => name).join('、')}（
          {me.roles.map((role) => words.roles[role]).join('、')}）
        </p>
      </section>
      {me.may.includes('stand-ins:own') && (
        <section className="card" aria-label={texts.standIns.title}>
          <h2>{texts.standIns.title}</h2>
          <StandIns />
        </section>
      )}
      <section className="card" aria-label={texts.told.title}>
        <h2>{texts.told.title}</h2>
        <NotificationSettings />
      </section>
      <section className="card">
        <h2>{words.account.sessions}</h2>
        <Sessions />
      </section>
      <section className="card">
        <h2>{words.factor.title}</h2>
        <FactorForm />
      </section>
      <section className="card">
        <h2>{words.password.title}</h2>
        <PasswordForm username={me.username} onChanged={() => void refresh()} />
      </section>
    </>
  );
}

interface Session {
  readonly id: string;
  readonly current: boolean;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly userAgent?: string;
  readonly address?: string;
}

function Sessions() {
  const { words, language } = useLanguage();
  const [error, setError] = useState<unknown>();
  const found = useQuery({ queryKey: ['sessions'], queryFn: () => ask<{ items: Session[] }>('/sessions') });
  const end = async (path: string): Promise<void> => {
    setError(undefined);
    await ask(path, { method: 'DELETE' }).catch(setError);
    await found.refetch();
  };
  if (!found.data) return found.error ? <Failure error={found.error} /> : <Loading />;
  const { items } = found.data;
  return (
    <>
      <Failure error={error} />
      <div className="scroll" role="region" aria-label={words.account.sessions} tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{words.account.begun}</th>
              <th scope="col">{words.account.lastUsed}</th>
              <th scope="col">{words.account.where}</th>
              <th scope="col">
                <span className="unseen">{words.account.end}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((one) => (
              <tr key={one.id}>
                <td>{moment(one.createdAt, language)}</td>
                <td>{moment(one.lastUsedAt, language)}</td>
                <td>
                  {browserOf(one.userAgent)} {one.address}
                </td>
                <td>
                  {one.current ? (
                    words.account.current
                  ) : (
                    <Button size="small" onClick={() => void end(`/sessions/${one.id}`)}>
                      {words.account.end}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {items.length > 1 ? (
        <p>
          <Button onClick={() => void end('/sessions')}>{words.account.endOthers}</Button>
        </p>
      ) : (
        <p className="hint">{words.account.none}</p>
      )}
    </>
  );
}

/** `Mozilla/5.0 (Windows NT 10.0; …) … Edg/130.0` → `Edge, Windows`: what one recognises. */
function browserOf(userAgent = ''): string {
  const named = (names: readonly (readonly [RegExp, string])[]) =>
    names.find(([mark]) => mark.test(userAgent))?.[1];
  const browser = named([
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/MicroMessenger/, '微信'],
    [/Chrome\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ]);
  const system = named([
    [/HarmonyOS/, 'HarmonyOS'],
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS/, 'macOS'],
    [/Linux/, 'Linux'],
  ]);
  return [browser, system].filter(Boolean).join('，') || userAgent;
}
