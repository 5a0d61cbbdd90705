import { createServer, type AddressInfo } from 'node:net';

/** Where the engine's library tells its own figures: it has a server of its own, which only this process asks. */
export interface LibraryFigures {
  /** For the library's telemetry options. */
  readonly bindAddress: string;
  /** Its figures; nothing while it does not answer. */
  tell(): Promise<string>;
}

const PATIENCE_MS = 2_000;

export async function libraryFigures(): Promise<LibraryFigures> {
  const bindAddress = `127.0.0.1:${await unusedPort()}`;
  return {
    bindAddress,
    async tell() {
      try {
        const signal = AbortSignal.timeout(PATIENCE_MS);
        const answer = await fetch(`http://${bindAddress}/metrics`, { signal });
        return answer.ok ? await answer.text() : '';
      } catch {
        return '';
      }
    },
  };
}

/** The library tells nobody which port it was given, so one is chosen for it. */
function unusedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
