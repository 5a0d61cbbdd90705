import { controlConsent, type ConsentContext } from '../../domain/forms/control';
import type { Seat } from '../../policy/keys';
import { allOf } from '../assembly';
import { defineStep } from '../step';

/** 同意: a withdrawal or cancellation takes effect when every seat that the policy names has consented. */
export const consent = defineStep(
  'control',
  'consent',
  async (
    desk,
    input: { seats: readonly Seat[]; context: ConsentContext; notBy: readonly string[] },
  ): Promise<{ consented: boolean }> => {
    const due = desk.place.period('control-consent');
    const asked = await Promise.all(
      input.seats.map((seat) =>
        desk.assign(controlConsent, { seat, context: input.context, notBy: input.notBy, due }),
      ),
    );
    const answers = await allOf(asked.flat());
    return { consented: answers.every(({ form }) => form.consent) };
  },
);
