import { municipalApproval as approvalTask, type ArrangementContext } from '../../domain/forms/annual-plan';
import { defineStep } from '../step';

/** 报经市政府同意 (P2.2.2); often on paper, then recorded by city housing. */
export const municipalApproval = defineStep(
  'municipal-approval',
  'municipalApproval',
  async (desk, input: ArrangementContext): Promise<{ approved: boolean; remarks?: string }> => {
    const { form } = await desk.ask(approvalTask, {
      seat: { body: 'government', level: 'city' },
      context: input,
      due: desk.place.period('municipal-approval'),
    });
    return { approved: form.approved, ...(form.remarks === undefined ? {} : { remarks: form.remarks }) };
  },
);
