import type { z } from 'zod';
import { useSearchParams } from 'react-router';
import { Input } from 'antd';
import type { accessView } from '../../../api/routes/keeping-views';
import { Field } from '../app/field';
import { moment } from '../words/moments';
import { useLanguage, useTitle } from '../words/language';
import { ListTable, usePages } from './table';
import { useKeepingTexts, useTexts } from './texts';

type Access = z.infer<typeof accessView>;

/** Who has read what not everybody may read, who came in, and what administrators have changed. */
export function AccessLogPage() {
  const { pages } = useTexts();
  const texts = useKeepingTexts().log;
  const { language } = useLanguage();
  const [address, setAddress] = useSearchParams();
  useTitle(pages['access-log'] ?? '');
  const user = address.get('user') ?? '';
  const found = usePages<Access>('/access-log', { user });
  return (
    <>
      <h1>{pages['access-log']}</h1>
      <section className="card" aria-label={pages['access-log']}>
        <div className="row filters">
          <Field label={texts.user}>
            {(attributes) => (
              <Input.Search
                {...attributes}
                defaultValue={user}
                allowClear
                maxLength={64}
                onSearch={(value) => setAddress(value.trim() === '' ? {} : { user: value.trim() })}
              />
            )}
          </Field>
        </div>
        <ListTable
          label={pages['access-log'] ?? ''}
          found={found}
          keyOf={({ at, kind, user: by, of }) => `${at} ${kind} ${by} ${of}`}
          columns={[
            { title: texts.at, cell: ({ at }) => moment(at, language), whole: true },
            { title: texts.user, cell: ({ user: by }) => by },
            { title: texts.kind, cell: ({ kind }) => texts.kinds[kind], whole: true },
            { title: texts.of, cell: ({ of }) => <span className="secret">{of}</span> },
            { title: texts.count, cell: ({ count }) => count },
            { title: texts.reason, cell: ({ reason }) => reason },
          ]}
        />
      </section>
    </>
  );
}
