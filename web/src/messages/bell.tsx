import { NavLink } from 'react-router';
import { useUnreadMessages } from '../api/messages';
import { useLanguage } from '../words/language';

const MOST_SHOWN = 99;

/** 消息: how many are unread, on every page. */
export function Bell({ enabled }: { enabled: boolean }) {
  const { words } = useLanguage();
  const unread = useUnreadMessages(enabled) ?? 0;
  if (!enabled) return null;
  return (
    <NavLink className="bell" to="/messages" aria-label={words.messages.bell(unread)}>
      <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden>
        <path
          fill="currentColor"
          d="M12 2a2 2 0 0 0-2 2v.3A7 7 0 0 0 5 11v5l-2 2v1h18v-1l-2-2v-5a7 7 0 0 0-5-6.7V4a2 2 0 0 0-2-2zm-2 18a2 2 0 0 0 4 0z"
        />
      </svg>
      {words.messages.title}
      {unread > 0 && <span className="count">{unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}</span>}
    </NavLink>
  );
}
