import { documentIssue, jointSignature, type ArrangementContext } from '../../domain/forms/annual-plan';
import { outside } from '../outside';
import { defineStep } from '../step';
import { THREE_BUREAUS } from './joint-review';

export interface JointDocument {
  readonly number: string;
  readonly date: string;
  /** The scan, for each listed project's file. */
  readonly document: string;
}

/**
 * 联合行文 (P2.2.3): the three bureaus sign, then city housing enters the number and date as issued. The lead
 * bureau's registry gives the number; we only see to it that no number stands for two documents.
 */
export const jointDocument = defineStep(
  'joint-document',
  'jointDocument',
  async (desk, input: ArrangementContext): Promise<JointDocument> => {
    const due = desk.place.period('joint-document');
    const bureaus = THREE_BUREAUS.map((seat) => ({ seat, context: input, due }));
    await desk.askJointly('joint-document', jointSignature, bureaus, ({ signed }) => signed);
    let remarks: string | undefined;
    for (let round = input.round; ; round += 1) {
      const { form } = await desk.ask(documentIssue, {
        seat: { body: 'housing', level: 'city' },
        context: { ...input, round, ...(remarks === undefined ? {} : { remarks }) },
        due,
      });
      const { taken } = await outside.claimDocumentNumber({
        number: form.number,
        claimedBy: `plan/${input.year}`,
      });
      if (!taken) return { number: form.number, date: form.date, document: form.document };
      remarks = `文号 ${form.number} 已被使用`;
    }
  },
);
