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
import { anyOf } from '../../assembly';
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

  if (state.permitOn === undefined) {
    const permit = await desk.ask(constructionPermit, {
      seat: OWNER,
      context: { items: byUrgency(items).map(({ name }) => name) },
    });
    state.permitOn = permit.form.date;
    site.changed();
  }
  const { permitOn } = state;
  while (state.startedOn === undefined) {
    [open] = await desk.assign(constructionStart, {
      seat: OWNER,
      context: { permitOn, extensions: state.extensions },
      due: startPeriod(site),
      dueFrom: permitOn,
    });
    try {
      if (!open) continue;
      const answer = await anyOf([open]);
      state.startedOn = answer.form.startedOn;
      desk.tell('started', { startedOn: state.startedOn, recordedOn: civilDate(Date.parse(answer.at)) });
      site.changed();
    } catch (error) {
      if (!(error instanceof TaskClosed)) throw error;
    }
  }
  return state.startedOn;
}

function startPeriod({ desk, state }: Site): PeriodRule {
  const first = desk.place.period('construction-start');
  const more = desk.place.period('construction-start-extension');
  if (state.extensions === 0 || !('months' in first.length) || !('months' in more.length)) return first;
  return { ...more, length: { months: first.length.months + state.extensions * more.length.months } };
}

function acceptExtensions(site: Site, granted: () => void): void {
  const { desk, state } = site;
  desk.accept(
    startExtension,
    () => ({
      ...(state.permitOn === undefined ? {} : { permitOn: state.permitOn }),
      extensions: state.extensions,
      asked: state.extensionAsked !== undefined,
      started: state.startedOn !== undefined,
    }),
    ({ reason }, by) => {
      state.extensionAsked = { reason, by: personsOf(by) };
      site.goOn(() => decide());
      return undefined;
    },
  );
  if (state.extensionAsked) site.goOn(() => decide());

  async function decide(): Promise<void> {
    const { permitOn = '', extensions, extensionAsked } = state;
    if (!extensionAsked) return;
    const { form } = await desk.ask(startExtensionDecision, {
      seat: COUNTY_HOUSING,
      context: { reason: extensionAsked.reason, permitOn, extensions },
      notBy: extensionAsked.by,
    });
    state.extensionAsked = undefined;
    if (!form.granted || state.startedOn !== undefined) return;
    state.extensions += 1;
    site.changed();
    granted();
  }
}
