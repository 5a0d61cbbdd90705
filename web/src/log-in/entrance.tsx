import { useState } from 'react';
import { useSession } from '../api/session';
import { FactorForm } from '../account/second-factor';
import { PasswordForm } from '../account/password-form';
import { useLanguage } from '../words/language';
import { LogInForm } from './log-in-form';

/** Stands in front of every page until whoever comes is known, has a password of their own, and a second factor if they must. */
export function Entrance() {
  const { me, refresh } = useSession();
  const { words } = useLanguage();
  const [changed, setChanged] = useState(false);
  if (me?.mustChangePassword) {
    const after = (): void => {
      setChanged(true);
      void refresh();
    };
    return (
      <section className="card narrow">
        <h1>{words.password.title}</h1>
        <p>{words.password.first}</p>
        <PasswordForm username={me.username} onChanged={after} />
      </section>
    );
  }
  if (me?.secondFactor === 'required') {
    return (
      <section className="card narrow">
        <h1>{words.factor.title}</h1>
        <FactorForm isEntrance />
      </section>
    );
  }
  return <LogInForm passwordChanged={changed} />;
}
