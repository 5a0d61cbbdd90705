import { createHmac } from 'node:crypto';
import type { NotificationRow } from '../../store/notifications';
import { codeOf, NotDelivered } from './failure';

const TIMEOUT_MS = 10_000;

/**
 * `t=<seconds since 1970>,v1=<HMAC-SHA256, hex, over "<t>.<body>">`. Receivers compute it anew, compare, and refuse what
 * is older than five minutes.
 */
function signatureHeader(secret: string, body: string, nowMs: number): string {
  const t = Math.floor(nowMs / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}

/** What a receiver gets: the same bytes at each attempt. */
export function webhookBody({ _id, kind, at, about }: NotificationRow, organisation: string): string {
  return JSON.stringify({ id: _id, kind, at, organisation, about });
}

/** @throws NotDelivered unless the receiver answers 2xx; it is not followed elsewhere */
export async function postWebhook(
  { url, secret }: { url: string; secret: string },
  { id, body }: { id: string; body: string },
  nowMs: number,
): Promise<void> {
  let status: number;
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'Content-Type': 'application/json',
        'Idempotency-Key': id,
        'X-Jiugai-Signature': signatureHeader(secret, body, nowMs),
      },
      body,
    });
    await response.body?.cancel();
    status = response.status;
  } catch (error) {
    throw new NotDelivered(codeOf((error as Error).cause ?? error), false);
  }
  if (status < 200 || status > 299) throw new NotDelivered(`HTTP ${status}`, status === 410);
}
