import { createHash, randomBytes } from 'node:crypto';
import * as oidc from 'openid-client';
import { Problem } from '../../../domain/problems';
import type { Store } from '../../../store/connect';
import type { Claims, OidcMapping } from './mapping';

/** The identity provider of the city, and who we are there. */
export interface OidcSettings {
  /** https, unless it runs on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent for a public client; PKCE protects both. */
  readonly clientSecret?: string;
  /** Asked for beside `openid`. */
  readonly scope: string;
  /** Where browsers reach this program: `https://jiugai.example`. */
  readonly publicUrl: string;
  readonly mapping: OidcMapping;
}

/** Who has logged in there. */
export interface OidcSubject {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Claims;
}

const CALLBACK_PATH = '/auth/oidc/callback';
const TIMEOUT_S = 3;

/**
 * Log-in with OpenID Connect: authorization code with PKCE (RFC 7636), state and nonce. What ties the way out to the
 * way back is in the store, under what the browser that was sent out keeps; it is used up on the way back, whatever
 * comes of it.
 */
export class OidcProvider {
  private discovered: Promise<oidc.Configuration> | undefined;

  constructor(
    private readonly settings: OidcSettings,
    private readonly store: Store,
  ) {}

  /** @returns where to send the browser, and what it keeps meanwhile */
  async begin(): Promise<{ url: string; kept: string }> {
    const server = await this.server();
    const kept = randomBytes(32).toString('base64url');
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    await this.store.oidcLogins.keep({ _id: keptHash(kept), state, nonce, verifier, at: new Date() });
    const url = oidc.buildAuthorizationUrl(server, {
      redirect_uri: this.callbackUrl,
      scope: `openid ${this.settings.scope}`.trim(),
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      // Screens are shared: whoever sits there says anew who he is.
      prompt: 'login',
    });
    return { url: url.href, kept };
  }

  /**
   * @param kept what the browser kept
   * @param query with which it came back: `?code=…&state=…`
   * @throws Problem `unauthenticated` if anything of it is not what was sent out
   */
  async finish(kept: string | undefined, query: string): Promise<OidcSubject> {
    const login =
      kept === undefined ? undefined : await this.store.oidcLogins.take(keptHash(kept), new Date());
    if (!login) throw notLoggedIn();
    const server = await this.server();
    try {
      const tokens = await oidc.authorizationCodeGrant(server, new URL(query, this.callbackUrl), {
        expectedState: login.state,
        expectedNonce: login.nonce,
        pkceCodeVerifier: login.verifier,
        idTokenExpected: true,
      });
      const said = tokens.claims();
      if (!said) throw notLoggedIn();
      const more = server.serverMetadata().userinfo_endpoint
        ? await oidc.fetchUserInfo(server, tokens.access_token, said.sub)
        : {};
      return { issuer: said.iss, subject: said.sub, claims: { ...more, ...said } };
    } catch (error) {
      if (isUnreachable(error)) throw away();
      throw notLoggedIn();
    }
  }

  /** Where the provider ends its own session; nothing if it has no such place. */
  async logOutUrl(): Promise<string | undefined> {
    const server = await this.server();
    if (server.serverMetadata().end_session_endpoint === undefined) return undefined;
    return oidc.buildEndSessionUrl(server, { post_logout_redirect_uri: `${this.settings.publicUrl}/` }).href;
  }

  private get callbackUrl(): string {
    return `${this.settings.publicUrl}${CALLBACK_PATH}`;
  }

  /** Read once; tried again with the next log-in where the provider did not answer. */
  private async server(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const url = new URL(issuer);
    this.discovered ??= oidc.discovery(
      url,
      clientId,
      undefined,
      clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret),
      { timeout: TIMEOUT_S, ...(url.protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {}) },
    );
    try {
      return await this.discovered;
    } catch {
      this.discovered = undefined;
      throw away();
    }
  }
}

function keptHash(kept: string): string {
  return createHash('sha256').update(kept).digest('hex');
}

function notLoggedIn(): Problem {
  return new Problem('unauthenticated', {
    zh: '统一身份认证未完成，请重新登录',
    en: 'The log-in at the identity provider was not completed; log in again',
  });
}

function away(): Problem {
  return new Problem('engine-unavailable', {
    zh: '统一身份认证暂时不可用，请稍后再试',
    en: 'The identity provider does not answer; try again in a moment',
  });
}

/** No connection, or no answer in time: `fetch` says so with these. */
function isUnreachable(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError' || cause.message === 'fetch failed') return true;
  }
  return false;
}
