import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import type { yearList } from '../../../api/routes/keeping-views';
import { ask } from '../api/client';
import { Failure, Loading } from '../app/said';
import { useTitle } from '../words/language';
import { TextField } from '../form/fields';
import { FileField } from './file-field';
import { textOf } from './files';
import { FormDialog, textIn } from '../form/form-dialog';
import { Table } from './table';
import { useKeepingTexts, useTexts } from './texts';

type Year = z.infer<typeof yearList>;

/** Statutory holidays by year; each autumn the next year's list is loaded. */
export function CalendarsPage() {
  const { pages } = useTexts();
  const texts = useKeepingTexts().calendars;
  const [loading, setLoading] = useState(false);
  const [said, setSaid] = useState<string>();
  useTitle(pages['calendars'] ?? '');
  const found = useQuery({
    queryKey: ['admin', 'calendars'],
    queryFn: () => ask<{ items: Year[] }>('/calendars'),
  });
  return (
    <>
      <div className="row apart admin-head">
        <h1>{pages['calendars']}</h1>
        <Button
          type="primary"
          onClick={() => {
            setSaid(undefined);
            setLoading(true);
          }}
        >
          {texts.load}
        </Button>
      </div>
      {said && <p role="status">{said}</p>}
      <section className="card" aria-label={pages['calendars']}>
        {!found.data && (found.error ? <Failure error={found.error} /> : <Loading />)}
        {found.data && (
          <Table
            label={pages['calendars'] ?? ''}
            rows={[...found.data.items].reverse()}
            keyOf={({ year }) => String(year)}
            columns={[
              { title: texts.year, cell: ({ year }) => year, whole: true },
              { title: texts.off, cell: ({ off }) => <Days days={off} /> },
              { title: texts.work, cell: ({ work }) => <Days days={work} /> },
              { title: texts.source, cell: ({ source }) => source ?? texts.built },
            ]}
          />
        )}
      </section>
      {loading && (
        <LoadDialog
          onClose={() => setLoading(false)}
          onDone={async (year, told) => {
            setLoading(false);
            setSaid(texts.done(year, told));
            await found.refetch();
          }}
        />
      )}
    </>
  );
}

function Days({ days }: { days: readonly string[] }) {
  const texts = useKeepingTexts().calendars;
  return (
    <details>
      <summary>{texts.days(days.length)}</summary>
      {days.map((day) => day.slice(5)).join('、')}
    </details>
  );
}

interface Read {
  readonly off: readonly string[];
  readonly work: readonly string[];
  readonly year?: number;
  readonly source?: string;
}

function LoadDialog({
  onClose,
  onDone,
}: {
  onClose: () => void;
  onDone: (year: number, told: number) => unknown;
}) {
  const all = useTexts();
  const texts = useKeepingTexts().calendars;
  const [read, setRead] = useState<Read>();
  const [isBad, setBad] = useState(false);
  const take = async (file: File): Promise<void> => {
    const found = daysIn(await textOf(file));
    setBad(found === undefined);
    setRead(found);
  };
  return (
    <FormDialog<{ calendar: Year; told: number }>
      title={texts.load}
      hint={texts.loadHint}
      submit={texts.submit}
      onClose={onClose}
      onDone={({ calendar, told }) => onDone(calendar.year, told)}
      asked={(form) => ({
        path: `/calendars/${textIn(form, 'year') ?? ''}`,
        method: 'PUT',
        body: { off: read?.off ?? [], work: read?.work ?? [], source: textIn(form, 'source') ?? '' },
      })}
    >
      <FileField
        label={all.file}
        hint={texts.fileHint}
        accept=".json,.csv,.txt"
        problem={isBad ? texts.badFile : undefined}
        onFile={take}
      />
      {read && (
        <p role="status" className="next">
          {texts.read(read.off.length, read.work.length)}
        </p>
      )}
      <TextField
        key={`year ${read?.year}`}
        name="year"
        type="number"
        label={texts.year}
        value={read?.year === undefined ? undefined : String(read.year)}
      />
      <TextField
        key={`source ${read?.source}`}
        name="source"
        label={texts.source}
        value={read?.source}
        maxLength={200}
      />
    </FormDialog>
  );
}

/** Of a JSON file `{year, off, work, source}`, or of lines `2027-01-01,放假`. */
function daysIn(text: string): Read | undefined {
  const read = text.trim().startsWith('{') ? ofJson(text) : ofLines(text);
  return read && read.off.length + read.work.length > 0 ? read : undefined;
}

function ofJson(text: string): Read | undefined {
  try {
    const { off = [], work = [], year, source } = JSON.parse(text) as Partial<Read>;
    if (!Array.isArray(off) || !Array.isArray(work)) return undefined;
    return {
      off: off as string[],
      work: work as string[],
      ...(typeof year === 'number' ? { year } : {}),
      ...(typeof source === 'string' ? { source } : {}),
    };
  } catch {
    return undefined;
  }
}

function ofLines(text: string): Read {
  const rows = text.split(/\r?\n/).map((line) => line.split(/[,，\t]/).map((cell) => cell.trim()));
  const of = (...words: readonly string[]): string[] =>
    rows.flatMap(([date = '', kind = '']) =>
      words.includes(kind) ? [date.replace(/^\uFEFF/, '').replaceAll('/', '-')] : [],
    );
  const off = of('放假', '休', 'off');
  const work = of('上班', '班', 'work');
  // Lists may reach back into the December before.
  const year = Number(off.at(-1)?.slice(0, 4));
  return { off, work, ...(year > 0 ? { year } : {}) };
}
