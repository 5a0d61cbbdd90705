import { createTransport } from 'nodemailer';
import { codeOf, NotDelivered } from './failure';

export interface MailSettings {
  /** `smtp://user:password@host:587` or `smtps://…:465`. */
  readonly smtpUrl: string;
  readonly from: string;
}

export interface Letter {
  /** The outbox's id: the same at each attempt, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
}

export interface Mailer {
  /** @throws NotDelivered */
  send(letter: Letter): Promise<void>;
  close(): void;
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const TIMEOUT_MS = 10_000;

/** Sends through one SMTP server. What goes over a network goes encrypted (STARTTLS), or not at all. */
export function openMailer({ smtpUrl, from }: MailSettings): Mailer {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const secure = protocol === 'smtps:';
  const user = decodeURIComponent(username);
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    pool: true,
    maxConnections: 4,
    ...(LOOPBACK.includes(hostname) ? { ignoreTLS: !secure } : { requireTLS: !secure }),
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(password) } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ id, to, subject, body }) {
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text: body,
          messageId: `<${id}@jiugai>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw asNotDelivered(error);
      }
    },
    close: () => transport.close(),
  };
}

/** A reply of 5xx to the letter itself is for good; one to logging in is the administrator's to mend. */
function asNotDelivered(error: unknown): NotDelivered {
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown };
  if (typeof responseCode !== 'number') return new NotDelivered(codeOf(error), false);
  return new NotDelivered(`SMTP ${responseCode}`, responseCode >= 500 && code !== 'EAUTH');
}
