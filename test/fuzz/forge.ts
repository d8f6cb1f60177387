import type { Dice } from '../support/dice.ts';
import type { Target } from './targets.ts';

/** Headers in the order in which they are sent; a name may occur twice. */
export type Headers = [string, string][];

interface Forgery {
  headers: Headers;
  body: Buffer;
  /** The change, in words. */
  how: string;
}

interface Delivery {
  target: Target;
  /** Another source, with its own secrets. */
  other: Target;
  body: Buffer;
  at: number;
}

const OTHER_SECRETS = ['', ' ', 'undefined', 'null', '[object Object]', 'whsec_', 'secret', ':', 'a:b', 'whsec_AAAA', 'AAAA'];

/** Makes a delivery that no owner of the source's secret has sent. */
export function forge(delivery: Delivery, dice: Dice): Forgery {
  const { target, other, body, at } = delivery;
  if (target.place !== undefined) return forgeInBody(delivery, target.place, dice);
  const [secret = ''] = target.secrets.length > 0 ? target.secrets : ['whsec_AAAA'];
  const [otherSecret = 'whsec_AAAA'] = other.secrets;
  const headers: Headers = Object.entries(target.sign(body, { secret, at }));

  if (target.coversBody && dice.chance(0.3)) return { headers, body: otherBody(body, dice), how: 'another body' };
  if (target.hasTime && dice.chance(0.2)) {
    const off = (dice.chance(0.5) ? 1 : -1) * (310_000 + 10 ** dice.int(12));
    return { headers: Object.entries(target.sign(body, { secret, at: Math.max(0, at + off) })), body, how: 'another time' };
  }
  if (dice.chance(0.1)) return { headers: Object.entries(other.sign(body, { secret: otherSecret, at })), body, how: 'another source' };
  if (dice.chance(0.1))
    return { headers: Object.entries(target.sign(body, { secret: otherSecret, at })), body, how: "another source's secret" };
  if (dice.chance(0.1)) {
    return { headers: Object.entries(target.sign(body, { secret: dice.pick(OTHER_SECRETS), at })), body, how: 'another secret' };
  }
  const proof = dice.pick(target.source.proofHeaders);
  const { how, spoil } = dice.pick(WAYS);
  const spoilt = headers.flatMap(([name, value]): Headers => (name.toLowerCase() === proof ? spoil(name, value, dice) : [[name, value]]));
  return isSame(spoilt, headers)
    ? { headers: without(headers, proof), body, how: `no ${proof}` }
    : { headers: spoilt, body, how: `${proof} ${how}` };
}

/** Another secret in all items, or in one of several, or none. */
function forgeInBody({ target, other, body, at }: Delivery, place: NonNullable<Target['place']>, dice: Dice): Forgery {
  const [secret = '', former = ''] = target.secrets;
  const wrong = dice.pick([
    ...OTHER_SECRETS,
    other.secrets[0] ?? 'x',
    changeOne(secret, dice),
    half(secret),
    `${secret}A`,
    secret.toUpperCase(),
  ]);
  const with_ = (one: string) => Buffer.from(place(body.toString('latin1'), one), 'latin1');
  const headers = Object.entries(target.sign(body, { secret, at }));
  if (dice.chance(0.3)) {
    const right = { clientState: dice.pick([secret, former]) };
    const value = dice.pick([[right, {}], [{}, right], [right, { clientState: wrong }], [right, null], [right, [right]], []]);
    return { headers, body: Buffer.from(JSON.stringify({ value })), how: 'one item without the secret' };
  }
  return { headers, body: with_(wrong), how: 'another secret in the body' };
}

const without = (headers: Headers, gone: string): Headers => headers.filter(([name]) => name.toLowerCase() !== gone);

const isSame = (one: Headers, other: Headers) => JSON.stringify(one) === JSON.stringify(other);

function otherBody(body: Buffer, dice: Dice): Buffer {
  const at = dice.int(body.length);
  const flipped = Buffer.from(body);
  if (body.length > 0) flipped[at] = (body[at] ?? 0) ^ (1 << dice.int(8));
  const changed = [
    Buffer.concat([body, Buffer.from(' ')]),
    Buffer.concat([Buffer.from('\n'), body]),
    Buffer.concat([body, body, Buffer.from('x')]),
  ];
  return dice.pick(body.length > 0 ? [...changed, flipped, flipped, body.subarray(1)] : changed);
}

/** Changes a character in the second half, so that padding and a part that is read in any case (`Bearer`) stay. */
function changeOne(value: string, dice: Dice): string {
  const length = value.replace(/=+$/, '').length;
  const at = Math.floor(length / 2) + dice.int(Math.ceil(length / 2));
  const others = 'AZaz09+/-_.!~'.replace(value.charAt(at), '');
  return value.slice(0, at) + dice.pick([...others]) + value.slice(at + 1);
}

const half = (value: string) => value.slice(0, Math.floor(value.length / 2));

/** The replacements of a proof header. None of them can be right, because the secret half is missing, changed or not alone. */
const WAYS: readonly { how: string; spoil(name: string, value: string, dice: Dice): Headers }[] = [
  { how: 'missing', spoil: () => [] },
  { how: 'empty', spoil: (name) => [[name, '']] },
  { how: 'cut', spoil: (name, value, dice) => [[name, value.slice(0, dice.int(half(value).length + 1))]] },
  { how: 'with one character changed', spoil: (name, value, dice) => [[name, changeOne(value, dice)]] },
  { how: 'with one character changed', spoil: (name, value, dice) => [[name, changeOne(value, dice)]] },
  { how: 'with one character more', spoil: (name, value) => [[name, `${value}A`]] },
  { how: 'reversed', spoil: (name, value) => [[name, [...value].reverse().join('')]] },
  {
    how: 'twice and wrong',
    spoil: (name, value, dice) => [
      [name, changeOne(value, dice)],
      [name.toUpperCase(), changeOne(value, dice)],
    ],
  },
  { how: 'many times and wrong', spoil: (name, value, dice) => Array.from({ length: 40 }, () => [name, changeOne(value, dice)]) },
  {
    how: 'a list of wrong ones',
    spoil: (name, value, dice) => [[name, Array.from({ length: 60 }, () => changeOne(value, dice)).join(dice.pick([' ', ',', ', ']))]],
  },
  {
    how: 'only separators',
    spoil: (name, _, dice) => [
      [name, dice.pick([',', ', , ,', ' ', ';', 'v1,', 'v1, v1,', '=', '==', 'sha256=', 'Bearer', 'Basic ', 'v2,'])],
    ],
  },
  { how: 'not a time', spoil: (name, _, dice) => [[name, dice.pick(TIMES)]] },
  { how: 'huge', spoil: (name) => [[name, 'A'.repeat(7000)]] },
  { how: 'with other bytes', spoil: (name, value, dice) => [[name, half(value) + String.fromCharCode(0x80 + dice.int(0x80))]] },
  {
    how: 'under a name that is nearly the same',
    spoil: (name, value) => [
      [`${name}-`, value],
      [`x-${name}`, value],
    ],
  },
];

const TIMES = [
  '0',
  '-1',
  '1e12',
  '99999999999999999999',
  'NaN',
  'now',
  '1970-01-01T00:00:00Z',
  '9999-12-31T23:59:59-23:59',
  '2026-11-30T17:00:00+99:99',
  '2026-02-30T00:00:00Z',
  '2026-11-30',
  '0x6565',
  '١٢٣',
];
