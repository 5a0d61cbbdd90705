import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import type { webhookView } from '../../../api/routes/keeping-views';
import { ask } from '../api/client';
import { useOrganisations } from '../api/names';
import { useMe } from '../api/session';
import { Dialog } from '../app/dialog';
import { Failure, Loading } from '../app/said';
import { day } from '../words/moments';
import { useLanguage } from '../words/language';
import { ChecksField, OrganisationField, TextField } from '../form/fields';
import { FormDialog, severalIn, textIn } from '../form/form-dialog';
import { Table, type Column } from './table';
import { useKeepingTexts, useTexts } from './texts';

type Webhook = z.infer<typeof webhookView>;

/** Where other systems hear what their organisation is told. */
export function Webhooks() {
  const texts = useKeepingTexts().outgoing;
  const { act } = useTexts();
  const { words } = useLanguage();
  const isKeeper = useMe().may.includes('webhooks:write');
  const [chosen, setChosen] = useState<Webhook | 'new'>();
  const [secret, setSecret] = useState<string>();
  const found = useQuery({
    queryKey: ['admin', 'webhooks'],
    queryFn: () => ask<{ items: Webhook[] }>('/webhooks'),
  });
  const rows = found.data?.items ?? [];
  const nameOf = useOrganisations(rows.map(({ organisation }) => organisation));
  const done = (): unknown => {
    setChosen(undefined);
    return found.refetch();
  };
  const columns: Column<Webhook>[] = [
    { title: texts.organisation, cell: ({ organisation }) => nameOf(organisation) },
    { title: texts.url, cell: ({ url }) => <span className="secret">{url}</span> },
    {
      title: texts.wants,
      cell: ({ kinds }) =>
        kinds.length === 0 ? texts.wantsAll : kinds.map((kind) => texts.kinds[kind] ?? kind).join('、'),
    },
    { title: texts.since, cell: ({ createdAt }) => day(createdAt), whole: true },
    ...(isKeeper
      ? [
          {
            title: act,
            cell: (one: Webhook) => (
              <Button size="small" aria-label={`${texts.remove} ${one.url}`} onClick={() => setChosen(one)}>
                {texts.remove}
              </Button>
            ),
            whole: true,
          },
        ]
      : []),
  ];
  return (
    <section className="card" aria-label={texts.webhooks}>
      <div className="row apart">
        <h2>{texts.webhooks}</h2>
        {isKeeper && <Button onClick={() => setChosen('new')}>{texts.add}</Button>}
      </div>
      <p className="hint">{texts.webhooksHint}</p>
      {!found.data && (found.error ? <Failure error={found.error} /> : <Loading />)}
      {found.data && <Table label={texts.webhooks} rows={rows} keyOf={({ id }) => id} columns={columns} />}
      {chosen === 'new' && (
        <NewWebhook
          onClose={() => setChosen(undefined)}
          onDone={(told) => {
            setSecret(told);
            return done();
          }}
        />
      )}
      {chosen && chosen !== 'new' && (
        <FormDialog
          title={`${texts.remove}：${chosen.url}`}
          hint={texts.removeHint}
          submit={texts.remove}
          asked={() => ({ path: `/webhooks/${chosen.id}`, method: 'DELETE' })}
          onClose={() => setChosen(undefined)}
          onDone={done}
        />
      )}
      {secret !== undefined && (
        <Dialog title={texts.secret} onClose={() => setSecret(undefined)}>
          <p>{texts.secretHint}</p>
          <p className="secret">{secret}</p>
          <Button onClick={() => setSecret(undefined)}>{words.close}</Button>
        </Dialog>
      )}
    </section>
  );
}

function NewWebhook({ onClose, onDone }: { onClose: () => void; onDone: (secret: string) => unknown }) {
  const texts = useKeepingTexts().outgoing;
  const kinds = Object.entries(texts.kinds).filter(([kind]) => kind !== 'digest');
  return (
    <FormDialog<{ secret: string }>
      title={texts.add}
      hint={texts.webhooksHint}
      onClose={onClose}
      onDone={({ secret }) => onDone(secret)}
      asked={(form) => {
        const organisation = textIn(form, 'organisation');
        return {
          path: '/webhooks',
          method: 'POST',
          body: {
            ...(organisation === undefined ? {} : { organisation }),
            url: textIn(form, 'url') ?? '',
            kinds: severalIn(form, 'kinds'),
          },
        };
      }}
    >
      <OrganisationField name="organisation" label={texts.organisation} />
      <TextField name="url" type="url" label={texts.url} maxLength={500} />
      <ChecksField name="kinds" label={`${texts.wants}（${texts.wantsAll}）`} values={[]} options={kinds} />
    </FormDialog>
  );
}
