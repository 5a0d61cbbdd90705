/** The words in which the law's frame around a city's choices is written. */
import type { Period } from '../../domain/calendar';

export type Confidence = 'T' | 'S' | 'M';

/** `minimum`: an earlier act is refused; `maximum`: a later act is accepted and marked as a breach. */
export type Bound = 'minimum' | 'maximum';

export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

interface LegalSource {
  readonly title: string;
  readonly basis: string;
  readonly clause?: string;
  readonly confidence: Confidence;
}

export interface PeriodFrame extends LegalSource {
  readonly bound: Bound;
  /** A `minimum` may not be shorter. */
  readonly floor?: Period;
  /** A `maximum` may not be longer. */
  readonly ceiling?: Period;
}

export interface RatioFrame extends LegalSource {
  readonly bound: Bound;
  /** Whether the ratio itself is enough, or must be passed (过半数 is `more-than` 1/2). */
  readonly compare: 'at-least' | 'more-than' | 'at-most';
  readonly floor?: Fraction;
  readonly ceiling?: Fraction;
}

export interface AmountFrame extends LegalSource {
  /** In fen. A city may require tendering below it, never above. */
  readonly ceiling: number;
}
