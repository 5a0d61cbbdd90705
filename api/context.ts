import type { Authenticator } from './auth/authenticator';
import type { LoginGuard } from './auth/login-guard';
import type { SecondFactors } from './auth/second-factor';
import type { SessionLife } from './auth/session-life';
import type { ApiDeps } from './deps';
import type { Decisions } from './engine/decisions';
import type { Precedence } from './http/precedence';
import type { Changes } from './live/changes';
import type { World } from './world';

/** What the operations work with: what the process was given, and what the API makes of it. */
export interface Context extends ApiDeps {
  readonly world: World;
  readonly changes: Changes;
  readonly decisions: Decisions;
  readonly precedence: Precedence;
  readonly authenticator: Authenticator;
  readonly loginGuard: LoginGuard;
  readonly sessionLife: SessionLife;
  readonly secondFactors: SecondFactors;
}
