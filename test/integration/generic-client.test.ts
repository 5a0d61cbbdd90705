import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRehearsal, type Rehearsal } from '../../bin/rehearsal/start';
import { City, type Account, workUntilEnded } from './generic-client';

const COUNTY = '371302';
/** The life of a project from its survey to property management, with a year's wait for the plan in it. */
const LONGEST_LIFE_DAYS = 1_500;

let folder: string;
let rehearsal: Rehearsal;
let city: City;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jiugai-generic-'));
  rehearsal = await startRehearsal({
    dataDir: folder,
    port: 0,
    mongodbPort: 0,
    env: serversOfTheirOwn(),
    cacheDir: join(__dirname, '../../node_modules/.cache/jiugai'),
    say: () => undefined,
  });
  const accounts = JSON.parse(await readFile(rehearsal.accountsFile, 'utf8')) as Account[];
  // One county's people and the city's are enough for a project of that county.
  const near = accounts.filter(({ area }) => area.startsWith(COUNTY) || area === '371300');
  city = await City.logIn(rehearsal.url, near);
}, 120_000);

afterAll(async () => {
  await rehearsal?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** A test never uses a server that somebody else works with. */
function serversOfTheirOwn(): NodeJS.ProcessEnv {
  const { TEMPORAL_ADDRESS: _temporal, MONGODB_URI: _mongodb, ...env } = process.env;
  return env;
}

test('P2: a client that only posts examples brings a project from needs collection to property management', async () => {
  const subdistrict = city.one('subdistrict', 'subdistrict', `${COUNTY}-s1`);
  const begun = await subdistrict.post<{ id: string }>('/projects', {
    communityIds: [`${COUNTY}-c1`],
    year: rehearsal.planYear,
  });
  expect(begun).toMatchObject({ status: 201 });
  const { id } = begun.body;

  const project = async () =>
    (
      await subdistrict.get<{ status: string; steps: string[]; rounds: Record<string, number> }>(
        `/projects/${id}`,
      )
    ).body;
  const done = await workUntilEnded(
    city,
    { id, ended: async () => !['running', 'waiting'].includes((await project()).status) },
    LONGEST_LIFE_DAYS,
  );

  expect(await project()).toMatchObject({ status: 'completed', steps: [] });
  const steps = new Set(done.map(({ step }) => step));
  expect([...steps]).toEqual(
    expect.arrayContaining([
      'needs-collection',
      'preliminary-plan',
      'public-notice',
      'county-submission',
      'municipal-approval',
      'joint-document',
      'scheme-review',
      'tendering',
      'construction',
      'completion-acceptance',
      'final-accounts',
      'archiving',
      'handover',
      'property-management',
    ]),
  );
  // The three bureaus' review is part of what the county's submission asks for.
  expect(done.filter(({ kind }) => kind === 'joint-review')).toHaveLength(3);
}, 240_000);
