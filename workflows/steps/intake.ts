import { intakeConfirmation, type IntakeContext } from '../../domain/forms/control';
import { defineStep } from '../step';

/** 接入: the city's housing bureau confirms the paper record of a project that the county takes in. */
export const intake = defineStep(
  'control',
  'intake',
  async (
    desk,
    input: IntakeContext & { notBy: readonly string[] },
  ): Promise<{ confirmed: boolean; opinion?: string }> => {
    const { notBy, ...context } = input;
    const { form } = await desk.ask(intakeConfirmation, {
      seat: { body: 'housing', level: 'city' },
      context,
      notBy,
      due: desk.place.period('control-consent'),
    });
    return { confirmed: form.confirmed, ...(form.opinion === undefined ? {} : { opinion: form.opinion }) };
  },
);
