import type { Actor } from '../domain/actor';
import { SUSPENDED } from '../domain/desk-rules';
import type { Json } from '../domain/events';
import { SYSTEM_ADMINISTRATION } from '../domain/forms/repair';
import type { ActKind, AnyActKind } from '../domain/task';
import type { Seat } from '../policy/keys';
import { fault, requireNone, requireShape } from './faults';
import type { ActRequest, Receipt } from './messages';
import type { Workplace } from './workplace';

interface Accepted {
  readonly kind: AnyActKind;
  readonly context: () => Json;
  readonly begin: (form: never, by: Actor) => Json | undefined | void;
  readonly whenSuspended: boolean;
  readonly whenStopped: boolean;
  readonly seats: () => readonly Seat[];
}

/**
 * The acts that people begin of themselves (a finding, a payment request, a withdrawal), as Updates.
 *
 * Like the task desk: the validator refuses without a trace, the handler is synchronous and what it begins opens
 * tasks. An act that no workflow accepts at this moment is refused as `wrong-step`.
 */
export class ActDesk {
  private readonly accepted = new Map<string, Accepted>();

  constructor(
    private readonly place: Workplace,
    private readonly workflowId: string,
  ) {}

  /**
   * @param context what the rules look at, read at the moment of the act
   * @param options.seats who may, where policy says it by the project's stretch of life instead of once for all
   * @param begin changes state and may spawn work; must not await. What it returns is answered to the caller.
   */
  accept<Context, Form extends Record<string, unknown>>(
    kind: ActKind<Context, Form>,
    context: () => Context,
    begin: (form: Form, by: Actor) => Json | undefined | void,
    options: {
      whenSuspended?: boolean;
      /** Though the record stands still for repair. */
      whenStopped?: boolean;
      seats?: () => readonly Seat[];
    } = {},
  ): void {
    this.accepted.set(kind.act, {
      kind: kind as unknown as AnyActKind,
      context: context as () => Json,
      begin: begin as Accepted['begin'],
      whenSuspended: options.whenSuspended ?? false,
      whenStopped: options.whenStopped ?? false,
      seats: options.seats ?? (() => kind.seats),
    });
  }

  refuse(act: string): void {
    this.accepted.delete(act);
  }

  /** Nothing can be begun any more. */
  close(): void {
    this.accepted.clear();
  }

  /** Acts that can be begun now, with the context that their form and example need: for the projection. */
  open(): { act: string; context: Json }[] {
    return [...this.accepted].map(([act, { context }]) => ({ act, context: context() }));
  }

  validate(request: ActRequest, updateId: string): void {
    const accepted = this.find(request.act);
    if (this.place.stopped && !accepted.whenStopped) throw fault('needs-repair');
    if (this.place.suspended && !accepted.whenSuspended) throw fault('wrong-step', { detail: SUSPENDED });
    if (!this.mayBegin(accepted, request.by.organisation)) throw fault('not-your-seat');
    this.place.authority.checkAct(request, updateId);
    const context = accepted.context() as never;
    requireShape(accepted.kind.form(context), request.form);
    requireNone(accepted.kind.rules?.(request.form as never, context, this.place.moment()));
  }

  begin(request: ActRequest, updateId: string): Receipt {
    const accepted = this.find(request.act);
    const seq = this.place.keeper.tell({
      type: `${request.act}-begun`,
      by: request.by,
      ...reasonOf(request.form),
      data: { form: request.form },
      updateId,
      bodyHash: request.bodyHash,
      signature: request.signature,
    });
    const data = accepted.begin(request.form as never, request.by);
    return {
      workflowId: this.workflowId,
      seq,
      bodyHash: request.bodyHash,
      ...(data === undefined ? {} : { data }),
    };
  }

  /** That an administrator is one, only the API knows; its signature says so. */
  private mayBegin(accepted: Accepted, organisation: string): boolean {
    if (accepted.kind.byAdministrator) return organisation === SYSTEM_ADMINISTRATION;
    return accepted.seats().some((seat) => this.place.holds(organisation, seat));
  }

  private find(act: string): Accepted {
    const accepted = this.accepted.get(act);
    if (!accepted) throw fault('wrong-step');
    return accepted;
  }
}

function reasonOf(form: Json): { reason?: string } {
  const reason =
    form !== null && typeof form === 'object' && !Array.isArray(form) ? form['reason'] : undefined;
  return typeof reason === 'string' ? { reason } : {};
}
