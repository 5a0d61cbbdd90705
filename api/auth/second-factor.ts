import { createHash, randomBytes } from 'node:crypto';
import type { FieldSeal } from '../../domain/field-seal';
import type { Store } from '../../store/connect';
import { placeOfSecret, type SecondFactorRow } from '../../store/second-factors';
import type { UserRow } from '../../store/users';
import { enrolmentUri, fromBase32, newSecret, stepOf, toBase32 } from './totp';

/** Who must have a second factor. */
export const SECOND_FACTOR_RULES = ['none', 'signatories-and-administrators', 'everybody'] as const;
export type SecondFactorRule = (typeof SECOND_FACTOR_RULES)[number];

const RECOVERY_CODES = 10;

export function needsSecondFactor(rule: SecondFactorRule, user: UserRow): boolean {
  if (rule !== 'signatories-and-administrators') return rule === 'everybody';
  return user.systemRole !== undefined || user.seats.some(({ role }) => role === 'signatory');
}

/** Codes of an authenticator app. The clock is the machine's: telephones know nothing of a rehearsal's. */
export class SecondFactors {
  constructor(
    private readonly store: Store,
    private readonly seal: FieldSeal,
  ) {}

  async isEnrolled(user: string): Promise<boolean> {
    return (await this.store.secondFactors.find(user))?.secret !== undefined;
  }

  /** A secret that counts once the user has confirmed it with a code. One that he has counts until then. */
  async offer({ _id, username }: UserRow): Promise<{ secret: string; uri: string }> {
    const secret = newSecret();
    await this.store.secondFactors.offer(_id, this.seal.seal(secret, placeOfSecret(_id)));
    return { secret, uri: enrolmentUri(secret, username) };
  }

  /** @returns codes for when the app is lost, each good once; nothing if the code does not fit what was offered */
  async confirm(user: string, code: string): Promise<string[] | undefined> {
    const pending = (await this.store.secondFactors.find(user))?.pending;
    const step = pending === undefined ? undefined : this.stepIn(user, pending, code);
    if (pending === undefined || step === undefined) return undefined;
    const codes = Array.from({ length: RECOVERY_CODES }, recoveryCode);
    const kept = { pending, step, recoveryCodes: codes.map(hashOf) };
    return (await this.store.secondFactors.confirm(user, kept)) ? codes : undefined;
  }

  /** Whether this is the user's code of now, or one of his recovery codes; each is accepted once. */
  async accepts(user: string, code: string): Promise<boolean> {
    const row = await this.store.secondFactors.find(user);
    if (row?.secret === undefined) return false;
    const step = this.stepIn(user, row.secret, code);
    if (step !== undefined) return this.store.secondFactors.useStep(user, step);
    return this.store.secondFactors.useRecoveryCode(user, hashOf(plainOf(code)));
  }

  private stepIn(
    user: string,
    sealed: NonNullable<SecondFactorRow['secret']>,
    code: string,
  ): number | undefined {
    const secret = this.seal.open(sealed, placeOfSecret(user));
    return secret === undefined ? undefined : stepOf(code, fromBase32(secret), Date.now());
  }
}

/** 80 bits: nobody finds it from its hash. */
function recoveryCode(): string {
  return plainOf(toBase32(randomBytes(10)));
}

/** As shown, `abcd-efgh-ijkl-mnop`, however it was typed. */
function plainOf(code: string): string {
  const letters = code.toLowerCase().replaceAll(/[^a-z2-7]/g, '');
  return (letters.match(/.{1,4}/g) ?? []).join('-');
}

function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
