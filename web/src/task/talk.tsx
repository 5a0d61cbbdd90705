import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState, type FormEvent } from 'react';
import { ask } from '../api/client';
import { useOrganisations } from '../api/names';
import { newKey, type Page } from '../api/tasks';
import { Field } from '../app/field';
import { Failure } from '../app/said';
import { useLanguage } from '../words/language';
import { moment } from '../words/moments';

interface Comment {
  readonly id: string;
  readonly kind: 'comment' | 'question' | 'answer';
  readonly answerTo?: string;
  readonly text: string;
  readonly by: { readonly user: string; readonly organisation: string };
  readonly at: string;
}

interface Comments extends Page<Comment> {
  readonly people: Readonly<Record<string, string>>;
}

/** 沟通记录: comments, questions and their answers. */
export function Talk({ task, canSpeak }: { task: string; canSpeak: boolean }) {
  const { words, language } = useLanguage();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>();
  const [text, setText] = useState('');
  const [question, setQuestion] = useState(false);
  const [answerTo, setAnswerTo] = useState<Comment>();
  const [key, setKey] = useState(newKey);
  const queryKey = ['tasks', 'talk', task];
  const found = useQuery({
    queryKey,
    queryFn: () => ask<Comments>(`/tasks/${task}/comments?limit=200`),
  });
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (text.trim() === '') return;
    setError(undefined);
    const body = { text, ...(answerTo ? { answerTo: answerTo.id } : question ? { question } : {}) };
    try {
      await ask(`/tasks/${task}/comment`, { method: 'POST', body, key });
      setText('');
      setAnswerTo(undefined);
      setQuestion(false);
      setKey(newKey());
      await client.invalidateQueries({ queryKey });
    } catch (reason) {
      setError(reason);
    }
  };
  const { items = [], people = {} } = found.data ?? {};
  const office = useOrganisations(items.map(({ by }) => by.organisation));
  return (
    <section className="card">
      <h2>{words.task.talk}</h2>
      {items.length === 0 && <p className="hint">{words.task.noTalk}</p>}
      <ol className="talk">
        {items.map((one) => (
          <li key={one.id} className={one.kind}>
            <span className="hint">
              {office(one.by.organisation)} {people[one.by.user] ?? one.by.user} {moment(one.at, language)}{' '}
              {one.kind !== 'comment' && (
                <span className="tag">
                  {one.kind === 'question' ? words.task.question : words.task.answer}
                </span>
              )}
            </span>
            <p>{one.text}</p>
            {one.kind === 'question' && canSpeak && (
              <Button size="small" onClick={() => setAnswerTo(one)}>
                {words.task.answer}
              </Button>
            )}
          </li>
        ))}
      </ol>
      <Failure error={error ?? found.error} />
      {canSpeak && (
        <form onSubmit={(event) => void send(event)}>
          <Field label={answerTo ? `${words.task.answer}：${answerTo.text.slice(0, 30)}` : words.task.say}>
            {(attributes) => (
              <Input.TextArea
                {...attributes}
                rows={2}
                maxLength={4000}
                value={text}
                onChange={({ target }) => setText(target.value)}
              />
            )}
          </Field>
          <div className="row">
            {!answerTo && (
              <label className="check">
                <input
                  type="checkbox"
                  checked={question}
                  onChange={({ target }) => setQuestion(target.checked)}
                />
                {words.task.ask}
              </label>
            )}
            <Button htmlType="submit">{words.task.send}</Button>
          </div>
        </form>
      )}
    </section>
  );
}
