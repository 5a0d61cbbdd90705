import { randomUUID } from 'node:crypto';
import type { Letter } from '../domain/signing/letter';
import { messageStatement } from '../domain/signing/statements';
import { signStatement, type Identity } from './identity';

/**
 * A Signal from outside the workflows: from the API when seats or days have changed, from the sweep.
 * @param now ms since 1970, the engine's clock
 */
export function letterTo<Content>(
  to: string,
  signal: { readonly name: string },
  content: Content,
  from: { readonly identity: Identity; readonly now: number },
): Letter<Content> {
  const id = randomUUID();
  const at = new Date(from.now).toISOString();
  return {
    id,
    content,
    signature: signStatement(from.identity, messageStatement(to, signal.name, content, id, at)),
  };
}
