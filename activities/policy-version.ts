import type { Activities } from '../domain/world';
import type { Policy } from '../policy/schema';
import { policySnapshot } from '../policy/snapshot';
import type { Store } from '../store/connect';

/** One version of a policy as projects carry it; nothing where no such version was ever kept. */
export function policyVersionActivity(
  { policies }: Pick<Store, 'policies'>,
  delivered: Policy,
): Activities['policyVersion'] {
  return async ({ id, version }) => {
    const kept = await policies.find(id, version);
    if (kept) return policySnapshot(kept);
    return delivered.id === id && delivered.version === version ? policySnapshot(delivered) : null;
  };
}
