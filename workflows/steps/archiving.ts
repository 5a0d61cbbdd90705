import { personsOf } from '../../domain/actor';
import { missingDocuments, requiredDocuments } from '../../domain/completeness';
import { archiveAssembly, archiveCheck, type AskedDocument } from '../../domain/forms/archiving';
import type {
  AcceptanceOutput,
  ArchiveOutput,
  Contract,
  PlanOutput,
  SchemeOutput,
} from '../../domain/outputs';
import { isBefore, STEP_ORDER } from '../../domain/project';
import { projectTraits } from '../../domain/traits';
import type { Seat, Step } from '../../policy/keys';
import { outside } from '../outside';
import { defineStep, type FiledDocument, type StepDesk } from '../step';

const OWNER: Seat = { body: 'project-owner', level: 'market' };
const COUNTY_HOUSING: Seat = { body: 'housing', level: 'county' };

export interface ArchivingInput {
  readonly planned: PlanOutput;
  readonly scheme: SchemeOutput;
  readonly contracts: readonly Contract[];
  readonly accepted: AcceptanceOutput;
  readonly documents: readonly FiledDocument[];
  /** The first step that was not done on paper before an intake; earlier ones owe what the intake brought. */
  readonly from: Step;
  /** The accounts are finished already; otherwise they join later as a supplement. */
  readonly accounts: boolean;
}

/** P2.4.4: the owner assembles, county housing checks, and the archive is sealed with a checksum. */
export const archiving = defineStep(
  'archiving',
  'archiving',
  async (desk, input: ArchivingInput): Promise<ArchiveOutput> => {
    const due = desk.place.period('archiving');
    const { acceptedOn } = input.accepted;
    let file = input.documents.map(located);
    let missing = missingIn(desk, input, file);
    for (let remarks: string | undefined; ;) {
      const { form: assembled, by } = await desk.ask(archiveAssembly, {
        seat: OWNER,
        context: {
          missing,
          filed: file.length,
          acceptedOn,
          ...(remarks === undefined ? {} : { remarks }),
        },
        due,
        dueFrom: acceptedOn,
      });
      const brought = Object.entries(assembled.documents).map(([key, attachment]) => ({ key, attachment }));
      // What was sent back is replaced by what was brought.
      file = [...file.filter(({ key }) => !missing.some((asked) => asked.key === key)), ...brought];
      const { form: check } = await desk.ask(archiveCheck, {
        seat: COUNTY_HOUSING,
        context: { documents: named(desk, file), volumes: assembled.volumes },
        notBy: personsOf(by),
      });
      if (check.passed) return sealed(desk, file);
      remarks = check.remarks;
      missing = named(desk, file).filter(({ key }) => check.returned?.includes(key) ?? false);
    }
  },
);

/** A document in the archive; `key` as `step.key`. */
interface Located {
  readonly key: string;
  readonly attachment: string;
}

/** What an earlier round of archiving brought carries its step in its key already. */
function located({ step, key, attachment }: FiledDocument): Located {
  return { key: step === 'archiving' ? key : `${step}.${key}`, attachment };
}

function missingIn(desk: StepDesk, input: ArchivingInput, file: readonly Located[]): AskedDocument[] {
  const { policy } = desk.place;
  const traits = projectTraits(input.planned.plan, input.scheme, input.contracts, policy);
  const last: Step = input.accounts ? 'final-accounts' : 'completion-acceptance';
  const steps = STEP_ORDER.filter((step) => !isBefore(step, input.from) && !isBefore(last, step));
  const present = file.flatMap(({ key }) => {
    const step = STEP_ORDER.find((one) => key.startsWith(`${one}.`));
    return step ? [{ step, key: key.slice(step.length + 1) }] : [];
  });
  const paths = missingDocuments(present, steps, traits, policy).map(({ path }) => path);
  // An operator that accepts later brings its record at the handover.
  const later =
    input.accepted.operatorsPending.length > 0 ? ['completion-acceptance.operator-acceptance'] : [];
  return steps
    .flatMap((step) =>
      requiredDocuments(step, traits, policy).map(({ key, name }) => ({ key: `${step}.${key}`, name })),
    )
    .filter(({ key }) => paths.includes(`documents.${key}`) && !later.includes(key));
}

/** Each document once, by the name that the policy gives it; one from paper keeps its own. */
function named(desk: StepDesk, file: readonly Located[]): AskedDocument[] {
  const names = new Map(
    Object.entries(desk.place.policy.documents).flatMap(([step, documents]) =>
      documents.map(({ key, name }): [string, string] => [`${step}.${key}`, name]),
    ),
  );
  return [...new Set(file.map(({ key }) => key))].map((key) => ({ key, name: names.get(key) ?? key }));
}

async function sealed(desk: StepDesk, file: readonly Located[]): Promise<ArchiveOutput> {
  const documents = file.map(({ key, attachment }) => {
    const step = STEP_ORDER.find((one) => key.startsWith(`${one}.`)) ?? 'archiving';
    return { step, name: key.slice(step.length + 1), attachment };
  });
  const seal = await outside.sealArchive({ projectId: desk.start.projectId ?? '', documents });
  desk.tell('archive-sealed', seal);
  desk.show(seal);
  return { ...seal, sealedOn: desk.place.today() };
}
