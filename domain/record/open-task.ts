import { withoutSigners, type CoSigner, type CoSigning } from '../co-signing';
import type { Json } from '../events';
import { claim } from '../forms/task-acts/claim';
import { coSignature } from '../forms/task-acts/co-signature';
import { coSignatureRemoval } from '../forms/task-acts/co-signature-removal';
import { delegation } from '../forms/task-acts/delegation';
import { release } from '../forms/task-acts/release';
import { transfer } from '../forms/task-acts/transfer';

/** What was decided or entered, by whom, and in whose stead where they stood in for another. */
export interface Said {
  readonly content: string;
  readonly user: string;
  readonly principal: string;
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
    return { ...open, organisation: String(organisation), holder, delegate: undefined };
  }
  if (type === delegation.event) return { ...open, holder: user, delegate: String(form['user']) };
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

type Signer = Pick<CoSigner, 'organisation' | 'user'>;

/** What an altered record holds may be anything. */
export function record(data: Json | undefined): Readonly<Record<string, Json | undefined>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {};
}
