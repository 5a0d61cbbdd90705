import { broughtTo } from '../../bin/demo/taken-in';
import { sampleCommunities } from '../../bin/sample-city/communities';
import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import type { Step } from '../../policy/keys';
import type { Store } from '../../store/connect';
import type { Dice } from '../../test/faults/dice';
import type { Crowd } from './crowd';
import type { Sender } from './sender';

/** Where projects begin: with their residents, or at the step at which they are taken in from paper. */
const ENTRANCES = [
  'needs-collection',
  'preliminary-plan',
  'public-notice',
  'scheme-review',
  'tendering',
  'construction',
] as const satisfies readonly Step[];

const INVESTMENT_FEN = 40_000_000_00;
/** A county has so many projects; few counties have few people, who then have much to do. */
const PROJECTS_A_COUNTY = 40;

/** Counties of the sample city with a housing bureau of their own: so many as the projects need. */
export function countiesFor(projects: number): string[] {
  const elsewhere = new Set(
    linyi.seatMappings.filter(({ seat }) => seat === 'housing@county').map(({ area }) => area),
  );
  const counties = linyi.areas.filter(({ kind, code }) => kind === 'county' && !elsewhere.has(code));
  return counties.map(({ code }) => code).slice(0, Math.max(1, Math.ceil(projects / PROJECTS_A_COUNTY)));
}

/** Enters as many eligible communities as there will be projects; the sample city has four a county. */
export async function registerCommunities(
  store: Store,
  counties: readonly string[],
  projects: number,
): Promise<string[]> {
  const patterns = sampleCommunities(linyi).filter(({ place }) => counties.includes(place.county));
  const now = new Date();
  const rows = Array.from({ length: projects }, (_, n) => {
    const pattern = patterns[n % patterns.length];
    if (!pattern) throw new Error('the sample city has no communities there');
    const _id = `${pattern._id}-t${n}`;
    return { ...pattern, _id, name: `${pattern.name}（样例 ${n}）`, createdAt: now, updatedAt: now };
  });
  await store.communities.model.insertMany(rows);
  return rows.map(({ _id }) => _id);
}

/** Begins projects, one for each community, spread over the steps. */
export class Beginner {
  private begun = 0;
  private readonly year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
  private readonly items = linyi.items.filter((item) => item.class === 'basic').map(({ no }) => no);

  constructor(
    private readonly sender: Sender,
    private readonly crowd: Crowd,
    private readonly communities: readonly string[],
    private readonly dice: Dice,
  ) {}

  /** The year's plan must be open before projects can ask to be in it. */
  async openPlan(): Promise<void> {
    const person = this.crowd.person(`${linyi.city.code}-housing-1`);
    await this.sender.send(person, 'plan', '/plans', { year: this.year }, { staysOn: true });
    for (let open = false; !open;) {
      const plan = await this.sender.read<{ open?: boolean }>(person, 'plan', `/plans/${this.year}`);
      open = plan?.open === true;
    }
  }

  /** Begins the next project, if by this share of the run one more should have begun. */
  next(share: number): Promise<unknown> | undefined {
    const community = this.communities[this.begun];
    if (community === undefined || this.begun >= share * this.communities.length) return undefined;
    this.begun += 1;
    const person = this.crowd.person(`${community.slice(0, 6)}-housing-1`);
    const enterAt = this.dice.oneOf(ENTRANCES);
    const { year, items } = this;
    // Who begins a project wants it to have begun: the walks away are others'.
    if (enterAt === 'needs-collection') {
      const body = { communityIds: [community], year };
      return this.sender.send(person, 'project', '/projects', body, { staysOn: true, community });
    }
    const body = broughtTo(
      enterAt,
      { id: community, investmentFen: INVESTMENT_FEN },
      { items, year, now: Date.now() },
    );
    return this.sender.send(person, 'intake', '/projects/intake', body, { staysOn: true, community });
  }
}
