import { TemporalFailure } from '@temporalio/workflow';
import { fault } from './faults';

/**
 * Sets a workflow up from what it was started with. A stranger may start it with anything at all, under an id that a
 * project will need: what makes no sense ends it at once, where any other error would keep its task failing for ever.
 * @throws ApplicationFailure
 */
export function begun<T>(start: unknown, open: () => T): T {
  const { city, county } = (start ?? {}) as { city?: unknown; county?: unknown };
  // What the first activity asks the store with.
  const makesSense = typeof city === 'string' && (county === undefined || typeof county === 'string');
  if (!makesSense) throw fault('signature-invalid');
  try {
    return open();
  } catch (error) {
    if (error instanceof TemporalFailure) throw error;
    throw fault('signature-invalid');
  }
}
