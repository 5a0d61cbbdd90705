import { Suspense } from 'react';
import { NavLink, Link, useLocation } from 'react-router';
import { useSession, type Me } from '../api/session';
import { Bell } from '../messages/bell';
import { useLanguage } from '../words/language';
import { ErrorBoundary } from './error-boundary';
import { pages } from './pages';
import { Loading } from './said';

/** The frame of every page: mark of a rehearsal, head with navigation, and the page itself. */
export function Shell({ children }: { children: React.ReactNode }) {
  const { words, language, speak } = useLanguage();
  const { me, entrances, logOut } = useSession();
  const { pathname } = useLocation();
  const ready = me && !me.mustChangePassword && me.secondFactor !== 'required' ? me : undefined;
  return (
    <>
      <a className="skip" href="#content">
        {words.skip}
      </a>
      {entrances?.mode === 'rehearsal' && (
        <div className="rehearsal" role="note">
          {words.rehearsal}
        </div>
      )}
      <header className="head">
        <Link className="product" to="/">
          {words.product}
        </Link>
        <nav aria-label={words.nav.main}>
          {ready &&
            navigationOf(ready).map(({ path, nav }) => (
              <NavLink key={path} to={path.split(/\/[:*]/)[0] ?? path} end={path === '/'}>
                {nav?.title(words)}
              </NavLink>
            ))}
        </nav>
        <div className="who">
          <Bell enabled={ready !== undefined} />
          <button
            type="button"
            lang={language === 'zh' ? 'en' : 'zh-CN'}
            aria-label={words.languageLabel}
            onClick={() => speak(language === 'zh' ? 'en' : 'zh')}
          >
            {words.language}
          </button>
          {me && (
            <span title={words.nav.user(me.username)}>
              {me.organisations[0] && <span className="office">{me.organisations[0].name} · </span>}
              {me.username}
            </span>
          )}
          {me && (
            <button type="button" onClick={() => void logOut()}>
              {words.nav.logOut}
            </button>
          )}
        </div>
      </header>
      <main className="body" id="content" tabIndex={-1}>
        <ErrorBoundary key={pathname}>
          <Suspense fallback={<Loading />}>{children}</Suspense>
        </ErrorBoundary>
      </main>
    </>
  );
}

function navigationOf(me: Me) {
  return pages.filter(({ nav }) => nav && (nav.isFor?.(me) ?? true));
}
