import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { z } from 'zod';
import type { copyView } from '../../../api/routes/person-views';
import { ask } from '../api/client';
import { useOrganisations } from '../api/names';
import { Failure, Loading } from '../app/said';
import { useLanguage } from '../words/language';
import { moment } from '../words/moments';

const CopyDialog = lazy(async () => ({ default: (await import('./copy-dialog')).CopyDialog }));

type Copy = z.infer<typeof copyView>;

interface Copies {
  readonly items: readonly Copy[];
  readonly unread: boolean;
  readonly mayCopy: boolean;
  readonly people: Readonly<Record<string, string>>;
}

/** 抄送: to whom the task was given to read, and who has. Whoever opens one that was copied to them has read it. */
export function Copies({ task }: { task: string }) {
  const { words } = useLanguage();
  const client = useQueryClient();
  const [giving, setGiving] = useState(false);
  const queryKey = ['tasks', 'copies-of', task];
  const found = useQuery({ queryKey, queryFn: () => ask<Copies>(`/tasks/${task}/copies`) });
  const unread = found.data?.unread ?? false;
  useEffect(() => {
    if (!unread) return;
    ask(`/tasks/${task}/reading`, { method: 'POST' }).then(
      () => client.invalidateQueries({ queryKey: ['tasks'] }),
      // It is unread still, and read when it is opened the next time.
      () => undefined,
    );
  }, [client, task, unread]);
  if (!found.data) return found.error ? <Failure error={found.error} /> : null;
  const { items, mayCopy, people } = found.data;
  if (items.length === 0 && !mayCopy) return null;
  return (
    <section className="card" aria-label={words.copies.title}>
      <h2>{words.copies.title}</h2>
      {items.length > 0 ? (
        <CopyTable copies={items} people={people} />
      ) : (
        <p className="hint">{words.copies.none}</p>
      )}
      {mayCopy && (
        <p>
          <Button onClick={() => setGiving(true)}>{words.copies.give}</Button>
        </p>
      )}
      {giving && (
        <Suspense fallback={<Loading />}>
          <CopyDialog
            task={task}
            onClose={() => setGiving(false)}
            onDone={() => {
              setGiving(false);
              return client.invalidateQueries({ queryKey });
            }}
          />
        </Suspense>
      )}
    </section>
  );
}

function CopyTable({ copies, people }: { copies: readonly Copy[]; people: Copies['people'] }) {
  const { words, language } = useLanguage();
  const office = useOrganisations(copies.map(({ organisation }) => organisation));
  const person = (id: string): string => people[id] ?? id;
  return (
    <div className="scroll" role="region" aria-label={words.copies.title} tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{words.copies.to}</th>
            <th scope="col">{words.copies.by}</th>
            <th scope="col">{words.copies.reads}</th>
          </tr>
        </thead>
        <tbody>
          {copies.map(({ organisation, user, note, by, at, reads }) => (
            <tr key={`${organisation}/${user ?? ''}`}>
              <td>
                {office(organisation)} {user === undefined ? '' : person(user)}
                {note !== undefined && (
                  <span className="hint block">
                    {words.copies.note}：{note}
                  </span>
                )}
              </td>
              <td>
                {person(by.user)}
                <span className="hint block">{moment(at, language)}</span>
              </td>
              <td>
                {reads.length === 0 && <span className="tag">{words.copies.unread}</span>}
                {reads.map((read) => (
                  <span key={read.user} className="block">
                    {person(read.user)}
                    <span className="hint block">{moment(read.at, language)}</span>
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
