import type { Dice } from '../support/dice.ts';
import { mutateJson, NASTY_TEXTS } from './mutate-json.ts';

/** A body as bytes, mutated in one to three ways: first as what it is, JSON, XML or a form, then as mere bytes. */
export function mutateBody(text: string, dice: Dice): Buffer {
  const mutated = mutateText(text, dice);
  return dice.chance(0.4) ? dice.pick(ON_BYTES)(Buffer.from(mutated), dice) : Buffer.from(mutated);
}

function mutateText(text: string, dice: Dice): string {
  if (text.startsWith('<')) return dice.pick(ON_XML)(text, dice);
  if (/^\w+=/.test(text)) return dice.pick(ON_FORM)(text, dice);
  return mutateJson(text, dice);
}

type OnText = (text: string, dice: Dice) => string;

const insideAny = (text: string, mark: RegExp, dice: Dice, by: (found: string) => string): string => {
  const found = [...text.matchAll(mark)];
  if (found.length === 0) return text;
  const { index, 0: piece } = dice.pick(found);
  return text.slice(0, index) + by(piece) + text.slice(index + piece.length);
};

const TAG = /<[^>]*>/g;
const CONTENT = /(?<=>)[^<]+(?=<)/g;

const ON_XML: readonly OnText[] = [
  (text) => `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${text.replace('{who}', '&b;&b;')}`,
  (text) => `<!doctype x SYSTEM "file:///etc/passwd">${text}`,
  (text, dice) => insideAny(text, CONTENT, dice, () => dice.pick(['&lt;', '&#0;', '&#xD800;', '&amp;amp;', '&nobody;', '&#99999999999;'])),
  (text, dice) => insideAny(text, CONTENT, dice, (content) => `<![CDATA[${content}]]>`),
  (text, dice) => insideAny(text, CONTENT, dice, () => dice.pick(NASTY_TEXTS).replace(/[<&]/g, '')),
  (text, dice) => insideAny(text, CONTENT, dice, (content) => `<!-- ${content} --><?target ${content}?>`),
  (text, dice) => insideAny(text, TAG, dice, () => ''),
  (text, dice) => insideAny(text, TAG, dice, (tag) => tag + tag),
  (text, dice) => insideAny(text, TAG, dice, (tag) => tag.replace('>', ' a="1" a="2" __proto__="x" b=\'>\'>')),
  (text, dice) =>
    insideAny(text, TAG, dice, () => dice.pick(['<__proto__>', '<constructor>', '<toString/>', '<:>', '<a:b:c>', '<hasOwnProperty/>'])),
  (text, dice) => insideAny(text, TAG, dice, (tag) => tag + '<d>'.repeat(10 ** (1 + dice.int(4)))),
  (text, dice) => {
    const depth = 10 ** (1 + dice.int(4));
    return insideAny(text, CONTENT, dice, (content) => '<d>'.repeat(depth) + content + '</d>'.repeat(depth));
  },
  (text) => `<?xml version="1.0" encoding="UTF-16"?>${text}`,
  (text) => text + text,
  (text) => text,
];

const ON_FORM: readonly OnText[] = [
  (text) => `${text}&${text}`,
  (text) => text.replace('=', '[]='),
  (text) => `__proto__=1&constructor=2&${text}`,
  (text, dice) => text.replace('{who}', encodeURIComponent(dice.pick(NASTY_TEXTS).replace(/[\uD800-\uDFFF]/g, ''))),
  (text, dice) => text.replace('{who}', dice.pick(['%', '%zz', '%00', '%ff%fe', '+', '%0d%0a', '&&&&', '=', ''])),
  (text) => text.replaceAll('&', ';'),
  (text) => JSON.stringify(Object.fromEntries(new URLSearchParams(text))),
  (text, dice) => mutateJson(JSON.stringify(Object.fromEntries(new URLSearchParams(text))), dice),
  (text) => `${text}&${'x=1&'.repeat(5000)}`,
  (text) => text,
];

type OnBytes = (body: Buffer, dice: Dice) => Buffer;

const spliced = (body: Buffer, at: number, gone: number, ...by: Buffer[]): Buffer =>
  Buffer.concat([body.subarray(0, at), ...by, body.subarray(at + gone)]);

const NO_UTF8 = ['ff', 'c080', 'eda080', 'f4908080', 'c3', 'f8888080', '80'].map((hex) => Buffer.from(hex, 'hex'));

const ON_BYTES: readonly OnBytes[] = [
  (body, dice) => body.subarray(0, dice.int(body.length + 1)),
  (body, dice) => spliced(body, dice.int(body.length + 1), 1, Buffer.from([dice.int(256)])),
  (body, dice) => spliced(body, dice.int(body.length + 1), 0, Buffer.from([dice.int(256)])),
  (body, dice) => spliced(body, dice.int(body.length + 1), dice.int(20)),
  (body, dice) => spliced(body, dice.int(body.length + 1), 0, dice.pick(NO_UTF8)),
  (body) => Buffer.concat([Buffer.from('efbbbf', 'hex'), body]),
  (body) => Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from(body.toString(), 'utf16le')]),
  (body) => Buffer.from(body.toString(), 'utf16le'),
  (body) => Buffer.concat([body, Buffer.alloc(3)]),
  (body, dice) => Buffer.concat([Buffer.from(' \n\t'.repeat(dice.int(50))), body, Buffer.from('\r\n')]),
  (body) => Buffer.from(body.toString('base64')),
  () => Buffer.alloc(0),
  (_, dice) => Buffer.from(Array.from({ length: dice.int(200) }, () => dice.int(256))),
];
