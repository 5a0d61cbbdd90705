import type {
  AcceptanceOutput,
  AccountsOutput,
  ArchiveOutput,
  HandoverOutput,
  ManagementOutput,
} from '../../domain/outputs';
import { begin, communities, contracts, needs, planOf, scheme, startAfterWorks, works } from './after-works';
import type { Engine } from './engine';

const planned = planOf([6]);

describe('the straight way through the steps after the works', () => {
  let engine: Engine;
  let accepted: AcceptanceOutput;
  let assets: HandoverOutput;
  beforeAll(async () => {
    engine = await startAfterWorks();
    const today = await engine.today();
    accepted = { acceptedOn: today, residentsPresent: 3, operatorsPending: [] };
    assets = { manager: '371300-property-manager', interim: false, handedOverOn: today };
  });
  afterAll(() => engine.stop());

  it('P2.4.1: convened, residents present, signed, reported and filed', async () => {
    const step = await begin<AcceptanceOutput>(engine, 'completionAcceptance', 'completion-acceptance', {
      planned,
      scheme,
      contracts,
      works,
      communities,
    });
    await step.complete('acceptance-convening');
    await engine.advance('12d');
    await step.complete('acceptance-meeting');
    await step.complete('acceptance-owner-signature');
    for (const body of ['designer', 'contractor', 'supervisor']) {
      await step.complete('acceptance-signature', {}, `371300-${body}`);
    }
    await step.complete('acceptance-report');
    await step.complete('acceptance-filing');
    await step.complete('acceptance-filing-receipt');
    const { output, documents } = await step.end();
    expect(output).toEqual({ acceptedOn: await engine.today(), residentsPresent: 3, operatorsPending: [] });
    expect(documents.map(({ key }) => key).sort()).toEqual([
      'acceptance-report',
      'as-built-drawings',
      'quality-statements',
      'quality-statements',
      'quality-statements',
      'warranty',
    ]);
  });

  it('P2.4.3: every contract settled, accounts drawn up and approved by county finance', async () => {
    const step = await begin<AccountsOutput>(engine, 'finalAccounts', 'final-accounts', {
      planned,
      contracts,
      works,
      accepted,
    });
    await step.complete('settlement-review');
    await step.complete('settlement-review');
    await step.complete('final-accounts');
    await step.complete('final-accounts-review');
    const { output } = await step.end();
    expect(output).toMatchObject({ settledFen: 300_000_000, budgetFen: 320_000_000, paidFen: 200_000_000 });
    expect(step.types()).toContain('archive-supplement-sealed');
  });

  it('P2.4.4: assembled, checked and sealed', async () => {
    const step = await begin<ArchiveOutput>(engine, 'archiving', 'archiving', {
      planned,
      scheme,
      contracts,
      accepted,
      documents: [],
      from: 'needs-collection',
      accounts: false,
    });
    await step.complete('archive-assembly');
    await step.complete('archive-check');
    const { output } = await step.end();
    expect(output.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(step.types()).toContain('archive-sealed');
  });

  it('P2.4.5: manager recorded, assets listed and accepted', async () => {
    const step = await begin<HandoverOutput>(engine, 'handover', 'handover', {
      planned,
      needs,
      accepted,
      communities,
    });
    await step.complete('manager-recording');
    await step.complete('handover-list');
    await step.complete('handover-acceptance');
    const { output, bindings } = await step.end();
    expect(output).toMatchObject({ manager: '371300-property-manager', interim: false });
    expect(bindings).toEqual({ 'property-manager': '371300-property-manager' });
  });

  it('P2.5.1: management in force, subsidised, satisfaction counted, evaluated by county and city', async () => {
    const step = await begin<ManagementOutput>(engine, 'propertyManagement', 'property-management', {
      needs,
      assets,
      communities,
    });
    await step.complete('management-in-force');
    await step.complete('management-subsidy');
    await step.complete('satisfaction-survey');
    await step.complete('county-evaluation');
    await step.complete('city-evaluation');
    const { output } = await step.end();
    expect(output).toEqual({
      mode: 'professional',
      subsidyFen: 1_200_000,
      satisfaction: { asked: 120, satisfied: 114 },
      evaluation: 'good',
    });
  });
});
