import { useEffect } from 'react';
import { Route, Routes } from 'react-router';
import { useSession } from '../api/session';
import { Entrance } from '../log-in/entrance';
import { useLanguage } from '../words/language';
import { NotFound } from './no-page';
import { pages, type PageRow } from './pages';
import { Failure, Loading } from './said';
import { Shell } from './shell';
import { Button } from 'antd';

/** Which page, and whether whoever asks has to log in first. */
export function App() {
  return (
    <Shell>
      <Routes>
        {pages.map((row) => (
          <Route key={row.path} path={row.path} element={<Guarded {...row} />} />
        ))}
        <Route path="*" element={<NotFound />} />
      </Routes>
    </Shell>
  );
}

/** The address stays as it is while one logs in: whoever follows a link arrives where it leads. */
function Guarded({ page: Page, isPublic }: PageRow) {
  const { me, failure, refresh } = useSession();
  const { words } = useLanguage();
  useEffect(() => {
    // While it is asked who is there; a failure is told when the page is shown.
    Page.fetch().catch(() => undefined);
  }, [Page]);
  if (isPublic) return <Page />;
  if (failure) {
    return (
      <>
        <Failure error={failure} />
        <Button onClick={() => void refresh()}>{words.retry}</Button>
      </>
    );
  }
  if (me === null) return <Loading />;
  if (!me || me.mustChangePassword || me.secondFactor === 'required') return <Entrance />;
  return <Page />;
}
