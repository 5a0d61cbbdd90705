import { log } from '@temporalio/activity';
import { hashOf } from '../domain/events';
import type { Activities } from '../domain/world';
import type { Store } from '../store/connect';

/**
 * Seals a project's archive: SHA-256 over the canonical list of its documents, each with its file's own SHA-256
 * (P2.4.4). Whoever has list and files can compute the seal again; the order in which they were filed plays no part.
 */
export function sealArchiveActivity(store: Store): Activities['sealArchive'] {
  return async ({ projectId, documents }) => {
    const files = await store.attachments.findAll(documents.map(({ attachment }) => attachment));
    const sha256Of = new Map(files.map(({ id, sha256 }) => [id, sha256]));
    const missing = documents.filter(({ attachment }) => !sha256Of.has(attachment));
    // An archive with a gap must not be sealed; the engine tries again until the file is back.
    if (missing.length > 0) {
      throw new Error(`attachments are missing: ${missing.map(({ attachment }) => attachment).join(', ')}`);
    }
    const list = documents
      .map(({ step, name, attachment }) => ({
        step,
        name,
        attachment,
        sha256: sha256Of.get(attachment) ?? '',
      }))
      .sort((a, b) => compare(keyOf(a), keyOf(b)));
    log.info('archive sealed', { projectId, documents: list.length });
    return { documents: list.length, sha256: hashOf(list) };
  };
}

function keyOf({ step, name, attachment }: { step: string; name: string; attachment: string }): string {
  return JSON.stringify([step, name, attachment]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
