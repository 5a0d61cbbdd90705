import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import canonicalize from 'canonicalize';
import { actKinds, taskKinds } from '../domain/forms';

/**
 * What a worker loads before its first workflow and all of them share: mathematics, and the forms of tasks and acts with
 * zod, none with any state of a workflow's. To compute the tables by which signatures are verified and to make the shapes
 * of forms is most of what it costs to begin a workflow, or to rebuild one.
 *
 * The engine freezes what can be reached from what a shared module exports, through objects but not into functions; zod
 * writes into its schemas and regular expressions. So no shared module exports a schema: a kind's `form` is a function
 * (`test/workflows/preloaded.test.ts`).
 *
 * To name packages themselves as what to preload does nothing: they declare that they have no side effects, and the
 * bundler leaves out an import of which nothing is used.
 */
export const shared = [ed25519, sha256, canonicalize, taskKinds, actKinds];

// Any multiple of the base point computes its tables.
ed25519.Point.BASE.multiplyUnsafe(2n);
