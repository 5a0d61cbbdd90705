import { Button } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { z } from 'zod';
import type { outgoing } from '../../../api/routes/keeping-views';
import { useMe } from '../api/session';
import { moment } from '../words/moments';
import { useLanguage, useTitle } from '../words/language';
import { FormDialog } from '../form/form-dialog';
import { ListTable, usePages, type Column } from './table';
import { useKeepingTexts, useTexts } from './texts';
import { Webhooks } from './webhooks';

type Outgoing = z.infer<typeof outgoing>;
const STATES = ['dead', 'failed', 'pending', 'sent', 'dropped'] as const;

/** What leaves the house, and where other systems hear it. */
export function OutgoingPage() {
  const { pages } = useTexts();
  const { may } = useMe();
  useTitle(pages['outgoing'] ?? '');
  return (
    <>
      <h1>{pages['outgoing']}</h1>
      {may.includes('outbox:read') && <Outbox />}
      {may.includes('webhooks:read') && <Webhooks />}
    </>
  );
}

function Outbox() {
  const { pages, act, state: stateTitle } = useTexts();
  const texts = useKeepingTexts().outgoing;
  const { language } = useLanguage();
  const { may } = useMe();
  const [address, setAddress] = useSearchParams();
  const [chosen, setChosen] = useState<Outgoing>();
  const [said, setSaid] = useState<string>();
  const state = STATES.find((one) => one === address.get('state')) ?? 'dead';
  const found = usePages<Outgoing>('/outbox', { state });
  const isResent = state === 'dead' && may.includes('outbox:resend');
  const columns: Column<Outgoing>[] = [
    {
      title: texts.matter,
      cell: ({ kind, id }) => (
        <>
          {texts.kinds[kind] ?? kind}
          <span className="hint block secret">{id}</span>
        </>
      ),
    },
    { title: texts.channel, cell: ({ channel }) => texts.channels[channel], whole: true },
    { title: texts.writtenAt, cell: ({ writtenAt }) => moment(writtenAt, language), whole: true },
    { title: texts.attempts, cell: ({ attempts }) => texts.times(attempts), whole: true },
    ...(state === 'failed' || state === 'pending'
      ? [{ title: texts.next, cell: ({ nextAt }: Outgoing) => moment(nextAt, language), whole: true }]
      : []),
    ...(state === 'dead' || state === 'failed'
      ? [{ title: texts.error, cell: ({ lastError }: Outgoing) => lastError }]
      : []),
    ...(isResent
      ? [
          {
            title: act,
            cell: (one: Outgoing) => (
              <Button
                size="small"
                aria-label={`${texts.resend} ${one.id}`}
                onClick={() => {
                  setSaid(undefined);
                  setChosen(one);
                }}
              >
                {texts.resend}
              </Button>
            ),
            whole: true,
          },
        ]
      : []),
  ];
  return (
    <section className="card" aria-label={pages['outgoing']}>
      <div className="lists" role="group" aria-label={stateTitle}>
        {STATES.map((one) => (
          <button
            key={one}
            type="button"
            aria-current={one === state ? 'page' : undefined}
            onClick={() => setAddress({ state: one }, { replace: true })}
          >
            {texts.states[one]}
          </button>
        ))}
      </div>
      {said && <p role="status">{said}</p>}
      <ListTable label={texts.states[state] ?? ''} found={found} keyOf={({ id }) => id} columns={columns} />
      {chosen && (
        <FormDialog
          title={`${texts.resend}：${texts.kinds[chosen.kind] ?? chosen.kind}`}
          hint={chosen.lastError}
          submit={texts.resend}
          asked={() => ({ path: `/outbox/${chosen.id}/resend`, method: 'POST' })}
          onClose={() => setChosen(undefined)}
          onDone={() => {
            setChosen(undefined);
            setSaid(texts.resent);
            return found.refetch();
          }}
        />
      )}
    </section>
  );
}
