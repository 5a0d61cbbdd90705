import { useRef, useState, type FormEvent } from 'react';
import { ask } from '../api/client';
import { newKey } from '../api/tasks';
import { Field } from '../app/field';
import { Failure } from '../app/said';
import type { Notice } from './notice';
import { useTexts } from './texts';

interface Received {
  readonly receipt: string;
  readonly late: boolean;
}

/** Whoever objects gets a receipt; sent twice by a bad connection, it is one objection all the same. */
export function ObjectionForm({ notice: { id, open, communities } }: { notice: Notice }) {
  const texts = useTexts();
  const form = useRef<HTMLFormElement>(null);
  const [key, setKey] = useState(newKey);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [error, setError] = useState<unknown>();
  const [sending, setSending] = useState(false);
  const [received, setReceived] = useState<Received>();

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (sending) return;
    const given = Object.fromEntries(
      [...new FormData(event.currentTarget)].flatMap(([name, value]) =>
        typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [],
      ),
    );
    const empty = ['subject', 'text'].filter((name) => !(name in given));
    setMissing(empty);
    if (empty.length > 0) {
      form.current?.querySelector<HTMLElement>(`[name=${empty[0]}]`)?.focus();
      return;
    }
    setSending(true);
    setError(undefined);
    try {
      setReceived(await ask<Received>(`/notices/${id}/objections`, { method: 'POST', body: given, key }));
      setKey(newKey());
    } catch (reason) {
      setError(reason);
    }
    setSending(false);
  }

  const problem = (name: string) => (missing.includes(name) ? texts.empty : undefined);
  if (received) {
    return (
      <section className="card received" role="status">
        <h2>{texts.received}</h2>
        <p>{texts.receipt}</p>
        <p className="receipt">{received.receipt}</p>
        <p>{texts.keep}</p>
        {received.late && <p>{texts.late}</p>}
        <button type="button" className="notice-button" onClick={() => setReceived(undefined)}>
          {texts.another}
        </button>
      </section>
    );
  }
  return (
    <section className="card objection">
      <h2>{texts.object}</h2>
      <p>{open ? texts.objectHint : texts.lateHint}</p>
      <Failure error={error} />
      <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
        <Field label={texts.subject} problem={problem('subject')}>
          {(attributes) => (
            <select {...attributes} name="subject" defaultValue="">
              <option value="" />
              {Object.entries(texts.subjects).map(([subject, title]) => (
                <option key={subject} value={subject}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
        {communities.length > 1 && (
          <Field label={texts.community}>
            {(attributes) => (
              <select {...attributes} name="community" defaultValue="">
                <option value="" />
                {communities.map((community) => (
                  <option key={community.id} value={community.id}>
                    {community.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label={texts.text} problem={problem('text')}>
          {(attributes) => <textarea {...attributes} name="text" rows={5} maxLength={2000} />}
        </Field>
        <Field label={texts.name}>
          {(attributes) => <input {...attributes} name="name" maxLength={40} autoComplete="name" />}
        </Field>
        <Field label={texts.contact} hint={texts.secret}>
          {(attributes) => <input {...attributes} name="contact" maxLength={80} autoComplete="tel" />}
        </Field>
        <button type="submit" className="notice-button primary" disabled={sending}>
          {texts.submit}
        </button>
      </form>
    </section>
  );
}
