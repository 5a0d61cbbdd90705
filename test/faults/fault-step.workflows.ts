import { sleep } from '@temporalio/workflow';
import { paperConfirmation } from '../../domain/forms/paper';
import { defineStep } from '../../workflows/step';

const TICK_MS = 250;

/**
 * A step with everything that can go wrong around a decision, at a pace for tests: three parallel tasks (all-of), and a
 * timer that writes a reminder into the record four times a second while one of them is open. It goes on round by round
 * until somebody does not confirm.
 */
export const faultStep = defineStep('public-notice', 'faultStep', async (desk) => {
  for (let round = 1; ; round += 1) {
    const context = {
      task: '',
      title: '样例',
      number: String(round),
      date: '2027-01-04',
      attachment: '',
      form: null,
    };
    const seat = { body: 'telecom', level: 'operator' } as const;
    const asked = await desk.assign(paperConfirmation, { seat, context });
    let waiting = true;
    desk.place.spawn(async () => {
      for (let number = 1; waiting; number += 1) {
        await sleep(TICK_MS);
        if (waiting) desk.tell('reminder-rung', { round, number });
      }
    });
    const answers = await Promise.all(asked.map(({ answer }) => answer));
    waiting = false;
    if (answers.some(({ form }) => !form.confirmed)) return { rounds: round };
  }
});
