import { repairApproval, type RepairApprovalContext } from '../../domain/forms/repair';
import { defineStep } from '../step';

/** 应急修复审批: a signatory of the city's housing bureau approves what the system administrator has proposed. */
export const repairApprovalStep = defineStep(
  'control',
  'repairApproval',
  async (
    desk,
    context: RepairApprovalContext,
  ): Promise<{ approved: boolean; opinion?: string | undefined }> => {
    const due = desk.place.period('control-consent');
    const { form } = await desk.ask(repairApproval, {
      seat: { body: 'housing', level: 'city' },
      context,
      due,
    });
    return form;
  },
);
