import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link, useSearchParams } from 'react-router';
import type { z } from 'zod';
import type { accessView } from '../../../api/routes/keeping-views';
import { ask, queryOf } from '../api/client';
import type { Page } from '../api/tasks';
import { moment } from '../words/moments';
import { useLanguage, useTitle } from '../words/language';
import { ListTable } from './table';
import { useKeepingTexts, useTexts } from './texts';

type Access = z.infer<typeof accessView>;
type Named = Page<Access> & { readonly people: Readonly<Record<string, string>> };

/** Who has read what not everybody may read, who came in, and what administrators have changed and why. */
export function AccessLogPage() {
  const { pages } = useTexts();
  const texts = useKeepingTexts().log;
  const { language } = useLanguage();
  const [address, setAddress] = useSearchParams();
  useTitle(pages['access-log'] ?? '');
  const user = address.get('user') ?? '';
  const found = useInfiniteQuery({
    queryKey: ['admin', 'access-log', user],
    queryFn: ({ pageParam }) => ask<Named>(`/access-log${queryOf({ user, cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const people = Object.assign(
    {},
    ...(found.data?.pages.map((page) => page.people) ?? []),
  ) as Named['people'];
  return (
    <>
      <h1>{pages['access-log']}</h1>
      <section className="card" aria-label={pages['access-log']}>
        {user !== '' && (
          <p className="row chosen">
            {texts.user}：{people[user] ?? user}
            <Button onClick={() => setAddress({})}>{texts.all}</Button>
          </p>
        )}
        <ListTable<Access>
          label={pages['access-log'] ?? ''}
          found={found}
          keyOf={({ at, kind, user: by, of, requestId }) => `${at} ${kind} ${by} ${of} ${requestId}`}
          columns={[
            { title: texts.at, cell: ({ at }) => moment(at, language), whole: true },
            {
              title: texts.user,
              cell: ({ user: by }) => <Link to={`?user=${by}`}>{people[by] ?? by}</Link>,
            },
            { title: texts.kind, cell: ({ kind }) => texts.kinds[kind], whole: true },
            {
              title: texts.of,
              cell: ({ of, title }) => (
                <>
                  {title}
                  {title && / dryRun$/.test(of) && texts.tried}
                  <span className={title ? 'hint block secret' : 'secret'}>{people[of] ?? of}</span>
                </>
              ),
            },
            { title: texts.count, cell: ({ count }) => count },
            { title: texts.reason, cell: ({ reason }) => reason },
          ]}
        />
      </section>
    </>
  );
}
