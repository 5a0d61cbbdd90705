import type { Request } from 'express';
import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { OIDC_LOGIN_S } from '../../store/oidc-logins';
import { cookieIn, sessionCookie, sessionOf } from '../auth/credentials';
import { hasSecondFactor } from '../auth/oidc/mapping';
import { OidcProvider, type OidcSettings } from '../auth/oidc/provider';
import { userOfSubject } from '../auth/oidc/users';
import { beginSession } from '../auth/session-life';
import type { Context } from '../context';
import { countedAddress } from '../http/address';
import { operation, type AnyOperation } from '../http/operation';
import { takePoints } from '../http/too-many';

const COOKIE = 'jiugai-oidc';
/** Log-ins that one address may begin in ten minutes: a whole house comes to work at once. */
const BEGUN_AT_ONCE = 600;

/** Our cookie is for our own pages only, so the way on begins on a page of ours and not at the provider's. */
const PAGE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>旧改</title>
<meta http-equiv="refresh" content="0;url=/"></head><body><p><a href="/">已登录，正在进入……</a></p></body></html>`;

/** Log-in at the city's identity provider; only where one is configured. At the root: browsers come here, not pages. */
export function oidcOperations(context: Context, settings: OidcSettings): AnyOperation[] {
  const { store, authenticator, secondFactors, sessionLife } = context;
  const provider = new OidcProvider(settings, store);
  const begun = store.limits.limiter({ name: 'oidc-login', points: BEGUN_AT_ONCE, seconds: OIDC_LOGIN_S });

  return [
    operation({
      method: 'get',
      path: '/auth/oidc/login',
      name: 'oidcLogIn',
      tag: 'sessions',
      summary: '以统一身份认证登录',
      access: 'public',
      slow: true,
      answers: { 302: { description: '前往统一身份认证' } },
      handle: async ({ request }) => {
        await takePoints([{ from: begun, key: countedAddress(request.ip) }]);
        const { url, kept } = await provider.begin();
        return {
          status: 302,
          headers: { Location: url, 'Set-Cookie': keptCookie(request, kept, OIDC_LOGIN_S) },
        };
      },
    }),
    operation({
      method: 'get',
      path: '/auth/oidc/callback',
      name: 'oidcCallback',
      tag: 'sessions',
      summary: '自统一身份认证返回',
      access: 'public',
      slow: true,
      query: z.looseObject({ code: z.string().optional(), state: z.string().optional() }),
      answers: {
        200: { description: '已登录；令牌已置于 Cookie', contentType: 'text/html', schema: z.string() },
      },
      problems: ['unauthenticated', 'not-your-seat'],
      handle: async ({ request, response }) => {
        const query = request.originalUrl.slice(request.path.length);
        const subject = await provider.finish(cookieIn(request, COOKIE), query);
        const user = await userOfSubject(store, settings.mapping, subject).finally(() =>
          authenticator.forgetAll(),
        );
        const shown = hasSecondFactor(subject.claims, settings.mapping);
        const missing = !shown && (await secondFactors.isEnrolled(user._id));
        const secondFactor = shown ? 'shown' : missing ? 'missing' : undefined;
        const { token, expiresAt } = await beginSession(store, { user, secondFactor }, request, sessionLife);
        response
          .status(200)
          .append('Set-Cookie', sessionCookie(request, token, expiresAt))
          .append('Set-Cookie', keptCookie(request, '', 0))
          .type('text/html')
          .send(PAGE);
        return undefined;
      },
    }),
    operation({
      method: 'post',
      path: '/auth/oidc/logout',
      name: 'oidcLogOut',
      tag: 'sessions',
      summary: '退出登录，并取得统一身份认证的退出地址',
      access: 'session:own',
      slow: true,
      answers: {
        200: { description: '已退出；页面请前往 url', schema: z.object({ url: z.string().optional() }) },
      },
      handle: async ({ request }) => {
        await store.sessions.end(sessionOf(request));
        authenticator.forget(sessionOf(request));
        // The provider being away does not keep anybody logged in here.
        const url = await provider.logOutUrl().catch((error: unknown) => {
          if (error instanceof Problem) return undefined;
          throw error;
        });
        return { status: 200, headers: { 'Set-Cookie': sessionCookie(request) }, body: { url } };
      },
    }),
  ];
}

/** Comes back with the provider's redirect, which a cookie for our own pages only would not. */
function keptCookie({ secure }: Request, kept: string, seconds: number): string {
  const rest = `Path=/auth/oidc; HttpOnly; SameSite=Lax; Max-Age=${seconds}`;
  return `${COOKIE}=${kept}; ${rest}${secure ? '; Secure' : ''}`;
}
