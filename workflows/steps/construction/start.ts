import { personsOf } from '../../../domain/actor';
import { civilDate, type CivilDate } from '../../../domain/calendar';
import type { PeriodRule } from '../../../domain/due';
import {
  constructionPermit,
  constructionStart,
  startExtension,
  startExtensionDecision,
} from '../../../domain/forms/construction';
import { byUrgency } from '../../../domain/ordering';
import type { PlanOutput } from '../../../domain/outputs';
import { itemsOf } from '../../../domain/traits';
import { TaskClosed, type Assigned } from '../../task-desk';
import { COUNTY_HOUSING, OWNER, type Site } from './site';

type StartForm = ReturnType<(typeof constructionStart)['example']>;

/** Permit, then the start within three months, extended twice at most (建筑法 9). */
export async function startWorks(site: Site, { plan }: PlanOutput): Promise<CivilDate> {
  const { desk, state } = site;
  const chosen = itemsOf(plan);
  const items = desk.place.policy.items.filter(({ no }) => chosen.includes(no));
  let open: Assigned<StartForm> | undefined;
  acceptExtensions(site, () => open?.close('已准予延期开工，期限另计'));

  const permit = await desk.ask(constructionPermit, {
    seat: OWNER,
    context: { items: byUrgency(items).map(({ name }) => name) },
  });
  const permitOn = permit.form.date;
  state.permitOn = permitOn;
  site.changed();
  for (;;) {
    [open] = await desk.assign(constructionStart, {
      seat: OWNER,
      context: { permitOn, extensions: state.extensions },
      due: startPeriod(site),
      dueFrom: permitOn,
    });
    try {
      const answer = await open?.answer;
      if (!answer) continue;
      state.startedOn = answer.form.startedOn;
      desk.tell('started', { startedOn: state.startedOn, recordedOn: civilDate(Date.parse(answer.at)) });
      site.changed();
      return state.startedOn;
    } catch (error) {
      if (!(error instanceof TaskClosed)) throw error;
    }
  }
}

function startPeriod({ desk, state }: Site): PeriodRule {
  const first = desk.place.period('construction-start');
  const more = desk.place.period('construction-start-extension');
  if (state.extensions === 0 || !('months' in first.length) || !('months' in more.length)) return first;
  return { ...more, length: { months: first.length.months + state.extensions * more.length.months } };
}

function acceptExtensions(site: Site, granted: () => void): void {
  const { desk, state } = site;
  let asked = false;
  desk.accept(
    startExtension,
    () => ({
      ...(state.permitOn === undefined ? {} : { permitOn: state.permitOn }),
      extensions: state.extensions,
      asked,
      started: state.startedOn !== undefined,
    }),
    ({ reason }, by) => {
      asked = true;
      const { permitOn = '', extensions } = state;
      site.goOn(async () => {
        const { form } = await desk.ask(startExtensionDecision, {
          seat: COUNTY_HOUSING,
          context: { reason, permitOn, extensions },
          notBy: personsOf(by),
        });
        asked = false;
        if (!form.granted || state.startedOn !== undefined) return;
        state.extensions += 1;
        site.changed();
        granted();
      });
      return undefined;
    },
  );
}
