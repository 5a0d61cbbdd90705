import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import helmet from 'helmet';

/** Below it the pages live: at the root are the API and what machines ask. */
const PAGES = '/app';

/** Stands in the built `index.html` wherever an answer's own nonce belongs (`web/vite.config.ts`). */
const NONCE = 'JIUGAI_NONCE';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Names carry the hash of their content: another content has another name. */
const ASSET = /^[A-Za-z0-9_.-]{1,120}$/;

/**
 * Serves the built pages: files for a year, `index.html` never from a cache, and for whatever is asked below `/app` by
 * a browser, so that an address can be kept and sent on. Built while the program runs, they are there at once.
 * @param folder `web/dist`
 */
export function pages(folder: string): Router {
  const router = express.Router({ caseSensitive: true });
  router.get('/', (_request, response) => response.redirect(302, `${PAGES}/`));
  router.get(`${PAGES}/assets/:name`, asset(join(folder, 'assets')));
  router.get(`${PAGES}/icon.svg`, async (_request, response) => {
    response.set('Cache-Control', 'public, max-age=86400').type(TYPES['.svg'] ?? '');
    await sendFile(join(folder, 'icon.svg'), response);
  });
  router.get([PAGES, `${PAGES}/*rest`], onlyForBrowsers, ...policy(), async (_request, response) => {
    const index = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
    response.set('Cache-Control', 'no-cache').type('text/html');
    if (index === undefined) response.status(503).set('Retry-After', '2').send(NOT_YET);
    else response.send(index.replaceAll(NONCE, String(response.locals['nonce'])));
  });
  return router;
}

/** Who asks for JSON below `/app` is told that there is nothing: an error is no page. */
const onlyForBrowsers: RequestHandler = (request, _response, next) => {
  next(request.accepts(['html', 'json']) === 'html' ? undefined : 'router');
};

/**
 * Nothing from outside, no inline script. Styles: antd writes some while it runs, let in by a nonce. Previews of PDF and
 * images are of our own origin.
 */
function policy(): RequestHandler[] {
  return [
    (_request, response, next) => {
      response.locals['nonce'] = randomBytes(18).toString('base64');
      next();
    },
    helmet.contentSecurityPolicy({
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", (_request, response) => `'nonce-${(response as Response).locals['nonce']}'`],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    }),
  ];
}

/** Packed when they were built; unpacked for whoever cannot unpack. */
function asset(folder: string): RequestHandler {
  return async (request: Request, response, next) => {
    const name = String(request.params['name']);
    const type = TYPES[extname(name)];
    if (!ASSET.test(name) || type === undefined) return next();
    const file = join(folder, name);
    response.vary('Accept-Encoding');
    const packed = request.acceptsEncodings('gzip') === 'gzip' && (await isFile(`${file}.gz`));
    if (!packed && !(await isFile(file))) return next();
    response.set('Cache-Control', 'public, max-age=31536000, immutable').type(type);
    if (packed) response.set('Content-Encoding', 'gzip');
    await sendFile(packed ? `${file}.gz` : file, response);
  };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function sendFile(path: string, response: Response): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return void response.status(404).end();
  response.set('Content-Length', String(found.size));
  const content = createReadStream(path);
  content.once('error', () => response.destroy());
  response.once('close', () => content.destroy());
  content.pipe(response);
}

/** Without script and style: it is shown for a second or two, at a first start. */
const NOT_YET = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>老旧小区改造</title>
<meta http-equiv="refresh" content="2"></head><body><p>页面正在生成，请稍候……</p></body></html>`;
