/**
 * Thrown when the system cannot be started. The message is one clear sentence and what to do; it is shown without a
 * stack, and the program ends with exit code 1.
 */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

/** Turns a failure of the file system into a sentence about the folder; other errors pass as they are. */
export function asRefusal(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StartRefused(diskFull(folder));
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new StartRefused(
      `The data folder ${folder} cannot be written to (${code}): give its owner to the user who starts this, or choose another with JIUGAI_DATA_DIR.`,
    );
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new StartRefused(`${folder} is no folder: choose another with JIUGAI_DATA_DIR.`);
  }
  return error;
}

export function diskFull(folder: string, freeMegabytes?: number): string {
  const left = freeMegabytes === undefined ? '' : ` (${freeMegabytes} MB left)`;
  return `The disk that holds ${folder} is full${left}: make at least 300 MB free, or choose a folder on another disk with JIUGAI_DATA_DIR.`;
}
