import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import type { Sent } from '../api/client';
import { useSending } from '../api/sending';
import { newKey } from '../api/tasks';
import { Dialog } from '../app/dialog';
import { Failure } from '../app/said';
import { useLanguage } from '../words/language';
import { Refusals } from './refused';

/** What a filled-in form asks of the API. */
export interface Asked {
  readonly path: string;
  readonly method: NonNullable<Sent['method']>;
  readonly body?: unknown;
}

/** An act is one form in one dialog: sent once however often it is clicked, refusals at their fields. */
export function FormDialog<Answer>({
  title,
  hint,
  submit,
  asked,
  onDone,
  onClose,
  children,
}: {
  title: string;
  hint?: string | undefined;
  submit?: string;
  asked: (given: FormData) => Asked;
  onDone: (answer: Answer) => unknown;
  onClose: () => void;
  children?: ReactNode;
}) {
  const { words } = useLanguage();
  const [key] = useState(newKey);
  const { error, isSending, send } = useSending();
  return (
    <Dialog title={title} onClose={onClose}>
      {hint && <p className="hint">{hint}</p>}
      <Failure error={error} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const { path, method, body } = asked(new FormData(event.currentTarget));
          const content = body === undefined ? {} : { body };
          void send<Answer>(path, { method, key, ...content }, onDone);
        }}
      >
        <Refusals value={error}>{children}</Refusals>
        <div className="row">
          <Button type="primary" htmlType="submit" loading={isSending}>
            {submit ?? words.confirm}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What stands in a text field, without blanks around it; nothing where it is empty. */
export function textIn(given: FormData, name: string): string | undefined {
  const value = given.get(name);
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : text;
}

/** What is ticked of several, or named with commas between. */
export function severalIn(given: FormData, name: string): string[] {
  return given
    .getAll(name)
    .filter((one) => typeof one === 'string')
    .flatMap((one) => one.split(/[,，;；、\s]+/))
    .filter((one) => one !== '');
}
