import { eventually } from '../worker/running-worker';
import { samplesIn } from './exposition';
import { startFleet, type Fleet, type Member } from './fleet';

type Part = 'engine' | 'store' | 'worker';
interface Readiness {
  readonly status: number;
  readonly ms: number;
  readonly parts: Readonly<Record<Part, string>>;
}

/** Each thing that is needed is taken away from real processes, and what they say of themselves is true. */
describe('readiness tells the truth', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet();
  });
  afterAll(() => fleet?.stop());

  async function ask({ url }: Member): Promise<Readiness> {
    const began = Date.now();
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(10_000) });
    const { status: _, ...parts } = (await answer.json()) as Record<Part, string> & { status: string };
    return { status: answer.status, ms: Date.now() - began, parts };
  }

  /** Within half a minute it says so, each answer within five seconds; meanwhile the process says that it lives. */
  async function says(member: Member, parts: Partial<Record<Part, string>>): Promise<void> {
    const status = Object.values(parts).includes('away') ? 503 : 200;
    await eventually(
      `${member.url} says ${JSON.stringify(parts)}`,
      async () => {
        const found = await ask(member);
        expect(found.ms).toBeLessThan(5_000);
        const same = Object.entries(parts).every(([part, state]) => found.parts[part as Part] === state);
        return same && found.status === status;
      },
      30_000,
    );
    expect((await fetch(`${member.url}/healthz`)).status).toBe(200);
  }

  const WELL = { engine: 'ok', store: 'ok', worker: 'ok' };
  const bothWell = () => Promise.all([says(fleet.api, WELL), says(fleet.worker, WELL)]);

  async function measured(part: Part): Promise<number | undefined> {
    const samples = samplesIn(await (await fetch(`${fleet.api.url}/metrics`)).text());
    return samples.find(({ name, labels }) => name === 'jiugai_ready' && labels['part'] === part)?.value;
  }

  test('with everything there, both are ready', async () => {
    await bothWell();
  });

  test('the worker was killed: the engine still lists it, and the API does not believe it', async () => {
    fleet.worker.signal('SIGKILL');
    await says(fleet.api, { engine: 'ok', store: 'ok', worker: 'away' });
    expect(await measured('worker')).toBe(0);
    await fleet.worker.restart();
    await bothWell();
    expect(await measured('worker')).toBe(1);
  }, 150_000);

  test('the worker stands still: it is not there, and is when it goes on', async () => {
    fleet.worker.signal('SIGSTOP');
    await says(fleet.api, { engine: 'ok', store: 'ok', worker: 'away' });
    fleet.worker.signal('SIGCONT');
    await bothWell();
  }, 150_000);

  test('the worker has ended in good order: that is known at once', async () => {
    fleet.worker.signal('SIGTERM');
    await says(fleet.api, { worker: 'away' });
    await fleet.worker.restart();
    await bothWell();
  }, 150_000);

  test('the engine was killed: both say so, and that the store is there', async () => {
    await fleet.temporal().kill();
    await Promise.all([
      says(fleet.api, { engine: 'away', store: 'ok' }),
      says(fleet.worker, { engine: 'away', store: 'ok' }),
    ]);
    await fleet.restartTemporal();
    await bothWell();
  }, 150_000);

  test('the engine takes calls and answers none: both say so in time', async () => {
    process.kill(fleet.temporal().pid, 'SIGSTOP');
    await Promise.all([
      says(fleet.api, { engine: 'away', store: 'ok' }),
      says(fleet.worker, { engine: 'away', store: 'ok' }),
    ]);
    process.kill(fleet.temporal().pid, 'SIGCONT');
    await bothWell();
  }, 150_000);

  test('the store was killed: both say so, and the worker that polls is believed', async () => {
    await fleet.mongo().kill();
    await Promise.all([
      says(fleet.api, { engine: 'ok', store: 'away', worker: 'ok' }),
      says(fleet.worker, { engine: 'ok', store: 'away', worker: 'ok' }),
    ]);
    await fleet.restartMongo();
    await bothWell();
  }, 150_000);

  test('the store takes calls and answers none: both say so in time', async () => {
    process.kill(fleet.mongo().pid, 'SIGSTOP');
    await Promise.all([
      says(fleet.api, { engine: 'ok', store: 'away' }),
      says(fleet.worker, { engine: 'ok', store: 'away' }),
    ]);
    process.kill(fleet.mongo().pid, 'SIGCONT');
    await bothWell();
  }, 150_000);
});
