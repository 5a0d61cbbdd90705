import { join } from 'node:path';
import { Child, type Part } from './child';
import { MARK } from './leftovers';
import { isPortFree } from './ports';
import { StartRefused } from './refused';
import { mongoServer, temporalServer, type Server, type Setting } from './stores';
import { answersOk, waitUntil } from './waiting';

/** What the first start writes into an empty store. */
export interface Seeded {
  /** True when this start wrote it. */
  readonly created: boolean;
  readonly accountsFile: string;
  /** Told once, with the passwords that each must change at the first log-in. */
  readonly administrators?: readonly { readonly username: string; readonly password: string }[];
}

/** The product's own processes, as command lines, and its seed. */
export interface OwnParts {
  readonly worker: readonly string[];
  readonly api: readonly string[];
  /** Builds what the API serves to browsers, if it is not built; it is served as soon as it is there. */
  pages(say: (line: string) => void): Promise<void>;
  seed(options: { mongoUri: string; dataDir: string; log: (line: string) => void }): Promise<Seeded>;
}

export interface Addresses {
  readonly api: string;
  readonly temporal: string;
  readonly temporalUi?: string;
  readonly mongodb: string;
}

/** Everything one start runs: brought up in order, kept up, and stopped in the opposite order. */
export class System {
  private readonly children: Child[] = [];
  private stopping = false;

  constructor(
    private readonly setting: Setting,
    private readonly own: OwnParts,
  ) {}

  /** @throws StartRefused or ServerMissing when a part cannot be started; what already runs goes on until `stop`. */
  async bringUp(): Promise<{ addresses: Addresses; seeded: Seeded }> {
    const { configuration, say } = this.setting;
    await this.refuseTakenPorts();
    // Beside the servers' start; without pages there still is the API.
    const pages = this.own.pages(say).catch((error: Error) => say(error.message));
    const [mongo, temporal] = await Promise.all([mongoServer(this.setting), temporalServer(this.setting)]);
    // Registered in this order before either runs, so that the last to be stopped is always MongoDB.
    const stores = [mongo, temporal].flatMap((server) => (server.part ? [this.register(server.part)] : []));
    await Promise.all(stores.map((child) => this.run(child)));

    const env = this.ownEnvironment(mongo, temporal);
    const worker = this.register(this.ownPart('The worker', 'worker', this.own.worker, env, 15_000));
    // The worker's first start takes seconds of its own and needs no accounts; the API shall find them.
    const [seeded] = await Promise.all([this.seedAndServe(mongo, env), this.run(worker)]);
    await pages;
    const temporalUi = env['TEMPORAL_UI_ADDRESS'];
    return {
      addresses: {
        api: configuration.apiUrl,
        temporal: temporal.address,
        mongodb: mongo.address,
        ...(temporalUi ? { temporalUi } : {}),
      },
      seeded,
    };
  }

  /** Stops all in the opposite order of their start, each within its own time. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const child of [...this.children].reverse()) {
      if (child.pid === undefined) {
        // Nothing to stop yet, and nothing may begin from here.
        child.kill();
        continue;
      }
      this.setting.say(`Stopping ${inSentence(child.part.title)}`);
      await child.stop();
    }
  }

  /** Kills all at once. Nothing answered is lost by it: both stores write ahead. */
  kill(): void {
    this.stopping = true;
    for (const child of this.children) child.kill();
  }

  private async seedAndServe(mongo: Server, env: NodeJS.ProcessEnv): Promise<Seeded> {
    const { dataDir, say } = this.setting;
    const seeded = await this.own.seed({ mongoUri: mongo.address, dataDir, log: say });
    // Told at once and not only at the end: a start that is broken off here would never tell it again.
    for (const { username, password } of seeded.administrators ?? []) {
      say(`The first password of ${username}: ${password}`);
    }
    await this.run(this.register(this.ownPart('The API', 'api', this.own.api, env, 10_000)));
    return seeded;
  }

  private register(part: Part): Child {
    const child = new Child(part, this.setting.say);
    this.children.push(child);
    return child;
  }

  private async run(child: Child): Promise<void> {
    if (this.stopping) throw new StartRefused('The start was broken off.');
    const { title } = child.part;
    const began = Date.now();
    this.setting.say(`${title} is starting`);
    const seconds = (): string => ((Date.now() - began) / 1000).toFixed(1);
    const waiting = setInterval(
      () => this.setting.say(`  still waiting for ${inSentence(title)}, ${seconds()} s`),
      5_000,
    );
    try {
      await child.start();
    } finally {
      clearInterval(waiting);
    }
    this.setting.say(`${title} works after ${seconds()} s`);
  }

  private ownPart(
    title: string,
    name: string,
    command: readonly string[],
    env: NodeJS.ProcessEnv,
    stopWithinMs: number,
  ): Part {
    const url = `${this.setting.configuration.apiUrl}/readyz`;
    return {
      title,
      command,
      env,
      stopWithinMs,
      logFile: join(this.setting.dataDir, 'logs', `${name}.log`),
      // The API says that it is ready when it can act, and for that it needs the worker too.
      ready: () =>
        waitUntil(`${url} did not answer 200`, () => answersOk(url), { withinMs: 90_000, everyMs: 100 }),
    };
  }

  private ownEnvironment(mongo: Server, temporal: Server): NodeJS.ProcessEnv {
    const { configuration, env, dataDir } = this.setting;
    const ui = temporal.part
      ? `http://127.0.0.1:${configuration.temporalUiPort}`
      : configuration.temporalUiAddress;
    return {
      ...env,
      TEMPORAL_ADDRESS: temporal.address,
      ...(ui ? { TEMPORAL_UI_ADDRESS: ui } : {}),
      MONGODB_URI: mongo.address,
      PORT: String(configuration.apiPort),
      JIUGAI_DATA_DIR: dataDir,
    };
  }

  private async refuseTakenPorts(): Promise<void> {
    const { configuration } = this.setting;
    const wanted: [string, number][] = [['PORT', configuration.apiPort]];
    if (!configuration.temporalAddress) {
      wanted.push(
        ['TEMPORAL_PORT', configuration.temporalPort],
        ['TEMPORAL_UI_PORT', configuration.temporalUiPort],
      );
    }
    if (!configuration.mongodbUri) wanted.push(['MONGODB_PORT', configuration.mongodbPort]);
    for (const [variable, port] of wanted) {
      if (await isPortFree(port)) continue;
      throw new StartRefused(
        `Port ${port} is taken by another program: stop that one, or choose another port with ${variable}, as in ${variable}=${port + 1} npm start.`,
      );
    }
  }
}

/** Environment of every child: the start's own, with the mark by which leftovers are found. */
export function markedEnvironment(env: NodeJS.ProcessEnv, dataDir: string): NodeJS.ProcessEnv {
  return { ...env, [MARK]: dataDir };
}

const inSentence = (title: string): string => title.replace(/^The /, 'the ');
