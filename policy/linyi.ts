/** The policy of Linyi: 临政办字〔2020〕81号. Another city runs on another file of this shape. */
import { areas, seatMappings } from './linyi/areas';
import { bodies, paperSeats, seats } from './linyi/bodies';
import { documents } from './linyi/documents';
import items from './linyi/items.json';
import { modes, ownersMatters, sources } from './linyi/money';
import { controlRights, leadingGroup, returnRights } from './linyi/organisation';
import { dates, escalation, periods, reminders, settlementBands } from './linyi/periods';
import { amounts, eligibility, goals, ratios } from './linyi/ratios';
import { parsePolicy, type Policy } from './schema';

export const linyi: Policy = parsePolicy({
  id: 'linyi',
  version: '2026.1',
  title: '临沂市深入推进老旧小区改造',
  document: {
    title: '临沂市深入推进老旧小区改造实施方案',
    number: '临政办字〔2020〕81号',
    date: '2020-07-06',
  },
  city: { code: '371300', name: '临沂市' },
  bodies,
  areas,
  seats,
  seatMappings,
  paperSeats,
  eligibility,
  goals,
  items,
  sources,
  modes,
  periods,
  settlementBands,
  ratios,
  amounts,
  ownersMatters,
  dates,
  reminders,
  escalation,
  documents,
  leadingGroup,
  returnRights,
  controlRights,
});
