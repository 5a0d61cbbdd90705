import { withoutSigners, withSuccessor, type CoSigner, type CoSigning } from '../co-signing';
import type { Json } from '../events';
import { claim } from '../forms/task-acts/claim';
import { coSignature } from '../forms/task-acts/co-signature';
import { coSignatureRemoval } from '../forms/task-acts/co-signature-removal';
import { delegation } from '../forms/task-acts/delegation';
import { handOver } from '../forms/task-acts/hand-over';
import { release } from '../forms/task-acts/release';
import { signOffReturn } from '../forms/task-acts/sign-off-return';
import { transfer } from '../forms/task-acts/transfer';

/** What was decided or entered, by whom, and in whose stead where they stood in for another. */
export interface Said {
  readonly content: string;
  readonly user: string;
  readonly principal: string;
}

export interface SignedSoFar {
  readonly stages: readonly Json[];
  readonly signed: readonly (readonly string[])[];
  readonly content?: string;
}

/** An open task, as far as the record must know it to say who may decide it. */
export interface OpenTask {
  readonly kind: string;
  readonly organisation: string;
  /** What was entered for it from paper, and who entered it, until a second person has answered. */
  readonly paper?: Said;
  /** Who has it; nobody else of the organisation decides it. */
  readonly holder?: string | undefined;
  /** Who must answer before the holder. */
  readonly delegate?: string | undefined;
  /** Decided, and not in force before the co-signers have signed. */
  readonly decided?: Said | undefined;
  /** 经办、审核、签发: which roles in order, who has signed so far, and what. */
  readonly signOff?: SignedSoFar | undefined;
  readonly coSigning?: CoSigning | undefined;
  /** The task that it co-signs, and as which of its co-signers. */
  readonly coSigns?: { readonly task: string; readonly place: number } | undefined;
}

/** Who has the task after an act, and who signs with them; the form was signed. */
export function after(type: string, open: OpenTask, user: string, form: ReturnType<typeof record>): OpenTask {
  if (type === claim.event) return { ...open, holder: user };
  if (type === release.event) return { ...open, holder: undefined, delegate: undefined };
  if (type === transfer.event) {
    const { organisation = open.organisation, user: to } = form;
    const holder = to === undefined ? undefined : String(to);
    const elsewhere = organisation !== open.organisation && open.signOff;
    const anew = elsewhere ? { signOff: { stages: elsewhere.stages, signed: [] } } : {};
    return { ...open, ...anew, organisation: String(organisation), holder, delegate: undefined };
  }
  if (type === signOffReturn.event && open.signOff) {
    const [holder] = open.signOff.signed[0]?.slice(-1) ?? [];
    const signOff = { stages: open.signOff.stages, signed: [] };
    return { ...open, holder: form['toAnybody'] === true ? undefined : holder, delegate: undefined, signOff };
  }
  if (type === delegation.event) return { ...open, holder: user, delegate: String(form['user']) };
  if (type === handOver.event) return handedOver(open, user, String(form['user']));
  const signers = (Array.isArray(form['signers']) ? form['signers'] : []) as unknown as Signer[];
  if (type === coSignature.event) {
    const { when, rule } = form as unknown as Pick<CoSigning, 'when' | 'rule'>;
    const waiting = signers.map((one) => ({ ...one, state: 'waiting' as const }));
    return { ...open, coSigning: { when, rule, question: '', signers: waiting } };
  }
  if (type === coSignatureRemoval.event && open.coSigning) {
    return { ...open, coSigning: withoutSigners(open.coSigning, signers) };
  }
  return open;
}

/** What waited for whoever leaves waits for their successor. */
function handedOver(open: OpenTask, leaver: string, successor: string): OpenTask {
  const next = (one: string | undefined): string | undefined => (one === leaver ? successor : one);
  const [holder, delegate] = [next(open.holder), next(open.delegate)];
  return {
    ...open,
    holder,
    delegate: delegate === holder ? undefined : delegate,
    ...(open.coSigning ? { coSigning: withSuccessor(open.coSigning, leaver, successor) } : {}),
  };
}

type Signer = Pick<CoSigner, 'organisation' | 'user'>;

/** What an altered record holds may be anything. */
export function record(data: Json | undefined): Readonly<Record<string, Json | undefined>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {};
}
