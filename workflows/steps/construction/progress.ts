import { plusDays, sameDayMonthsLater, startOfDay, type CivilDate } from '../../../domain/calendar';
import { WHOLE } from '../../../domain/construction';
import { monthlyProgress, progressCertificate } from '../../../domain/forms/construction';
import { OWNER, SUPERVISOR, type Site } from './site';

/** A report a month from the start on, each certified by the supervisor, until all is certified. */
export async function untilComplete(site: Site): Promise<void> {
  const { desk, state } = site;
  while (state.certified < WHOLE) {
    const month = desk.place.today().slice(0, 7);
    const next = firstOfNext(month);
    const percent = state.certified / 100;
    const { form: reported } = await desk.ask(monthlyProgress, {
      seat: OWNER,
      context: { month, certified: percent },
      due: desk.place.period('monthly-progress'),
      dueFrom: plusDays(next, -1),
    });
    const { form } = await desk.ask(progressCertificate, {
      seat: SUPERVISOR,
      context: { month, certified: percent, reported: reported.percent, summary: reported.summary },
      due: desk.place.period('monthly-progress'),
    });
    state.certified = form.percent * 100;
    desk.tell('progress-certified', { month, percent: form.percent });
    site.changed();
    if (state.certified < WHOLE) await desk.place.until(startOfDay(next), `${next.slice(0, 7)} 月进度`);
  }
}

function firstOfNext(month: string): CivilDate {
  return sameDayMonthsLater(`${month}-01`, 1);
}
