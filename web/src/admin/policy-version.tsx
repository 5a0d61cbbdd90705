import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { Policy } from '../../../policy/schema';
import { ask } from '../api/client';
import { useSending } from '../api/sending';
import { newKey } from '../api/tasks';
import { Field } from '../app/field';
import { Failure, Loading } from '../app/said';
import { useLanguage, useTitle } from '../words/language';
import { FileField } from './file-field';
import { offerFile, textOf } from './files';
import { PolicyValues } from './policy-values';
import { Refusals, useRefusal } from '../form/refused';
import { useKeepingTexts } from './texts';

/** One version with its values and the law's bounds; a new one begins as a copy of it. */
export function PolicyVersionPage() {
  const { version = '' } = useParams();
  const texts = useKeepingTexts().policy;
  const [draft, setDraft] = useState<Policy>();
  useTitle(texts.of(version));
  const found = useQuery({
    queryKey: ['admin', 'policy', version],
    queryFn: () => ask<{ policy: Policy }>(`/policy/versions/${version}`),
    staleTime: Infinity,
  });
  const back = (
    <p>
      <Link to="/admin/policy">{texts.back}</Link>
    </p>
  );
  if (!found.data) {
    return (
      <>
        {back}
        {found.error ? <Failure error={found.error} /> : <Loading />}
      </>
    );
  }
  const { policy } = found.data;
  if (draft) return <Draft from={policy} draft={draft} onChange={setDraft} />;
  return (
    <>
      {back}
      <div className="row apart admin-head">
        <h1>{texts.of(version)}</h1>
        <div className="row">
          <Link to={`/admin/policy/${version}/projects`}>{texts.touched}</Link>
          <Button
            onClick={() =>
              offerFile(`${policy.id}-${version}.json`, JSON.stringify(policy, null, 2), 'application/json')
            }
          >
            {texts.save}
          </Button>
          <Button type="primary" onClick={() => setDraft({ ...policy, version: nextVersion(version) })}>
            {texts.draft}
          </Button>
        </div>
      </div>
      <section className="card" aria-label={texts.document}>
        <dl className="facts">
          <div>
            <dt>{texts.document}</dt>
            <dd>
              {policy.document.number} {policy.document.title}（{policy.document.date}）
            </dd>
          </div>
        </dl>
      </section>
      <PolicyValues policy={policy} />
      <Rest policy={policy} />
    </>
  );
}

/** `2026.1` → `2026.2` */
function nextVersion(version: string): string {
  const [year = '', number = '0'] = version.split('.');
  return `${year}.${Number(number) + 1}`;
}

function Rest({ policy }: { policy: Policy }) {
  const texts = useKeepingTexts().policy;
  const { periods: _p, ratios: _r, amounts: _a, ...rest } = policy;
  return (
    <section className="card" aria-label={texts.rest}>
      <details>
        <summary>{texts.rest}</summary>
        <pre className="raw" tabIndex={0}>
          {JSON.stringify(rest, null, 2)}
        </pre>
      </details>
    </section>
  );
}

function Draft({
  from,
  draft,
  onChange,
}: {
  from: Policy;
  draft: Policy;
  onChange: (draft: Policy | undefined) => void;
}) {
  const texts = useKeepingTexts().policy;
  const { words } = useLanguage();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [key] = useState(newKey);
  const [loaded, setLoaded] = useState<string>();
  const [isBad, setBad] = useState(false);
  const { error, isSending, send, forget } = useSending();
  const load = async (file: File): Promise<void> => {
    forget();
    const read = policyIn(await textOf(file));
    setBad(read === undefined);
    if (read === undefined) return;
    setLoaded(file.name);
    onChange(read);
  };
  const publish = (): void =>
    void send<{ policy: Policy }>('/policy', { method: 'POST', body: draft, key }, async ({ policy }) => {
      await client.invalidateQueries({ queryKey: ['admin', 'policy', 'versions'] });
      await client.invalidateQueries({ queryKey: ['policy'] });
      onChange(undefined);
      await navigate(`/admin/policy/${policy.version}/projects`, { state: { isNew: true } });
    });
  return (
    <Refusals value={error}>
      <h1>{texts.draftOf(from.version)}</h1>
      <section className="card" aria-label={texts.draft}>
        <p className="admin-lead">{texts.draftHint}</p>
        <Failure error={error} />
        <VersionField value={draft.version} onChange={(version) => onChange({ ...draft, version })} />
        <FileField
          label={texts.load}
          accept=".json,application/json"
          problem={isBad ? texts.notJson : undefined}
          onFile={load}
        />
        {loaded && <p role="status">{texts.loaded(loaded)}</p>}
        <div className="row">
          <Button type="primary" loading={isSending} onClick={publish}>
            {texts.publish}
          </Button>
          <Button onClick={() => onChange(undefined)}>{words.cancel}</Button>
        </div>
      </section>
      <PolicyValues policy={draft} onChange={onChange} />
      <Rest policy={draft} />
    </Refusals>
  );
}

function VersionField({ value, onChange }: { value: string; onChange: (version: string) => void }) {
  const texts = useKeepingTexts().policy;
  const problem = useRefusal('version');
  return (
    <Field label={texts.version} problem={problem}>
      {(attributes) => (
        <Input
          {...attributes}
          value={value}
          maxLength={8}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}

/** What looks like a policy; whether it is one, the API says with the place of each fault. */
function policyIn(text: string): Policy | undefined {
  try {
    const read = JSON.parse(text) as Partial<Policy> | null;
    const isOne = read?.periods !== undefined && read.ratios !== undefined && read.amounts !== undefined;
    return isOne ? (read as Policy) : undefined;
  } catch {
    return undefined;
  }
}
