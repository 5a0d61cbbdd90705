/** What a policy file names must exist in it, once. */
import { refusal, type Refusal } from '../domain/refusal';
import { bodies, controls, itemClasses, parseSeat, sources, type SeatText } from './keys';
import type { Policy } from './schema';

export function referenceRefusals(policy: Policy): Refusal[] {
  return [
    ...completeOnce(
      'bodies',
      policy.bodies.map((b) => b.key),
      bodies,
    ),
    ...completeOnce(
      'sources',
      policy.sources.map((s) => s.key),
      sources,
    ),
    ...completeOnce(
      'items',
      policy.items.map((i) => i.no),
      Array.from({ length: 36 }, (_, i) => i + 1),
      'P-A2',
    ),
    ...once(
      'areas',
      policy.areas.map((a) => a.code),
    ),
    ...once(
      'modes',
      policy.modes.map((m) => m.key),
    ),
    ...once('seats', policy.seats),
    ...once(
      'documents',
      policy.documents.map((d) => `${d.step}/${d.key}`),
    ),
    ...classRefusals(policy),
    ...seatRefusals(policy),
    ...areaRefusals(policy),
    ...controlRefusals(policy),
    ...signOffRefusals(policy),
  ];
}

/** Annex 2 fixes the classes: basic 1–19, improved 20–30, upgraded 31–36. */
function classRefusals(policy: Policy): Refusal[] {
  const classOf = (no: number) => itemClasses[no <= 19 ? 0 : no <= 30 ? 1 : 2];
  return policy.items.flatMap((item, i) =>
    item.class === classOf(item.no)
      ? []
      : [
          wrong(
            `items.${i}.class`,
            `第 ${item.no} 项应属 ${classOf(item.no)} 类`,
            `item ${item.no} is of class ${classOf(item.no)}`,
            'P1.2',
          ),
        ],
  );
}

/** Every seat is of a body that the file knows, at a level where that body exists, and is listed. */
function seatRefusals(policy: Policy): Refusal[] {
  const listed = new Set<SeatText>(policy.seats);
  const impossible = policy.seats.flatMap((text, i) => {
    const seat = parseSeat(text);
    const known = policy.bodies.some(
      (b) => b.key === seat?.body && b.levels.some((level) => level === seat.level),
    );
    return known
      ? []
      : [
          wrong(
            `seats.${i}`,
            `席位 ${text} 的机构在该层级不存在`,
            `no such body at that level: ${text}`,
            'P1.4',
          ),
        ];
  });
  const unlisted = mentioned(policy)
    .filter(([, seat]) => !listed.has(seat))
    .map(([path, seat]) =>
      wrong(path, `席位 ${seat} 未列入 seats`, `seat ${seat} is not listed in seats`, 'P1.4'),
    );
  const consulted = policy.items.flatMap((item, i) =>
    item.consulted
      .filter((body) => !listed.has(`${body}@county`))
      .map((body) =>
        wrong(
          `items.${i}.consulted`,
          `征求意见的 ${body} 没有县区席位`,
          `consulted ${body} has no county seat`,
          'P5.1.2',
        ),
      ),
  );
  const operators = policy.items.flatMap((item, i) =>
    item.operators
      .filter((body) => !listed.has(`${body}@operator`))
      .map((body) =>
        wrong(`items.${i}.operators`, `专营单位 ${body} 没有席位`, `operator ${body} has no seat`, 'P2.1.2'),
      ),
  );
  return [...impossible, ...unlisted, ...consulted, ...operators];
}

/** Of `*@county`, whichever bodies are meant, there may be none. */
function isSeat(text: string): text is SeatText {
  return parseSeat(text) !== undefined;
}

/** Each place in the file where a seat is written, with its path. */
function mentioned(policy: Policy): [path: string, seat: SeatText][] {
  const all = (path: string, seats: readonly SeatText[]) =>
    seats.map((seat, i): [string, SeatText] => [`${path}.${i}`, seat]);
  return [
    ...policy.paperSeats.flatMap((p, i): [string, SeatText][] => [
      [`paperSeats.${i}.seat`, p.seat],
      ...all(`paperSeats.${i}.recordedBy`, p.recordedBy),
    ]),
    ...policy.seatMappings.flatMap((m, i): [string, SeatText][] => [
      [`seatMappings.${i}.seat`, m.seat],
      [`seatMappings.${i}.heldBy`, m.heldBy],
    ]),
    ...policy.returnRights.flatMap((r, i) => all(`returnRights.${i}.seats`, r.seats)),
    ...policy.controlRights.flatMap((c, i) => [
      ...all(`controlRights.${i}.seats`, c.seats),
      ...all(`controlRights.${i}.consent`, c.consent),
    ]),
    ...Object.entries(policy.assemblies ?? {}).flatMap(([key, { vetoes = [], weights = {} }]) => [
      ...all(`assemblies.${key}.vetoes`, vetoes),
      ...all(`assemblies.${key}.weights`, Object.keys(weights) as SeatText[]),
    ]),
    ...(policy.escalation?.superiors ?? []).flatMap((one, i): [string, SeatText][] =>
      (['of', 'superior'] as const).flatMap((key): [string, SeatText][] =>
        isSeat(one[key]) ? [[`escalation.superiors.${i}.${key}`, one[key]]] : [],
      ),
    ),
    ...(policy.signOff ?? []).flatMap(({ for: whose }, i) =>
      isSeat(whose) ? all(`signOff.${i}.for`, [whose]) : [],
    ),
    ['leadingGroup.office', policy.leadingGroup.office],
    ...policy.leadingGroup.workingGroups.flatMap((g, i): [string, SeatText][] => [
      [`leadingGroup.workingGroups.${i}.lead`, g.lead],
      ...all(`leadingGroup.workingGroups.${i}.members`, g.members),
    ]),
  ];
}

function areaRefusals(policy: Policy): Refusal[] {
  const codes = new Set(policy.areas.map((a) => a.code));
  const found = policy.seatMappings.flatMap((m, i) =>
    [m.area, m.heldIn]
      .filter((code) => !codes.has(code))
      .map((code) => wrong(`seatMappings.${i}`, `没有区域 ${code}`, `no area ${code}`)),
  );
  if (!policy.areas.some((a) => a.code === policy.city.code && a.kind === 'city')) {
    found.push(
      wrong('areas', `缺少本市 ${policy.city.code}`, `the city ${policy.city.code} itself is missing`),
    );
  }
  return found;
}

function controlRefusals(policy: Policy): Refusal[] {
  return controls
    .filter((act) => !policy.controlRights.some((right) => right.act === act))
    .map((act) => wrong('controlRights', `没有规定谁可 ${act}`, `nobody may ${act}`));
}

/** Who decides on paper has signed there; what is entered for them passes no stages. */
function signOffRefusals({ signOff = [], paperSeats }: Policy): Refusal[] {
  return signOff.flatMap(({ for: whose }, i) =>
    paperSeats
      .filter(({ seat }) => seat === whose || seat.startsWith(`${whose}@`))
      .map(({ seat }) =>
        wrong(
          `signOff.${i}.for`,
          `${seat} 按纸质决定代录，不分经办、签发环节`,
          `${seat} decides on paper: there are no stages`,
          'P1.4',
        ),
      ),
  );
}

function once(path: string, found: readonly (string | number)[], clause?: string): Refusal[] {
  return found
    .filter((key, i) => found.indexOf(key) !== i)
    .map((key) => wrong(path, `${key} 重复`, `${key} is there twice`, clause));
}

function completeOnce<T extends string | number>(
  path: string,
  found: readonly T[],
  wanted: readonly T[],
  clause?: string,
): Refusal[] {
  const missing = wanted.filter((key) => !found.includes(key));
  return [
    ...once(path, found, clause),
    ...missing.map((key) => wrong(path, `缺少 ${key}`, `${key} is missing`, clause)),
  ];
}

function wrong(path: string, message: string, messageEn: string, clause?: string): Refusal {
  return refusal(message, messageEn, { path, ...(clause ? { clause } : {}) });
}
