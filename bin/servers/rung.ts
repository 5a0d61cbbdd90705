import type { PinnedProgram } from './programs';

/** Where a server was found: one that runs elsewhere, or a program to start here. */
export type Located =
  | { readonly kind: 'address'; readonly address: string }
  | {
      readonly kind: 'program';
      /** Absolute path of the program. */
      readonly path: string;
      readonly version: string;
      readonly source: 'path' | 'cache' | 'official-download' | 'package-index';
    };

/** Takes one line of progress, for a person. */
export type Report = (line: string) => void;

export interface Search {
  readonly program: PinnedProgram;
  readonly env: NodeJS.ProcessEnv;
  /** Folder that keeps what was fetched, shared by all processes of this machine's user. */
  readonly cacheDir: string;
  readonly report: Report;
}

/**
 * One rung of the ladder. Returns the server, or undefined when there is nothing here to use.
 *
 * @throws Error when there was something and it could not be used; its message says why, for a person.
 */
export interface Rung {
  readonly title: string;
  find(search: Search): Promise<Located | undefined>;
}
