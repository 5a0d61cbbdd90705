import { useQuery } from '@tanstack/react-query';
import { Link, Route, Routes } from 'react-router';
import { ask } from '../api/client';
import { Failure, Loading } from '../app/said';
import { moment } from '../words/moments';
import { useLanguage, useTitle } from '../words/language';
import { PolicyMovesPage } from './policy-moves';
import { PolicyVersionPage } from './policy-version';
import { Table } from './table';
import { useKeepingTexts, useTexts } from './texts';

interface Version {
  readonly version: string;
  readonly storedAt?: string;
  readonly inForce: boolean;
}

/** What the city has decided: its versions, one of them, and the projects that another would touch. */
export function PolicyPage() {
  return (
    <Routes>
      <Route index element={<Versions />} />
      <Route path=":version" element={<PolicyVersionPage />} />
      <Route path=":version/projects" element={<PolicyMovesPage />} />
    </Routes>
  );
}

function Versions() {
  const { pages, state, act } = useTexts();
  const texts = useKeepingTexts().policy;
  const { language } = useLanguage();
  useTitle(pages['policy'] ?? '');
  const found = useQuery({
    queryKey: ['admin', 'policy', 'versions'],
    queryFn: () => ask<{ items: Version[] }>('/policy/versions'),
  });
  return (
    <>
      <h1>{pages['policy']}</h1>
      <section className="card" aria-label={pages['policy']}>
        {!found.data && (found.error ? <Failure error={found.error} /> : <Loading />)}
        {found.data && (
          <Table
            label={pages['policy'] ?? ''}
            rows={found.data.items}
            keyOf={({ version }) => version}
            columns={[
              {
                title: texts.version,
                cell: ({ version }) => <Link to={`/admin/policy/${version}`}>{version}</Link>,
              },
              {
                title: texts.storedAt,
                cell: ({ storedAt }) => (storedAt ? moment(storedAt, language) : texts.delivered),
              },
              {
                title: state,
                cell: ({ inForce }) => (
                  <span className={inForce ? 'state' : 'state off'}>
                    {inForce ? texts.inForce : texts.earlier}
                  </span>
                ),
              },
              {
                title: act,
                cell: ({ version }) => (
                  <Link to={`/admin/policy/${version}/projects`} aria-label={`${texts.touched} ${version}`}>
                    {texts.touched}
                  </Link>
                ),
              },
            ]}
          />
        )}
      </section>
    </>
  );
}
