import * as z from 'zod';
import type { Delivery } from '../../lambda/sources/source.ts';
import { type Dice, dice } from '../support/dice.ts';
import { forge, type Headers } from './forge.ts';
import { mutateBody } from './mutate-body.ts';
import { TARGETS, type Target } from './targets.ts';
import { spoil, write } from './wire.ts';

/** One request, and the answers that are allowed. */
export interface Case {
  number: number;
  /**
   * `genuine`: proven, with any body. `forged`: not proven. `stray`: to an unknown path or with another method. `spoilt`: not HTTP,
   * or not quite.
   */
  kind: 'genuine' | 'forged' | 'stray' | 'spoilt';
  bytes: Buffer;
  target: Target;
  method: string;
  query: ReadonlyMap<string, string>;
  delivery: Delivery;
  /** The change, in words. */
  how: string;
}

const MOST_BYTES = 512 * 1024;
const PATHS = [
  '/',
  '/webhooks',
  '/webhooks/',
  '/webhooks/nobody',
  '/webhooks/__proto__',
  '/webhooks/constructor',
  '/webhooks/hasOwnProperty',
  '/webhooks/%00',
  '/webhooks/%',
  '/webhooks/%ff',
  '/webhooks/..%2f..%2fetc',
  '/webhooks/../webhooks',
  '/webhooks/canonical/',
  '/webhooks/canonical%20',
  '/webhooks/Canonical',
  '//webhooks/canonical/x',
  '/WEBHOOKS/canonical',
  '*',
  '/webhooks/canonical;x=1',
  '/.env',
];
const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
const CONTENT_TYPES = [
  'application/json; charset=utf-8',
  'application/json;charset=utf-16',
  'application/vnd.hr+json',
  'APPLICATION/JSON',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json/x',
  'application/jsonx',
  '',
  ';',
];

/** Makes request `number` of a seed. Signatures are made for `now`; everything else is the same each time. */
export function makeCase(seed: number, number: number, now: number): Case {
  const chance = dice(seed, number, 1);
  const target = chance.pick(TARGETS);
  const place = chance.next();
  const kind = place < 0.3 ? 'genuine' : place < 0.8 ? 'forged' : place < 0.88 ? 'stray' : 'spoilt';
  switch (target.secrets.length === 0 && kind === 'genuine' ? 'forged' : kind) {
    case 'genuine':
      return genuine({ number, target, now }, chance);
    case 'forged':
      return forged({ number, target, now }, chance);
    case 'stray':
      return stray({ number, target, now }, chance);
    case 'spoilt':
      return spoilt({ number, target, now }, chance);
  }
}

interface Draft {
  number: number;
  target: Target;
  now: number;
}

/** Each body names a different person, so that an event in the queue shows its delivery. */
function bodyOf({ target, number }: Draft, kind: 'g' | 'f', dice: Dice): Buffer {
  const body = dice.chance(0.3) ? Buffer.from(dice.pick(target.bodies)) : mutateBody(dice.pick(target.bodies), dice);
  const named = Buffer.from(body.toString('latin1').replaceAll('{who}', `${kind}${number}`), 'latin1');
  if (!dice.chance(0.001)) return named;
  const size = MOST_BYTES + dice.pick([-1, 0, 1, 1000, 100_000]);
  return Buffer.concat([named.subarray(0, size), Buffer.alloc(Math.max(0, size - named.length), ' ')]);
}

const pathOf = ({ source }: Target, dice: Dice) =>
  `/webhooks/${source.name}${dice.chance(0.05) ? dice.pick(['?a=1&a=2', '?', '?__proto__=1', '#x', '?validationToken=x', '?validationToken=%3Cb%3E']) : ''}`;

function genuine(draft: Draft, dice: Dice): Case {
  const { target, now } = draft;
  const secret = dice.pick(target.secrets);
  const body = placed(draft, secret, dice);
  const signed: Headers = Object.entries(target.sign(body, { secret, at: now - dice.int(200_000) }));
  const headers = dice.chance(0.1) ? otherContentType(signed, dice) : signed;
  return toCase(draft, { kind: 'genuine', method: 'POST', headers, body, how: 'proven' }, dice);
}

/** If the proof is in the body, a body that has it: as the system sends it, or changed in some other part. */
function placed(draft: Draft, secret: string, dice: Dice): Buffer {
  const { place, bodies } = draft.target;
  const body = bodyOf(draft, 'g', dice);
  if (place === undefined) return body;
  const changed = Buffer.from(place(body.toString('latin1'), secret), 'latin1');
  return hasSecret(changed, secret) ? changed : Buffer.from(place(dice.pick(bodies).replaceAll('{who}', `g${draft.number}`), secret));
}

function hasSecret(body: Buffer, secret: string): boolean {
  try {
    const { value } = listed.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
    return value.every(({ clientState }) => clientState === secret);
  } catch {
    return false;
  }
}

const listed = z.object({ value: z.array(z.object({ clientState: z.string() })).min(1) });

function otherContentType(headers: Headers, dice: Dice): Headers {
  const rest = headers.filter(([name]) => name !== 'content-type');
  return dice.chance(0.2) ? rest : [...rest, ['content-type', dice.pick(CONTENT_TYPES)]];
}

function forged(draft: Draft, dice: Dice): Case {
  const { target, now } = draft;
  const other = dice.pick(TARGETS.filter((one) => one !== target && one.secrets.length > 0));
  const { headers, body, how } = forge({ target, other, body: bodyOf(draft, 'f', dice), at: now }, dice);
  return toCase(draft, { kind: 'forged', method: 'POST', headers, body, how }, dice);
}

/** Even a proven delivery is not accepted with another method or at another path. */
function stray(draft: Draft, dice: Dice): Case {
  const { target, now } = draft;
  const body = bodyOf(draft, 'f', dice);
  const [secret = 'whsec_AAAA'] = target.secrets;
  const headers: Headers = Object.entries(target.sign(body, { secret, at: now }));
  const isElsewhere = dice.chance(0.5);
  const where = isElsewhere ? { method: 'POST', path: dice.pick(PATHS) } : { method: dice.pick(METHODS) };
  return toCase(draft, { kind: 'stray', headers, body, how: isElsewhere ? 'elsewhere' : 'another method', ...where }, dice);
}

function spoilt(draft: Draft, dice: Dice): Case {
  const { target, number } = draft;
  const body = Buffer.from(dice.pick(target.bodies).replaceAll('{who}', `f${number}`));
  const delivery = { headers: new Map<string, string>(), body };
  const headers: Headers = [['content-type', 'application/json']];
  const path = pathOf(target, dice);
  const bytes = spoil({ method: 'POST', path, headers, body }, dice);
  return { number, kind: 'spoilt', bytes, target, method: 'POST', query: queryOf(path), delivery, how: 'not HTTP' };
}

function toCase(
  { number, target }: Draft,
  { headers, body, method, path, ...rest }: Pick<Case, 'kind' | 'how' | 'method'> & { headers: Headers; body: Buffer; path?: string },
  dice: Dice,
): Case {
  const where = path ?? pathOf(target, dice);
  const bytes = write({ method, path: where, headers, body }, dice);
  const delivery = { headers: new Map(headers.map(([name, value]) => [name.toLowerCase(), value])), body };
  return { ...rest, number, bytes, target, method, query: queryOf(where), delivery };
}

const queryOf = (path: string) => new Map(URL.parse(path, 'http://127.0.0.1')?.searchParams ?? []);
