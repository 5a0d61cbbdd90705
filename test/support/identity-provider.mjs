/**
 * A real OpenID Connect provider on loopback, for tests; ends with the process that began it.
 *
 *   node identity-provider.mjs <callback>        prints its issuer
 *
 * Who logs in is what the login hint names: `{"sub": …, "groups": […]}`, base64url; without one, whoever sits there enters the
 * same JSON in a page. Nobody is asked for a password: what is tested is what comes after.
 */
import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { URLSearchParams } from 'node:url';
import Provider from 'oidc-provider';

const PAGE = `<!doctype html><html lang="zh-CN"><title>样例统一身份认证</title><form method="post">
<label>谁 <textarea name="person"></textarea></label><button>登录</button></form></html>`;

const [callback] = process.argv.slice(2);
const people = new Map();
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'jiugai',
        client_secret: 'a secret of the test',
        redirect_uris: [callback],
        post_logout_redirect_uris: [new URL('/', callback).href],
      },
    ],
    claims: { profile: ['preferred_username', 'groups', 'jiugai_seats'], openid: ['sub', 'amr'] },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      // The library's own page fetches a font from the internet.
      rpInitiatedLogout: {
        logoutSource: (ctx, form) => {
          ctx.body = `${form}<button form="op.logoutForm" name="logout" value="yes">退出</button>`;
        },
      },
    },
    cookies: { keys: ['a key of the test'] },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) return answer(request, response);
    logIn(provider, request, response).catch((error) => {
      response.statusCode = 500;
      response.end(error.message);
    });
  });
  console.log(issuer);
});

async function logIn(provider, request, response) {
  const { params } = await provider.interactionDetails(request, response);
  if (params.login_hint === undefined && request.method === 'GET') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    return response.end(PAGE);
  }
  const person =
    params.login_hint === undefined
      ? JSON.parse(new URLSearchParams(await text(request)).get('person'))
      : JSON.parse(Buffer.from(params.login_hint, 'base64url').toString());
  people.set(person.sub, person);
  const result = { login: { accountId: person.sub, ...(person.amr ? { amr: person.amr } : {}) } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

process.stdin.on('close', () => process.exit());
process.stdin.resume();
