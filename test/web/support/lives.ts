import { readFile } from 'node:fs/promises';
import type { Person } from '../../../bin/demo/client';
import { takeIn } from '../../../bin/demo/taken-in';
import { City as Crowd, type Account, type Done } from '../../integration/generic-client';
import type { City } from './city';

/** Everybody of one county and of the city, who do what is theirs with its example, past the pages. */
export async function crowdOf({ rehearsal }: City, county: string): Promise<Crowd> {
  const accounts = JSON.parse(await readFile(rehearsal.accountsFile, 'utf8')) as Account[];
  const near = accounts.filter(({ area }) => area.startsWith(county) || area === '371300');
  return Crowd.logIn(rehearsal.url, near);
}

interface Begun {
  readonly id: string;
}

/** Begins a project of a community and lets everybody work until it is in a step; answers its id. */
export async function projectIn(
  city: City,
  crowd: Crowd,
  { community, step }: { readonly community: string; readonly step: string },
): Promise<string> {
  const subdistrict = crowd.one('subdistrict', 'subdistrict', `${community.split('-')[0]}-s1`);
  const body = { communityIds: [community], year: city.rehearsal.planYear };
  const answer = await subdistrict.post<Begun>('/projects', body);
  if (answer.status !== 201) throw new Error(`the project of ${community}: ${JSON.stringify(answer.body)}`);
  const { id } = answer.body;
  const done: Done[] = [];
  for (let days = 0; days < 400; days += 2) {
    await crowd.workUntilIdle(id, done);
    const { body: project } = await subdistrict.get<{ steps: string[] }>(`/projects/${id}`);
    if (project.steps.includes(step)) return id;
    await crowd.advance('P2D');
  }
  throw new Error(`${id} did not come to ${step}`);
}

/** Begins a project of a community and lets everybody work until a task of this kind is open in it, and nobody decides it. */
export async function projectUpTo(
  city: City,
  crowd: Crowd,
  { community, kind }: { readonly community: string; readonly kind: string },
): Promise<{ readonly id: string; readonly task: string; readonly organisation: string }> {
  const subdistrict = crowd.one('subdistrict', 'subdistrict', `${community.split('-')[0]}-s1`);
  const body = { communityIds: [community], year: city.rehearsal.planYear };
  const { id } = (await subdistrict.post<Begun>('/projects', body)).body;
  for (let days = 0; days < 400; days += 1) {
    for (let worked = 1; worked > 0;) {
      worked = 0;
      for (const person of await crowd.awaitedBy(id)) {
        const tasks = (await person.tasks()).filter(({ projectId }) => projectId === id);
        const found = tasks.find((one) => one.kind === kind);
        if (found) return { id, task: found.id, organisation: found.organisation };
        for (const task of tasks) if (await person.complete(task)) worked += 1;
      }
      await crowd.advance('PT1S');
    }
    await crowd.advance('P1D');
  }
  throw new Error(`${id} did not come to ${kind}`);
}

/** A project whose works are under way, taken in from paper: with contracts, at once. */
export async function projectFromPaper(city: City, county: Person, community: string): Promise<string> {
  const { planYear, now } = city.rehearsal;
  const row = { id: community, no: 1, name: '样例', investmentFen: 480_000_000 };
  return takeIn(county, row as unknown as Parameters<typeof takeIn>[1], { year: planYear, now: now() });
}
