import { controlConsent, type ConsentContext } from '../../domain/forms/control';
import type { Seat } from '../../policy/keys';
import { defineStep, type StepDesk } from '../step';

interface Input {
  readonly seats: readonly Seat[];
  readonly context: ConsentContext;
  readonly notBy: readonly string[];
}

/** 同意: a withdrawal or cancellation takes effect when the seats that the policy names have consented, by its rule. */
export const consent = defineStep('control', 'consent', askConsent);

export async function askConsent(desk: StepDesk, input: Input): Promise<{ consented: boolean }> {
  const due = desk.place.period('control-consent');
  const { carried } = await desk.askJointly(
    input.context.act === 'cancellation' ? 'cancellation-consent' : 'withdrawal-consent',
    controlConsent,
    input.seats.map((seat) => ({ seat, context: input.context, notBy: input.notBy, due })),
    ({ consent: agrees }) => agrees,
  );
  return { consented: carried };
}
