import { defaultPayloadConverter, type Payload } from '@temporalio/common';

/**
 * Who has caused something, as it crosses the engine: a header with the W3C traceparents of those who trace. Runs in the
 * sandbox of workflows too.
 */

const HEADER = 'traceparents';
/** More clicks at once than this are not told apart in one write. */
const MOST = 8;
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/;

type Headers = Readonly<Record<string, Payload>>;

/** What of these headers is a cause. Anybody may have sent them: what is no traceparent is nothing. Never throws. */
export function causesIn(headers: Headers | undefined): string[] {
  const payload = headers?.[HEADER];
  if (!payload) return [];
  try {
    const value: unknown = defaultPayloadConverter.fromPayload(payload);
    if (!Array.isArray(value)) return [];
    return value
      .filter((one): one is string => typeof one === 'string' && TRACEPARENT.test(one))
      .slice(0, MOST);
  } catch {
    return [];
  }
}

/** The headers with these causes; the very same where there are none. Not encrypted: they are but numbers. */
export function withCauses(headers: Headers, causes: readonly string[]): Headers {
  if (causes.length === 0) return headers;
  return { ...headers, [HEADER]: defaultPayloadConverter.toPayload(causes.slice(0, MOST)) };
}
