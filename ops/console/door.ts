import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';

/** The only host that the console answers to: a name that leads to it from elsewhere (DNS rebinding) is refused. */
export const LOOPBACK = '127.0.0.1';

/** A plan of many thousand events fits. */
const MOST_BYTES = 20_000_000;

/**
 * Sent with every answer. Nothing runs and nothing is loaded but what this server sends as a file of its own; nobody may frame it, keep
 * it, or learn its address.
 */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // With no-referrer, a browser would send "Origin: null" with a form ("Fetch", append a request Origin header).
  'referrer-policy': 'same-origin',
};

/** What only the browser has that came in through the entrance. */
export interface Door {
  /** The address with the token that lets one browser in, once. */
  entrance: string;
  /** Must come back with every form, so that no other page can send one. */
  formToken: string;
}

const secret = (): string => randomBytes(32).toString('base64url');
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (given: string | undefined, expected: string): boolean =>
  given !== undefined && timingSafeEqual(digest(given), digest(expected));

/**
 * Puts a door before every page of an app: of another host, from another page, or without the cookie of the one browser that used the
 * token, nothing is shown and nothing is done.
 *
 * @param port on which the app listens; it may be known only after the first request can come
 */
export function addDoor(app: Hono, { port }: { port: () => number }): { door: () => Door } {
  const [token, cookie, formToken] = [secret(), secret(), secret()];
  const host = () => `${LOOPBACK}:${port()}`;
  // A browser sends the cookies of one host to all its ports: two consoles must not take each other's.
  const cookieName = () => `console-${port()}`;
  let isUsed = false;

  app.use(withHeaders);
  app.use(async (context, next) => {
    if (context.req.header('host') !== host()) return refuse(context, 'this console answers at its own address only', 421);
    return next();
  });
  app.use(async (context, next) => (isOwn(context, `http://${host()}`) ? next() : refuse(context, 'the request comes from another page')));
  app.get('/enter', (context) => {
    if (isUsed || !isSame(context.req.query('token'), token))
      return refuse(context, 'the link was used before, or is not the one in the terminal; end the console and start it again');
    isUsed = true;
    setCookie(context, cookieName(), cookie, { httpOnly: true, sameSite: 'Strict', path: '/' });
    // A strict cookie is not sent along a redirect that began elsewhere: the page itself goes on.
    return context.html(
      html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Console</title></head>
        <body><a href="/">Go on</a></body></html>`,
    );
  });
  app.use(async (context, next) => {
    if (!isSame(getCookie(context, cookieName()), cookie))
      return refuse(context, 'this browser did not come in through the link in the terminal; use that link');
    return next();
  });
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError: (context) => refuse(context, 'the form is too large; act on fewer events', 413) }));
  app.use(async (context, next) => {
    if (context.req.method !== 'POST') return next();
    const form = await context.req.parseBody({ all: true });
    return typeof form.form === 'string' && isSame(form.form, formToken)
      ? next()
      : refuse(context, 'the form is not one of this console; load its page again');
  });
  return { door: () => ({ entrance: `http://${host()}/enter?token=${token}`, formToken }) };
}

const withHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
};

/** Whether a request was made by a page of the console itself, by its reader, or is the way in. */
function isOwn({ req }: Context, origin: string): boolean {
  const [from, site] = [req.header('origin'), req.header('sec-fetch-site')];
  if (req.method === 'POST') return from === origin && (site === undefined || site === 'same-origin');
  if (req.method !== 'GET') return false;
  if (from !== undefined && from !== origin) return false;
  return req.path === '/enter' || site === undefined || site === 'same-origin' || site === 'none';
}

/** Plain, and the same for everybody: it does not even say which stage this is. */
const refuse = (context: Context, why: string, status: 403 | 413 | 421 = 403): Response => context.text(`Refused: ${why}.\n`, status);
