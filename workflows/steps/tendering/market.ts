import type { CivilDate } from '../../../domain/calendar';
import type { Company } from '../../../domain/forms/procurement';
import { tenderClarification, type BiddingLot } from '../../../domain/forms/tender';
import { tenderObjection, tenderObjectionAnswer } from '../../../domain/forms/tender-award';
import type { LotSeen } from '../../../domain/forms/tendering';
import type { Contract } from '../../../domain/outputs';
import { candidatesFor } from '../../../domain/seats';
import type { Lot } from '../../../domain/tendering';
import type { TaskKind } from '../../../domain/task';
import { anyOf } from '../../assembly';
import { candidates, refreshOn } from '../../candidates';
import type { StepDesk } from '../../step';
import type { Answer, Request } from '../../task-desk';

const OWNER = { body: 'project-owner', level: 'market' } as const;

/** Candidates under publication, and what is objected to. */
export interface Publication {
  readonly lot: LotSeen;
  /** Objections are taken only while it runs. */
  running: boolean;
  open: number;
  /** Answers that upheld an objection: the bids are evaluated again. */
  readonly upheld: string[];
}

export type LotState = 'planned' | 'tendering' | 'purchasing' | 'awarded' | 'contracted';

interface LotProgress {
  readonly lot: LotSeen;
  readonly way: string;
  readonly state: LotState;
  readonly failures: number;
}

/** What all lots of a project share: who has won what, which bids are awaited, which candidates are published. */
export class Market {
  readonly bidding = new Map<string, BiddingLot>();
  readonly publications = new Map<string, Publication>();
  /** Owner's lots as planned, for the threshold's sums. */
  readonly planned: Lot[] = [];
  private readonly winners = new Map<string, { kind: LotSeen['kind']; company: string; priceFen: number }>();
  private readonly progress = new Map<string, LotProgress>();
  private awards = 0;

  constructor(
    readonly desk: StepDesk,
    readonly estimateFen: number,
  ) {
    this.acceptActs();
  }

  /** Assigns to the owner and waits; the context is refreshed when awards or the register change. */
  async owner<C, F extends Record<string, unknown>>(
    kind: TaskKind<C, F>,
    context: () => C,
    request: Omit<Request<C>, 'seat' | 'context'> = {},
  ): Promise<Answer<F>> {
    const assigned = await this.desk.assign(kind, { ...request, seat: OWNER, context: context() });
    const { place } = this.desk;
    refreshOn(this.desk, assigned, () => [this.awards, this.planned.length, place.organisations], context);
    return anyOf(assigned);
  }

  /** Whom the lot's tasks can choose; suppliers of materials are not in the register. */
  companies(lot: LotSeen): { companies?: Company[]; excluded: string[] } {
    const excluded = this.excludedFor(lot);
    if (lot.kind === 'materials') return { excluded };
    return { companies: candidatesFor(bodyOf(lot), this.desk.place.organisations), excluded };
  }

  /** Waits while nobody who could win is registered. */
  async ready(lot: LotSeen): Promise<void> {
    if (lot.kind !== 'materials') await candidates(this.desk, bodyOf(lot));
  }

  /** The supervisor is never one of those it supervises, and the other way round (建筑法 34). */
  excludedFor({ kind }: LotSeen): string[] {
    return [...this.winners.values()]
      .filter((other) => (other.kind === 'supervision') !== (kind === 'supervision'))
      .map(({ company }) => company);
  }

  /** An award binds the seat; of several works lots the largest one's contractor holds it. */
  award(lot: LotSeen, company: string, priceFen: number): void {
    this.winners.set(lot.id, { kind: lot.kind, company, priceFen });
    this.awards += 1;
    this.desk.tell('awarded', { lot: lot.id, name: lot.name, kind: lot.kind, company, priceFen });
    if (lot.kind === 'materials') return;
    const alike = [...this.winners.values()].filter(({ kind }) => kind === lot.kind);
    const largest = alike.reduce((most, one) => (one.priceFen > most.priceFen ? one : most));
    this.desk.bind(bodyOf(lot), largest.company);
  }

  show(lot: LotSeen, way: string, state: LotState, failures: number): void {
    this.progress.set(lot.id, { lot, way, state, failures });
    this.desk.show({
      lots: [...this.progress.values()].map(({ lot: { id, name, kind }, ...rest }) => ({
        id,
        name,
        kind,
        ...rest,
      })),
    });
  }

  private acceptActs(): void {
    const { desk } = this;
    const { periods } = desk.place.policy;
    desk.accept(
      tenderClarification,
      () => ({
        bidding: [...this.bidding.values()],
        periods: { 'tender-clarification': periods['tender-clarification'] },
      }),
      (form) => {
        const found = this.bidding.get(form.lot);
        if (found) this.bidding.set(form.lot, { ...found, bidDeadline: form.bidDeadline });
        return { bidDeadline: form.bidDeadline };
      },
    );
    desk.accept(
      tenderObjection,
      () => ({
        published: [...this.publications.values()]
          .filter(({ running }) => running)
          .map(({ lot: { id, name } }) => ({ lot: id, name })),
      }),
      ({ lot, objector, content }) => {
        const publication = this.publications.get(lot);
        if (!publication) return undefined;
        publication.open += 1;
        desk.place.spawn(() => this.answerObjection(publication, objector, content));
        return { lot };
      },
    );
  }

  private async answerObjection(publication: Publication, objector: string, content: string): Promise<void> {
    const { form } = await this.desk.ask(tenderObjectionAnswer, {
      seat: OWNER,
      context: { lot: publication.lot, objector, content },
      due: this.desk.place.period('tender-objection-answer'),
    });
    if (form.evaluateAgain) publication.upheld.push(form.answer);
    publication.open -= 1;
  }
}

function bodyOf({ kind }: LotSeen): 'contractor' | 'supervisor' {
  return kind === 'supervision' ? 'supervisor' : 'contractor';
}

/** A contract before it is signed. */
export interface Awarded {
  readonly company: string;
  readonly priceFen: number;
  /** Of the award notice; absent where it was not tendered. */
  readonly awardedOn?: CivilDate;
  readonly ground?: string;
  readonly way: Exclude<Contract['way'], 'operator'>;
}
