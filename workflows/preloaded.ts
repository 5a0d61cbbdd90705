import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import canonicalize from 'canonicalize';

/**
 * What a worker loads before its first workflow and all of them share: mathematics without any state of a workflow's.
 * The tables by which signatures are verified take longer to compute than everything else that a workflow does when it
 * starts. Not zod, nor what is built with it: the engine freezes what is shared, and zod writes into its regular
 * expressions.
 *
 * To name the packages themselves as what to preload does nothing: they declare that they have no side effects, and the
 * bundler leaves out an import of which nothing is used.
 */
export const shared = [ed25519, sha256, canonicalize];

// Any multiple of the base point computes its tables.
ed25519.Point.BASE.multiplyUnsafe(2n);
