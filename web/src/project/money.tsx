import type { ReactNode } from 'react';
import type { Payment } from '../../../domain/construction';
import type {
  AccountsOutput,
  ContractsOutput,
  ManagementOutput,
  PlanOutput,
  SchemeOutput,
  WorksOutput,
} from '../../../domain/outputs';
import { useOrganisations, usePolicy } from '../api/names';
import type { Project } from '../api/projects';
import { yuanOf } from '../words/amounts';
import { useTexts } from './texts';

interface SiteFacts {
  readonly certifiedPercent?: number;
  readonly committedFen?: number;
  readonly paidFen?: number;
  readonly payments?: readonly Payment[];
}

/** Budget by source, contracts, payments, settlement: as far as the steps have told. */
export function Money({ project }: { project: Project }) {
  const texts = useTexts();
  const plan = project.outputs['preliminary-plan'] as PlanOutput | undefined;
  const scheme = project.outputs['scheme-review'] as SchemeOutput | undefined;
  const tendering = project.outputs['tendering'] as ContractsOutput | undefined;
  const works = project.outputs['construction'] as WorksOutput | undefined;
  const accounts = project.outputs['final-accounts'] as AccountsOutput | undefined;
  const management = project.outputs['property-management'] as ManagementOutput | undefined;
  const site = project.history.findLast(({ step }) => step === 'construction')?.facts as
    SiteFacts | undefined;
  if (!plan) {
    return (
      <section className="card">
        <p>{texts.money.hidden}</p>
      </section>
    );
  }
  const budget = sum(plan.plan.communities.map(({ budgetFen }) => budgetFen));
  const figures: [label: string, value: string | undefined][] = [
    [texts.money.budget, yuanOf(budget)],
    [texts.money.estimate, fen(scheme?.estimateFen)],
    [texts.money.committed, fen(site?.committedFen)],
    [texts.money.changes, fen(works?.approvedChangesFen)],
    [texts.money.paid, fen(accounts?.paidFen ?? works?.paidFen ?? site?.paidFen)],
    [texts.money.progress, site?.certifiedPercent === undefined ? undefined : `${site.certifiedPercent}%`],
    [texts.money.settled, fen(accounts?.settledFen)],
    [texts.money.subsidy, fen(management?.subsidyFen)],
  ];
  return (
    <>
      <section className="card">
        <dl className="figures">
          {figures.map(([label, value]) =>
            value === undefined ? null : (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ),
          )}
        </dl>
      </section>
      <Funding plan={plan} budget={budget} />
      <Contracts contracts={tendering?.contracts ?? []} works={works} />
      <Payments payments={site?.payments ?? []} />
    </>
  );
}

function Funding({ plan, budget }: { plan: PlanOutput; budget: number }) {
  const texts = useTexts();
  const policy = usePolicy();
  const entries = plan.plan.communities.flatMap(({ funding }) => funding);
  const sources = [...new Set(entries.map(({ source }) => source))].map((source) => ({
    source,
    name: policy?.sources.find(({ key }) => key === source)?.name ?? source,
    amount: sum(entries.filter((one) => one.source === source).map(({ amountFen }) => amountFen)),
  }));
  return (
    <Table title={texts.money.funding} heads={[texts.money.source, texts.money.amount, texts.money.share]}>
      {sources.map(({ source, name, amount }) => (
        <tr key={source}>
          <td>{name}</td>
          <td className="number">{yuanOf(amount)}</td>
          <td className="number">{percent(amount, budget)}</td>
        </tr>
      ))}
      <tr className="total">
        <td>{texts.money.total}</td>
        <td className="number">{yuanOf(sum(sources.map(({ amount }) => amount)))}</td>
        <td className="number">{percent(sum(sources.map(({ amount }) => amount)), budget)}</td>
      </tr>
    </Table>
  );
}

function Contracts({
  contracts,
  works,
}: {
  contracts: ContractsOutput['contracts'];
  works: WorksOutput | undefined;
}) {
  const { money } = useTexts();
  const name = useOrganisations(contracts.map(({ winner }) => winner));
  if (contracts.length === 0) {
    return (
      <section className="card">
        <h2>{money.contracts}</h2>
        <p>{money.noContracts}</p>
      </section>
    );
  }
  const heads = [money.lot, money.company, money.how, money.amount, money.advance, money.paid, money.signed];
  return (
    <Table title={money.contracts} heads={heads} numbers={[3, 4, 5]}>
      {contracts.map((one) => {
        const paid = works?.lots?.find(({ lot }) => lot === one.lot)?.paidFen;
        return (
          <tr key={one.lot}>
            <td>
              {one.name ?? one.lot}
              <div className="hint">{money.kind[one.kind]}</div>
            </td>
            <td>{name(one.winner)}</td>
            <td className="whole">{money.way[one.way]}</td>
            <td className="number">{yuanOf(one.amountFen)}</td>
            <td className="number">{fen(one.advanceFen)}</td>
            <td className="number">{fen(paid)}</td>
            <td className="whole">{one.signedOn}</td>
          </tr>
        );
      })}
      <tr className="total">
        <td colSpan={3}>{money.total}</td>
        <td className="number">{yuanOf(sum(contracts.map(({ amountFen }) => amountFen)))}</td>
        <td className="number">{yuanOf(sum(contracts.map(({ advanceFen = 0 }) => advanceFen)))}</td>
        <td className="number">{fen(works?.paidFen)}</td>
        <td />
      </tr>
    </Table>
  );
}

function Payments({ payments }: { payments: readonly Payment[] }) {
  const { money } = useTexts();
  if (payments.length === 0) {
    return (
      <section className="card">
        <h2>{money.payments}</h2>
        <p>{money.noPayments}</p>
      </section>
    );
  }
  return (
    <Table title={money.payments} heads={[money.lot, money.invoice, money.amount, '']} numbers={[2]}>
      {payments.map((one) => (
        <tr key={one.id}>
          <td>{one.lot}</td>
          <td>{one.invoice}</td>
          <td className="number">{yuanOf(one.amountFen)}</td>
          <td>{money.state[one.state]}</td>
        </tr>
      ))}
    </Table>
  );
}

function Table({
  title,
  heads,
  numbers = [1, 2],
  children,
}: {
  title: string;
  heads: readonly string[];
  numbers?: readonly number[];
  children: ReactNode;
}) {
  return (
    <section className="card">
      <h2>{title}</h2>
      <div className="scroll" role="region" aria-label={title} tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              {heads.map((head, i) => (
                <th key={i} scope="col" className={numbers.includes(i) ? 'number' : undefined}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </section>
  );
}

const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);
const fen = (amount: number | undefined): string | undefined =>
  amount === undefined ? undefined : yuanOf(amount);
const percent = (part: number, whole: number): string =>
  whole === 0 ? '' : `${((part / whole) * 100).toFixed(1)}%`;
