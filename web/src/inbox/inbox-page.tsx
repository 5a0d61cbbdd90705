import { useLanguage, useTitle } from '../words/language';

export function InboxPage() {
  const { words } = useLanguage();
  useTitle(words.nav.inbox);
  return <h1>{words.nav.inbox}</h1>;
}
