import { actKinds } from '../../domain/forms';
import { SYSTEM_ADMINISTRATION } from '../../domain/forms/repair';
import type { Json } from '../../domain/events';
import type { ProjectNode } from '../../domain/node';
import { Problem } from '../../domain/problems';
import { beginActUpdate, workflowIds, type ActRequest } from '../../workflows/messages';
import { refuseUnseenFiles } from '../attachments/cited';
import type { Context } from '../context';
import { signedAct } from '../engine/sign';
import { checkForm } from '../forms/check';
import type { Language } from '../http/language';
import { requestHash, updateIdOf } from '../idempotency';
import { officesOf, type Caller } from '../permissions';
import type { RecordedEvent } from '../../domain/events';

/** An act that people can begin now: which workflow takes it, and what its form depends on. */
export interface OpenAct {
  readonly act: string;
  readonly workflowId: string;
  readonly context: Json;
}

/** What can be begun in a project now: the controls of the project itself, and the acts of the steps that run. */
export async function openActs({ store }: Pick<Context, 'store'>, project: ProjectNode): Promise<OpenAct[]> {
  const steps = await Promise.all(Object.values(project.running).map((id) => store.steps.find(id)));
  const own = project.acts.map((one) => ({ ...one, workflowId: workflowIds.project(project.projectId) }));
  return [
    ...own,
    ...steps.flatMap((step) => (step?.acts ?? []).map((one) => ({ ...one, workflowId: step?._id ?? '' }))),
  ];
}

export interface BeginRequest {
  readonly act: string;
  /** Where the act is sent: a project's or a submission's. */
  readonly target: string;
  readonly caller: Caller;
  readonly form: unknown;
  readonly key: string | undefined;
  readonly language: Language;
  /** Where it can be begun now, if anywhere; asked only if the key has not been used before. */
  readonly find: () => Promise<OpenAct | undefined>;
}

/**
 * Begins an act in the name of the caller's organisation that may.
 * @returns the event of the record that it has become; the same one for the same key
 */
export async function beginAct(context: Context, request: BeginRequest): Promise<RecordedEvent> {
  const { store, decisions, signer, now } = context;
  const { caller, act, key, form, language } = request;
  const updateId = updateIdOf(caller.user, key);
  const bodyHash = requestHash(`act ${act} ${request.target}`, form);
  return decisions.once({ key, updateId, bodyHash }, async () => {
    const found = await request.find();
    const kind = actKinds[act];
    if (!found || !kind) throw new Problem('wrong-step');
    const checked = checkForm(kind.form(found.context as never), form, language);
    await refuseUnseenFiles(store, caller, checked);
    const offices = kind.byAdministrator ? [SYSTEM_ADMINISTRATION] : officesOf(caller);
    return inSomeOffice(offices, (organisation) =>
      decisions.send<ActRequest>({
        workflowId: found.workflowId,
        update: beginActUpdate,
        argument: () =>
          signedAct(
            signer,
            found.workflowId,
            { act, form: checked, by: { user: caller.user, organisation }, bodyHash },
            updateId,
            now(),
          ),
        updateId,
        bodyHash,
        gone: 'wrong-step',
      }),
    );
  });
}

/**
 * Only the workflow knows who holds the act's seats now, so each of the caller's organisations is asked in turn; a
 * refused Update leaves no trace.
 */
async function inSomeOffice<T>(
  offices: readonly string[],
  attempt: (organisation: string) => Promise<T>,
): Promise<T> {
  let refused: unknown = new Problem('not-your-seat');
  for (const organisation of offices) {
    try {
      return await attempt(organisation);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'not-your-seat') throw error;
      refused = error;
    }
  }
  throw refused;
}
