/**
 * 加签: others sign together with the one who decides; before the decision, beside it or after it. The decision is in
 * force only when the rule of the co-signing is met.
 */
export interface CoSigning {
  readonly when: 'before' | 'beside' | 'after';
  readonly rule: 'all-of' | 'any-of' | 'in-sequence';
  readonly question: string;
  readonly signers: readonly CoSigner[];
}

export interface CoSigner {
  readonly organisation: string;
  /** Only this person of it. */
  readonly user?: string | undefined;
  /** `needless`: the rule was met or broken before they answered. */
  readonly state: 'waiting' | 'asked' | 'agreed' | 'refused' | 'removed' | 'needless';
  /** Their task, once assigned. */
  readonly task?: string;
}

/** `broken`: it cannot be met any more; whoever has the task removes who refused, or asks others. */
export function stateOf({ rule, signers }: CoSigning): 'waiting' | 'met' | 'broken' {
  const counted = signers.filter(({ state }) => state !== 'removed').map(({ state }) => state);
  const agreed = counted.filter((state) => state === 'agreed').length;
  if (counted.length === 0) return 'met';
  if (rule === 'any-of') {
    if (agreed > 0) return 'met';
    return counted.every((state) => state === 'refused') ? 'broken' : 'waiting';
  }
  if (counted.includes('refused')) return 'broken';
  return agreed === counted.length ? 'met' : 'waiting';
}

/** Who is to be asked now, by their place among the signers. */
export function toBeAsked(coSigning: CoSigning, decided: boolean): number[] {
  const { when, rule, signers } = coSigning;
  if (stateOf(coSigning) !== 'waiting' || (when === 'after' && !decided)) return [];
  const waiting = signers.flatMap(({ state }, place) => (state === 'waiting' ? [place] : []));
  if (rule !== 'in-sequence') return waiting;
  return signers.some(({ state }) => state === 'asked') ? [] : waiting.slice(0, 1);
}

/** With one signer changed. */
export function withSigner(coSigning: CoSigning, place: number, change: Partial<CoSigner>): CoSigning {
  const signers = coSigning.signers.map((one, i) => (i === place ? { ...one, ...change } : one));
  return { ...coSigning, signers };
}

/** Their answers are no longer needed: those who have not answered need not. */
export function settledWithout(coSigning: CoSigning): CoSigning {
  const open = ['waiting', 'asked'];
  const signers = coSigning.signers.map((one) =>
    open.includes(one.state) ? { ...one, state: 'needless' as const } : one,
  );
  return { ...coSigning, signers };
}

/** Removes them. @param who by organisation and, where one is named, user */
export function withoutSigners(
  coSigning: CoSigning,
  who: readonly { readonly organisation: string; readonly user?: string | undefined }[],
): CoSigning {
  const isNamed = ({ organisation, user }: CoSigner): boolean =>
    who.some((one) => one.organisation === organisation && one.user === user);
  const signers = coSigning.signers.map((one) =>
    isNamed(one) ? { ...one, state: 'removed' as const } : one,
  );
  // Whom the broken rule had made needless is asked after all.
  const again = { ...coSigning, signers };
  if (stateOf(again) !== 'waiting') return again;
  return {
    ...again,
    signers: signers.map(({ task, ...one }) =>
      one.state === 'needless'
        ? { ...one, state: 'waiting' as const }
        : { ...one, ...(task === undefined ? {} : { task }) },
    ),
  };
}

/** Whoever leaves and has not answered yet is replaced; not where the successor is asked already. */
export function withSuccessor(coSigning: CoSigning, leaver: string, successor: string): CoSigning {
  const { signers } = coSigning;
  const isLeavers = ({ user, state }: CoSigner): boolean =>
    user === leaver && (state === 'waiting' || state === 'asked' || state === 'needless');
  if (!signers.some(isLeavers)) return coSigning;
  const isAsked = ({ organisation }: CoSigner): boolean =>
    signers.some(
      (one) => one.organisation === organisation && one.user === successor && one.state !== 'removed',
    );
  return {
    ...coSigning,
    signers: signers.map((one) => {
      if (!isLeavers(one)) return one;
      return isAsked(one) ? { ...one, state: 'removed' } : { ...one, user: successor };
    }),
  };
}
