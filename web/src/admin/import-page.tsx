import { Alert, Button } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import type { imported } from '../../../api/routes/user-views';
import type { dryRunView } from '../../../api/tables/import';
import { useSending } from '../api/sending';
import { newKey } from '../api/tasks';
import { useMe } from '../api/session';
import { Field } from '../app/field';
import { Failure } from '../app/said';
import { ClauseTag } from '../help/clause-tag';
import { useTitle } from '../words/language';
import { FileField } from './file-field';
import { offerTable, textOf } from './files';
import { Table } from './table';
import { useTexts } from './texts';

type DryRun = z.infer<typeof dryRunView>;
type Users = z.infer<typeof imported>['users'];
interface Done {
  readonly created: number;
  readonly updated?: number;
  readonly users?: Users;
}

const KINDS = [
  ['communities', 'register:write'],
  ['organisations', 'organisations:write'],
  ['users', 'users:create'],
] as const;
type Kind = (typeof KINDS)[number][0];

/** A table is tried first, line by line, and then imported whole. */
export function ImportPage() {
  const texts = useTexts();
  const { may } = useMe();
  const own = KINDS.filter(([, permission]) => may.includes(permission)).map(([kind]) => kind);
  const [kind, setKind] = useState<Kind | undefined>(own[0]);
  useTitle(texts.pages['import'] ?? '');
  if (kind === undefined) return null;
  return (
    <>
      <h1>{texts.pages['import']}</h1>
      {own.length > 1 && (
        <Field label={texts.import.what}>
          {(attributes) => (
            <select
              {...attributes}
              value={kind}
              onChange={({ target }) => setKind(own.find((one) => one === target.value))}
            >
              {own.map((one) => (
                <option key={one} value={one}>
                  {texts.import.kinds[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Import key={kind} kind={kind} />
    </>
  );
}

/** One table: its key is new with each file, and the same for the file that was tried. */
interface Chosen {
  readonly table: Blob;
  readonly name: string;
  readonly key: string;
}

function Import({ kind }: { kind: Kind }) {
  const texts = useTexts();
  const { error, isSending, send, forget } = useSending();
  const [chosen, setChosen] = useState<Chosen>();
  const [tried, setTried] = useState<DryRun>();
  const [done, setDone] = useState<Done>();
  const path = `/${kind}/import`;
  const choose = async (file: File): Promise<void> => {
    forget();
    setTried(undefined);
    setDone(undefined);
    // By its name's type it would be another on each machine; and the API reads UTF-8 only.
    const table = new Blob([await textOf(file)], { type: 'text/csv' });
    setChosen({ table, name: file.name, key: newKey() });
    await send<DryRun>(`${path}?dryRun=true`, { method: 'POST', body: table, key: newKey() }, setTried);
  };
  const run = async ({ table, key }: Chosen): Promise<void> => {
    await send<Done>(path, { method: 'POST', body: table, key }, (answer) => {
      setDone(answer);
      setTried(undefined);
    });
  };
  const name = texts.import.kinds[kind] ?? kind;
  return (
    <>
      <section className="card" aria-label={name}>
        <h2>{name}</h2>
        <p>{texts.import.hints[kind]}</p>
        <p>
          <Button onClick={() => offerTable(`${name}.csv`, [(texts.import.columns[kind] ?? '').split(',')])}>
            {texts.import.template}
          </Button>
        </p>
        <FileField label={texts.file} hint={texts.import.fileHint} accept=".csv,text/csv" onFile={choose} />
        <Failure error={error} />
        {done && (
          <Alert
            type="success"
            showIcon
            role="status"
            title={texts.import.done(done.created, done.updated ?? 0)}
          />
        )}
      </section>
      {tried && chosen && (
        <Tried tried={tried} name={chosen.name}>
          {tried.faults.length === 0 && (
            <Button type="primary" loading={isSending} onClick={() => void run(chosen)}>
              {texts.import.run}
            </Button>
          )}
        </Tried>
      )}
      {done?.users && <Passwords users={done.users} />}
    </>
  );
}

/** So many lines are looked at by eye; all faults are listed. */
const SHOWN = 100;

function Tried({ tried, name, children }: { tried: DryRun; name: string; children: React.ReactNode }) {
  const texts = useTexts().import;
  const { created, updated, rows, faults } = tried;
  return (
    <section className="card" aria-label={texts.checked}>
      <h2>
        {texts.checked}：{name}
      </h2>
      <p>{texts.nothingDone}</p>
      <p role="status">
        <strong>{texts.would(created, updated)}</strong>。
        {faults.length > 0 ? <span className="problem">{texts.wrong(faults.length)}</span> : texts.right}
      </p>
      {faults.length > 0 && (
        <Table
          label={texts.fault}
          rows={faults.map((fault, index) => ({ ...fault, index }))}
          keyOf={({ index }) => String(index)}
          columns={[
            { title: texts.line, cell: ({ line }) => line ?? texts.whole, whole: true },
            { title: texts.column, cell: ({ column }) => column, whole: true },
            {
              title: texts.fault,
              cell: ({ message, clause, basis }) => (
                <>
                  <span className="problem">{message}</span> {clause && <ClauseTag id={clause} />}{' '}
                  {basis && <small>{basis}</small>}
                </>
              ),
            },
          ]}
        />
      )}
      {rows.length > 0 && (
        <>
          {rows.length > SHOWN && <p className="hint">{texts.firstLines(SHOWN, rows.length)}</p>}
          <Table
            label={texts.checked}
            rows={rows.slice(0, SHOWN)}
            keyOf={({ line }) => String(line)}
            columns={[
              { title: texts.line, cell: ({ line }) => line, whole: true },
              { title: texts.name, cell: (row) => row.name },
              {
                title: texts.outcome,
                cell: ({ outcome }) => <span className="state">{texts.outcomes[outcome]}</span>,
                whole: true,
              },
            ]}
          />
        </>
      )}
      <div className="row next-act">{children}</div>
    </section>
  );
}

function Passwords({ users }: { users: Users }) {
  const texts = useTexts();
  const rows = users.map(({ username, password }) => [username, password]);
  return (
    <section className="card" aria-label={texts.import.passwords}>
      <h2>{texts.import.passwords}</h2>
      <p>{texts.import.passwordsHint}</p>
      <Table
        label={texts.import.passwords}
        rows={users}
        keyOf={({ id }) => id}
        columns={[
          { title: texts.users.username, cell: ({ username }) => username },
          {
            title: texts.users.password,
            cell: ({ password }) => <span className="secret">{password}</span>,
            whole: true,
          },
        ]}
      />
      <p>
        <Button
          onClick={() =>
            offerTable(`${texts.import.passwords}.csv`, [
              [texts.users.username, texts.users.password],
              ...rows,
            ])
          }
        >
          {texts.saveFile}
        </Button>
      </p>
    </section>
  );
}
