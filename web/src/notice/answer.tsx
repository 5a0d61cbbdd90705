import { useState, type FormEvent } from 'react';
import { ask, isRefused } from '../api/client';
import { Field } from '../app/field';
import { Failure } from '../app/said';
import { moment } from '../words/moments';
import { useLanguage } from '../words/language';
import type { Notice } from './notice';
import { useTexts } from './texts';

interface Objection {
  readonly subject: string;
  readonly receivedAt: string;
  readonly answer?: { readonly text: string; readonly changesPlan: boolean; readonly at: string };
}

const RECEIPT = /^[A-Za-z0-9_-]{22}$/;

/** What became of an objection, for whoever holds its receipt. */
export function AnswerLookUp({ notice: { id } }: { notice: Notice }) {
  const { language } = useLanguage();
  const texts = useTexts();
  const [problem, setProblem] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [found, setFound] = useState<Objection>();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const receipt = String(new FormData(event.currentTarget).get('receipt') ?? '').trim();
    setFound(undefined);
    setError(undefined);
    setProblem(RECEIPT.test(receipt) ? undefined : texts.badReceipt);
    if (!RECEIPT.test(receipt)) return;
    try {
      setFound(await ask<Objection>(`/notices/${id}/objections/${receipt}`));
    } catch (reason) {
      if (isRefused(reason, 'not-found')) setProblem(texts.notFound);
      else setError(reason);
    }
  }

  return (
    <section className="card look-up">
      <h2>{texts.lookUp}</h2>
      <Failure error={error} />
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Field label={texts.receipt} hint={texts.lookUpHint} problem={problem}>
          {(attributes) => (
            <input
              {...attributes}
              name="receipt"
              maxLength={40}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
        <button type="submit" className="notice-button">
          {texts.lookUpSubmit}
        </button>
      </form>
      {found && (
        <div role="status" className="answer">
          <p>
            {texts.subjects[found.subject] ?? found.subject}，
            {texts.receivedAt(moment(found.receivedAt, language))}
          </p>
          {found.answer ? (
            <>
              <h3>{texts.answer}</h3>
              <p>{found.answer.text}</p>
              {found.answer.changesPlan && <p>{texts.changes}</p>}
              <p className="hint">{texts.answeredAt(moment(found.answer.at, language))}</p>
            </>
          ) : (
            <p>{texts.waiting}</p>
          )}
        </div>
      )}
    </section>
  );
}
