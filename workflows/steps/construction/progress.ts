import { plusDays, sameDayMonthsLater, startOfDay, type CivilDate } from '../../../domain/calendar';
import { WHOLE, type ReportedProgress } from '../../../domain/construction';
import {
  monthlyProgress,
  progressCertificate,
  type ProgressContext,
} from '../../../domain/forms/construction';
import { OWNER, SUPERVISOR, type Site } from './site';

/** A report a month from the start on, each certified by the supervisor, until all is certified. */
export async function untilComplete(site: Site): Promise<void> {
  const { desk, state } = site;
  while (state.certified < WHOLE) {
    state.month ??= desk.place.today().slice(0, 7);
    const { month } = state;
    const next = firstOfNext(month);
    const percent = state.certified / 100;
    if (!state.monthCertified) {
      state.reported ??= await reported(site, { month, certified: percent });
      const { form } = await desk.ask(progressCertificate, {
        seat: SUPERVISOR,
        context: {
          month,
          certified: percent,
          reported: state.reported.percent,
          summary: state.reported.summary,
        },
        due: desk.place.period('monthly-progress'),
      });
      state.certified = form.percent * 100;
      state.monthCertified = true;
      desk.tell('progress-certified', { month, percent: form.percent });
      site.changed();
    }
    if (state.certified < WHOLE) await desk.place.until(startOfDay(next), `${next.slice(0, 7)} 月进度`);
    state.month = state.reported = undefined;
    state.monthCertified = false;
  }
}

async function reported({ desk }: Site, context: ProgressContext): Promise<ReportedProgress> {
  const { form } = await desk.ask(monthlyProgress, {
    seat: OWNER,
    context,
    due: desk.place.period('monthly-progress'),
    dueFrom: plusDays(firstOfNext(context.month), -1),
  });
  return { percent: form.percent, summary: form.summary };
}

function firstOfNext(month: string): CivilDate {
  return sameDayMonthsLater(`${month}-01`, 1);
}
