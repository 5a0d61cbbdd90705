import { Input } from 'antd';
import { memo, useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { Field } from '../app/field';
import { useLanguage } from '../words/language';
import type { Counts } from './inbox-page';

const TYPING_MS = 300;

/** What is looked for: kept in the address, so that it survives a reload and can be sent on. */
export const Filters = memo(function Filters({
  kinds,
  withKinds,
}: {
  kinds: Counts['kinds'];
  withKinds: boolean;
}) {
  const { words } = useLanguage();
  const [address, setAddress] = useSearchParams();
  const [text, setText] = useState(address.get('q') ?? '');
  const set = (name: string, value: string): void =>
    setAddress(
      (now) => {
        const next = new URLSearchParams(now);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const asked = address.get('q') ?? '';
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    if (text.trim() === asked) return;
    const timer = setTimeout(() => set('q', text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  });
  return (
    <search className="row filters">
      <Field label={words.inbox.search}>
        {(attributes) => (
          <Input
            {...attributes}
            type="search"
            maxLength={60}
            placeholder={words.inbox.searchHint}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </Field>
      {withKinds && (
        <Field label={words.inbox.kind}>
          {(attributes) => (
            <select
              {...attributes}
              value={address.get('kind') ?? ''}
              onChange={({ target }) => set('kind', target.value)}
            >
              <option value="">{words.inbox.all}</option>
              {kinds.map(({ kind, title, open }) => (
                <option key={kind} value={kind}>
                  {title}（{open}）
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field label={words.inbox.step}>
        {(attributes) => (
          <select
            {...attributes}
            value={address.get('step') ?? ''}
            onChange={({ target }) => set('step', target.value)}
          >
            <option value="">{words.inbox.all}</option>
            {Object.entries(words.steps).map(([step, title]) => (
              <option key={step} value={step}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
      {withKinds &&
        (['overdue', 'paper'] as const).map((name) => (
          <label key={name} className="check">
            <input
              type="checkbox"
              checked={address.get(name) === 'true'}
              onChange={({ target }) => set(name, target.checked ? 'true' : '')}
            />
            {name === 'overdue' ? words.inbox.onlyOverdue : words.inbox.withPaper}
          </label>
        ))}
    </search>
  );
});
