import { isRefused } from '../api/client';
import { useLanguage, useTitle } from '../words/language';
import { Failure } from './said';

/** Stands where there is no such page, or nothing that its reader may see. */
export function NotFound() {
  const { words } = useLanguage();
  useTitle(words.notFound);
  return (
    <section className="card">
      <h1>{words.notFound}</h1>
      <p>{words.notFoundHint}</p>
    </section>
  );
}

/** Stands in place of a page whose matter could not be fetched. */
export function NoPage({ error }: { error: unknown }) {
  const { words } = useLanguage();
  // What is no number of anything is asked for by a wrong address, too.
  if (isRefused(error, 'not-found', 'invalid-request')) return <NotFound />;
  return (
    <section className="card">
      <h1>{words.failed}</h1>
      <Failure error={error} />
    </section>
  );
}
