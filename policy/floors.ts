/** No value of a city may be laxer than the law's frame around it; each refusal names the clause. */
import type { Period } from '../domain/calendar';
import { refusal, type Refusal } from '../domain/refusal';
import { amountKeys, jointDecisions, periodKeys, ratioKeys } from './keys';
import {
  legalAmounts,
  legalAssemblies,
  legalDates,
  legalPeriods,
  legalRatios,
  legalSettlementBands,
  type Fraction,
  type PeriodFrame,
  type RatioFrame,
} from './law';
import type { Policy } from './schema';

export function floorRefusals(policy: Policy): Refusal[] {
  return [
    ...periodKeys.flatMap((key) => periodRefusals(`periods.${key}`, policy.periods[key], legalPeriods[key])),
    ...ratioKeys.flatMap((key) => ratioRefusals(`ratios.${key}`, policy.ratios[key], legalRatios[key])),
    ...amountRefusals(policy),
    ...bandRefusals(policy),
    ...dateRefusals(policy),
    ...assemblyRefusals(policy),
  ];
}

function periodRefusals(path: string, chosen: Policy['periods']['default'], frame: PeriodFrame): Refusal[] {
  const found = boundRefusals(path, chosen, frame);
  for (const floor of [frame.floor, chosen.floor]) {
    if (floor && !notBelow(chosen.length, floor))
      found.push(lax(path, 'length', `不得短于${say(floor)}`, `at least ${sayEn(floor)}`, frame));
  }
  for (const ceiling of [frame.ceiling, chosen.ceiling]) {
    if (ceiling && !notBelow(ceiling, chosen.length)) {
      found.push(lax(path, 'length', `不得长于${say(ceiling)}`, `at most ${sayEn(ceiling)}`, frame));
    }
  }
  if (frame.floor && chosen.floor && !notBelow(chosen.floor, frame.floor)) {
    found.push(lax(path, 'floor', `不得低于${say(frame.floor)}`, `at least ${sayEn(frame.floor)}`, frame));
  }
  if (frame.ceiling && chosen.ceiling && !notBelow(frame.ceiling, chosen.ceiling)) {
    found.push(
      lax(path, 'ceiling', `不得高于${say(frame.ceiling)}`, `at most ${sayEn(frame.ceiling)}`, frame),
    );
  }
  return unique(found);
}

function ratioRefusals(path: string, chosen: Policy['ratios']['retention'], frame: RatioFrame): Refusal[] {
  const found = boundRefusals(path, chosen, frame);
  if (chosen.compare !== frame.compare) {
    found.push(lax(path, 'compare', `应为 ${frame.compare}`, `must be ${frame.compare}`, frame));
  }
  if (chosen.value.numerator > chosen.value.denominator) {
    found.push(lax(path, 'value', '不得大于 1', 'must not exceed 1', frame));
  }
  for (const floor of [frame.floor, chosen.floor]) {
    if (floor && less(chosen.value, floor)) {
      found.push(lax(path, 'value', `不得低于 ${part(floor)}`, `at least ${part(floor)}`, frame));
    }
  }
  for (const ceiling of [frame.ceiling, chosen.ceiling]) {
    if (ceiling && less(ceiling, chosen.value)) {
      found.push(lax(path, 'value', `不得高于 ${part(ceiling)}`, `at most ${part(ceiling)}`, frame));
    }
  }
  return unique(found);
}

function amountRefusals(policy: Policy): Refusal[] {
  return amountKeys
    .filter((key) => policy.amounts[key].fen > legalAmounts[key].ceiling)
    .map((key) => {
      const yuan = legalAmounts[key].ceiling / 100;
      return lax(`amounts.${key}`, 'fen', `不得高于 ${yuan} 元`, `at most ${yuan} yuan`, legalAmounts[key]);
    });
}

/** At every amount, the city's review is not longer than the law's. */
function bandRefusals(policy: Policy): Refusal[] {
  const frame = legalPeriods['settlement-review'];
  const bands = policy.settlementBands;
  const ordered = bands.every((band, i) =>
    i === bands.length - 1
      ? band.upTo === undefined
      : band.upTo !== undefined && band.upTo > (bands[i - 1]?.upTo ?? 0),
  );
  if (!ordered) {
    return [
      lax(
        'settlementBands',
        '',
        '各档应由低到高，末档不设上限',
        'bands must ascend, the last without end',
        frame,
      ),
    ];
  }
  const edges = [...bands, ...legalSettlementBands].flatMap((band) =>
    band.upTo === undefined ? [] : [band.upTo, band.upTo + 1],
  );
  const daysAt = (table: typeof legalSettlementBands, amount: number) =>
    table.find((band) => band.upTo === undefined || amount <= band.upTo)?.days ?? 0;
  const laxAt = [0, ...edges].find((amount) => daysAt(bands, amount) > daysAt(legalSettlementBands, amount));
  if (laxAt === undefined) return [];
  const most = daysAt(legalSettlementBands, laxAt);
  return [
    lax(
      'settlementBands',
      '',
      `${laxAt / 100} 元的结算审查不得长于 ${most} 日`,
      `at most ${most} days at ${laxAt / 100} yuan`,
      frame,
    ),
  ];
}

function dateRefusals(policy: Policy): Refusal[] {
  const { latest, clause, basis } = legalDates.submissionClose;
  const { submissionClose, reviewClose } = policy.dates;
  const found: Refusal[] = [];
  if (submissionClose > latest) {
    found.push(
      refusal(`提报截止日不得晚于 ${latest}`, `must not be later than ${latest}`, {
        path: 'dates.submissionClose',
        clause,
        basis,
      }),
    );
  }
  if (reviewClose <= submissionClose) {
    found.push(
      refusal('联合审查截止日应晚于提报截止日', 'must be later than the close of submission', {
        path: 'dates.reviewClose',
        clause: 'P2.2.1',
        basis,
      }),
    );
  }
  return found;
}

/** A rule that would let fewer decide than the clause names, or leave one of them unheard. */
function assemblyRefusals({ assemblies = {}, samePerson = {} }: Policy): Refusal[] {
  return jointDecisions.flatMap((key): Refusal[] => {
    const chosen = assemblies[key];
    const frame = legalAssemblies[key];
    const path = `assemblies.${key}`;
    if (frame.eachByItself && (chosen?.samePerson ?? samePerson.jointly) === 'once') {
      const field = 'samePerson';
      return [
        lax(path, field, '应由每一部门分别作出', 'each must decide by itself: twice or refused', frame),
      ];
    }
    if (!chosen) return [];
    if (!frame.rules.includes(chosen.rule)) {
      const allowed = frame.rules.join(', ');
      return [lax(path, 'rule', `只能是 ${allowed}`, `must be one of ${allowed}`, frame)];
    }
    if (!frame.hearsEverybody || chosen.hear !== 'until-certain') return [];
    return [lax(path, 'hear', '应听取每一部门的意见', 'everybody must be heard', frame)];
  });
}

function boundRefusals(path: string, chosen: { bound: string }, frame: PeriodFrame | RatioFrame): Refusal[] {
  if (chosen.bound === frame.bound) return [];
  return [
    lax(
      path,
      'bound',
      frame.bound === 'minimum' ? '应为下限' : '应为上限',
      `must be a ${frame.bound}`,
      frame,
    ),
  ];
}

function lax(
  path: string,
  field: string,
  message: string,
  messageEn: string,
  frame: { title: string; clause?: string; basis: string },
): Refusal {
  return refusal(`${frame.title}${message}`, messageEn, {
    path: field ? `${path}.${field}` : path,
    ...(frame.clause ? { clause: frame.clause } : {}),
    basis: frame.basis,
  });
}

/** A period is never shorter than another if that holds on every calendar; other units are not compared. */
function notBelow(length: Period, floor: Period): boolean {
  if ('workingDays' in floor) return 'workingDays' in length && length.workingDays >= floor.workingDays;
  if ('days' in floor) {
    if ('days' in length) return length.days >= floor.days;
    return 'workingDays' in length ? length.workingDays >= floor.days : length.months * 28 >= floor.days;
  }
  return 'months' in length
    ? length.months >= floor.months
    : 'days' in length && length.days >= floor.months * 31;
}

function less(a: Fraction, b: Fraction): boolean {
  return a.numerator * b.denominator < b.numerator * a.denominator;
}

function part(value: Fraction): string {
  return `${value.numerator}/${value.denominator}`;
}

function say(length: Period): string {
  if ('workingDays' in length) return ` ${length.workingDays} 个工作日`;
  return 'days' in length ? ` ${length.days} 日` : ` ${length.months} 个月`;
}

function sayEn(length: Period): string {
  if ('workingDays' in length) return `${length.workingDays} working days`;
  return 'days' in length ? `${length.days} days` : `${length.months} months`;
}

function unique(refusals: Refusal[]): Refusal[] {
  return refusals.filter(
    (one, i) => refusals.findIndex((r) => r.path === one.path && r.message === one.message) === i,
  );
}
