import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { lazy, Suspense, useState, type FormEvent } from 'react';
import { ask } from '../api/client';
import { useSession } from '../api/session';
import { Field } from '../app/field';
import { Failure, Loading } from '../app/said';
import { useLanguage } from '../words/language';

const Code = lazy(async () => ({ default: (await import('./qr')).Qr }));

interface Factor {
  readonly enrolled: boolean;
  readonly required: boolean;
  readonly recoveryCodesLeft: number;
}
interface Offer {
  readonly secret: string;
  readonly uri: string;
}

const OWN = '/sessions/current/second-factor';

/** Enrols, proves and removes one's second factor; at the entrance for those who must have one. */
export function FactorForm({ isEntrance = false }: { isEntrance?: boolean }) {
  const { words } = useLanguage();
  const { refresh } = useSession();
  const [error, setError] = useState<unknown>();
  const [offer, setOffer] = useState<Offer>();
  const [codes, setCodes] = useState<readonly string[]>();
  const state = useQuery({ queryKey: ['second-factor'], queryFn: () => ask<Factor>(OWN) });

  async function send<Answer>(path: string, body: unknown): Promise<Answer | undefined> {
    setError(undefined);
    try {
      return await ask<Answer>(path, { method: 'POST', body });
    } catch (reason) {
      setError(reason);
      return undefined;
    }
  }
  const again = async (): Promise<void> => {
    setOffer(undefined);
    setCodes(undefined);
    await Promise.all([state.refetch(), refresh()]);
  };
  const prove = async (given: Given): Promise<void> => {
    setError(undefined);
    try {
      await ask(`${OWN}/proof`, { method: 'POST', body: given });
      await refresh();
    } catch (reason) {
      setError(reason);
    }
  };
  const remove = async (given: Given): Promise<void> => {
    setError(undefined);
    try {
      await ask(`${OWN}/removal`, { method: 'POST', body: given });
      await again();
    } catch (reason) {
      setError(reason);
    }
  };

  if (!state.data) return state.error ? <Failure error={state.error} /> : <Loading />;
  const { enrolled, required, recoveryCodesLeft } = state.data;
  if (codes) return <RecoveryCodes codes={codes} onSaved={() => void again()} />;
  return (
    <>
      <p>
        {isEntrance
          ? enrolled
            ? words.factor.prove
            : words.factor.must
          : enrolled
            ? words.factor.on(recoveryCodesLeft)
            : words.factor.off}
      </p>
      <Failure error={error} />
      {offer ? (
        <Offered
          offer={offer}
          onCode={async (given) => {
            const done = await send<{ recoveryCodes: string[] }>(`${OWN}/confirmation`, given);
            if (done) setCodes(done.recoveryCodes);
          }}
        />
      ) : isEntrance && enrolled ? (
        <Proof asks={['code']} submit={words.factor.provide} onGiven={prove} />
      ) : (
        <>
          <Proof
            asks={enrolled ? ['password', 'code'] : ['password']}
            submit={enrolled ? words.factor.again : words.factor.begin}
            onGiven={async (given) => setOffer(await send<Offer>(OWN, given))}
            {...(enrolled && !required ? { other: { submit: words.factor.remove, onGiven: remove } } : {})}
          />
        </>
      )}
    </>
  );
}

type Given = Record<string, string>;

/** Whoever sits down at an unlocked screen has a session: what guards it asks for more. */
function Proof({
  asks,
  submit,
  onGiven,
  other,
}: {
  asks: readonly ('password' | 'code')[];
  submit: string;
  onGiven: (given: Given) => Promise<void>;
  other?: { submit: string; onGiven: (given: Given) => Promise<void> };
}) {
  const { words } = useLanguage();
  const given = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const values = Object.entries(Object.fromEntries(new FormData(event.currentTarget)) as Given);
    const filled = Object.fromEntries(values.filter(([, value]) => value !== ''));
    const isOther = submitter?.getAttribute('data-other') === 'true';
    void (isOther && other ? other.onGiven(filled) : onGiven(filled));
  };
  return (
    <form noValidate onSubmit={given}>
      {asks.includes('password') && (
        <Field label={words.factor.password}>
          {(attributes) => (
            <Input {...attributes} name="password" type="password" autoComplete="current-password" />
          )}
        </Field>
      )}
      {asks.includes('code') && (
        <Field label={words.logIn.code} hint={words.logIn.codeHint}>
          {(attributes) => (
            <Input {...attributes} name="code" inputMode="numeric" autoComplete="one-time-code" />
          )}
        </Field>
      )}
      <div className="row">
        <Button type="primary" htmlType="submit">
          {submit}
        </Button>
        {other && (
          <Button htmlType="submit" data-other="true">
            {other.submit}
          </Button>
        )}
      </div>
    </form>
  );
}

function Offered({ offer, onCode }: { offer: Offer; onCode: (given: Given) => Promise<void> }) {
  const { words } = useLanguage();
  return (
    <>
      <p>{words.factor.scan}</p>
      <Suspense fallback={<Loading />}>
        <Code value={offer.uri} />
      </Suspense>
      <p>
        {words.factor.secret}：<code>{offer.secret}</code>
      </p>
      <Proof asks={['code']} submit={words.factor.finish} onGiven={onCode} />
    </>
  );
}

function RecoveryCodes({ codes, onSaved }: { codes: readonly string[]; onSaved: () => void }) {
  const { words } = useLanguage();
  return (
    <>
      <h2>{words.factor.codes}</h2>
      <p>{words.factor.codesHint}</p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button type="primary" onClick={onSaved}>
        {words.factor.saved}
      </Button>
    </>
  );
}
