import type { Signature } from '../domain/signing/signature';
import { startStatement } from '../domain/signing/statements';
import { signStatement, type Identity } from './identity';

/**
 * The arguments with which a workflow is started from outside: what it begins with, and the signature over it.
 * @param now ms since 1970, the engine's clock
 */
export function sealedStart<Start>(
  workflowId: string,
  type: string,
  start: Start,
  from: { readonly identity: Identity; readonly now: number },
): [start: Start, seal: Signature] {
  const at = new Date(from.now).toISOString();
  return [start, signStatement(from.identity, startStatement(workflowId, type, start, at))];
}
