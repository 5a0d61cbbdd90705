import { lazy, Suspense, type ComponentType } from 'react';
import { Navigate, NavLink, Route, Routes } from 'react-router';
import { useMe } from '../api/session';
import { Loading } from '../app/said';
import './admin.css';
import { pagesFor, type AdminPage } from './rights';
import { useTexts } from './texts';

const PAGES: Readonly<Record<AdminPage, ComponentType>> = {
  organisations: lazy(async () => ({ default: (await import('./organisations-page')).OrganisationsPage })),
  users: lazy(async () => ({ default: (await import('./users-page')).UsersPage })),
  policy: lazy(async () => ({ default: (await import('./policy-page')).PolicyPage })),
  calendars: lazy(async () => ({ default: (await import('./calendars-page')).CalendarsPage })),
  import: lazy(async () => ({ default: (await import('./import-page')).ImportPage })),
  outgoing: lazy(async () => ({ default: (await import('./outgoing-page')).OutgoingPage })),
  schedules: lazy(async () => ({ default: (await import('./schedules-page')).SchedulesPage })),
  system: lazy(async () => ({ default: (await import('./system-page')).SystemPage })),
  'access-log': lazy(async () => ({ default: (await import('./access-log-page')).AccessLogPage })),
};

/** The frame of the administration: of its pages each sees those that are theirs. */
export function AdministrationPage() {
  const texts = useTexts();
  const own = pagesFor(useMe().may);
  const [first] = own;
  if (first === undefined) return <p className="empty">{texts.nothing}</p>;
  return (
    <>
      <nav className="admin-nav" aria-label={texts.nav}>
        {own.map((page) => (
          <NavLink key={page} to={`/admin/${page}`}>
            {texts.pages[page]}
          </NavLink>
        ))}
      </nav>
      <Suspense fallback={<Loading />}>
        <Routes>
          {own.map((page) => {
            const Page = PAGES[page];
            return <Route key={page} path={`${page}/*`} element={<Page />} />;
          })}
          <Route path="*" element={<Navigate to={`/admin/${first}`} replace />} />
        </Routes>
      </Suspense>
    </>
  );
}
