import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { ask } from '../api/client';
import { Dialog } from '../app/dialog';
import { useLanguage } from '../words/language';
import './help.css';

interface Clauses {
  readonly document: { readonly title: string; readonly number: string };
  readonly items: readonly {
    readonly id: string;
    readonly place: string;
    readonly title: string;
    readonly titleEn: string;
    readonly text: string;
    readonly law: readonly { readonly title: string; readonly basis: string }[];
  }[];
}

/** The number of a clause, and one click away what it says. */
export function ClauseTag({ id }: { id: string }) {
  const { words } = useLanguage();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="clause"
        aria-label={words.help.clause(id)}
        title={words.help.clause(id)}
        onClick={() => setOpen(true)}
      >
        {id}
      </button>
      {open && <ClauseText id={id} onClose={() => setOpen(false)} />}
    </>
  );
}

function ClauseText({ id, onClose }: { id: string; onClose: () => void }) {
  const { words, language } = useLanguage();
  const { data, error } = useQuery({
    queryKey: ['clauses'],
    queryFn: () => ask<Clauses>('/clauses'),
    staleTime: Infinity,
  });
  const clause = data?.items.find((one) => one.id === id);
  const title = clause ? (language === 'zh' ? clause.title : clause.titleEn) : '';
  return (
    <Dialog title={`${id} ${title}`} onClose={onClose} className="drawer">
      {error && <p role="alert">{words.offline}</p>}
      {data && !clause && <p>{words.help.unknown}</p>}
      {data && clause && (
        <>
          <p className="hint">
            {data.document.number} {data.document.title} {clause.place}
          </p>
          <blockquote className="clause-text" lang="zh-CN">
            {clause.text}
          </blockquote>
          {clause.law.length > 0 && (
            <>
              <h3>{words.help.law}</h3>
              <ul lang="zh-CN">
                {clause.law.map((one) => (
                  <li key={one.title}>
                    {one.title}：<span className="hint inline">{one.basis}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
      <p>
        <Button onClick={onClose}>{words.close}</Button>
      </p>
    </Dialog>
  );
}
