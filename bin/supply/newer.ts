/** One package of ours as `npm outdated --json` tells it. */
export interface Outdated {
  readonly name: string;
  readonly current: string;
  /** The newest that the range of package.json lets in. */
  readonly wanted: string;
  readonly latest: string;
}

/** Why a package stays behind on purpose; whoever raises one tries first whether the reason still holds. */
const HELD_BACK: Readonly<Record<string, string>> = {
  '@swc/core': 'mirrors lack platform packages of newer releases, and `npm ci` fails',
  typescript: 'typescript-eslint knows nothing newer',
  '@types/node': 'the types of the Node that runs in production',
};

/**
 * What `npm outdated --json` has printed; nothing printed is nothing outdated.
 * @throws if npm says that it could not ask
 */
export function readOutdated(printed: string): Outdated[] {
  if (printed.trim() === '') return [];
  const found = JSON.parse(printed) as Record<string, unknown>;
  if ('error' in found) throw new Error(`npm could not ask: ${JSON.stringify(found['error'])}`);
  return Object.entries(found).flatMap(([name, of]) => {
    // A package that is there several times is told several times.
    const [first] = (Array.isArray(of) ? of : [of]) as Omit<Outdated, 'name'>[];
    return first ? [{ name, current: first.current, wanted: first.wanted, latest: first.latest }] : [];
  });
}

/** What can be taken at once, what needs somebody to read its changes, and what stays behind on purpose. */
export function sorted(outdated: readonly Outdated[]) {
  const held = outdated.filter(({ name }) => name in HELD_BACK);
  const others = outdated.filter((one) => !held.includes(one));
  return {
    atOnce: others.filter(({ current, wanted }) => current !== wanted),
    toRead: others.filter(({ wanted, latest }) => wanted !== latest),
    held: held.map((one) => ({ ...one, why: HELD_BACK[one.name] ?? '' })),
  };
}

/** The report as people read it. */
export function report(outdated: readonly Outdated[]): string {
  const { atOnce, toRead, held } = sorted(outdated);
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''];
  const parts = [
    ...part(
      'npm update takes these at once, within their ranges:',
      atOnce.map(({ name, current, wanted }) => `${name} ${current} → ${wanted}`),
    ),
    ...part(
      'These are a step away; read what has changed, raise one at a time:',
      toRead.map(({ name, current, latest }) => `${name} ${current} → ${latest}`),
    ),
    ...part(
      'Held back on purpose:',
      held.map(({ name, current, latest, why }) => `${name} ${current} (${latest}): ${why}`),
    ),
  ];
  return parts.length === 0 ? 'Everything is of today.\n' : parts.join('\n');
}
