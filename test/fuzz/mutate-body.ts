import type { Dice } from '../support/dice.ts';
import { DIFFICULT_TEXTS, mutateJson, type OnText, replacing } from './mutate-json.ts';

/** Mutates a body in one to three ways: first as JSON, XML or a form, then as bytes. */
export function mutateBody(text: string, dice: Dice): Buffer {
  const mutated = mutateText(text, dice);
  return dice.chance(0.4) ? dice.pick(ON_BYTES)(Buffer.from(mutated), dice) : Buffer.from(mutated);
}

function mutateText(text: string, dice: Dice): string {
  if (text.startsWith('<')) return dice.pick(ON_XML)(text, dice);
  if (/^\w+=/.test(text)) return dice.pick(ON_FORM)(text, dice);
  return mutateJson(text, dice);
}

const TAG = /<[^>]*>/g;
const CONTENT = /(?<=>)[^<]+(?=<)/g;

const ON_XML: readonly OnText[] = [
  (text) => `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${text.replace('{who}', '&b;&b;')}`,
  (text) => `<!doctype x SYSTEM "file:///etc/passwd">${text}`,
  replacing(CONTENT, (_, dice) => dice.pick(['&lt;', '&#0;', '&#xD800;', '&amp;amp;', '&nobody;', '&#99999999999;'])),
  replacing(CONTENT, (content) => `<![CDATA[${content}]]>`),
  replacing(CONTENT, (_, dice) => dice.pick(DIFFICULT_TEXTS).replace(/[<&]/g, '')),
  replacing(CONTENT, (content) => `<!-- ${content} --><?target ${content}?>`),
  replacing(TAG, () => ''),
  replacing(TAG, (tag) => tag + tag),
  replacing(TAG, (tag) => tag.replace('>', ' a="1" a="2" __proto__="x" b=\'>\'>')),
  replacing(TAG, (_, dice) => dice.pick(['<__proto__>', '<constructor>', '<toString/>', '<:>', '<a:b:c>', '<hasOwnProperty/>'])),
  replacing(TAG, (tag, dice) => tag + '<d>'.repeat(10 ** (1 + dice.int(4)))),
  replacing(CONTENT, (content, dice) => {
    const depth = 10 ** (1 + dice.int(4));
    return '<d>'.repeat(depth) + content + '</d>'.repeat(depth);
  }),
  (text) => `<?xml version="1.0" encoding="UTF-16"?>${text}`,
  (text) => text + text,
  (text) => text,
];

const ON_FORM: readonly OnText[] = [
  (text) => `${text}&${text}`,
  (text) => text.replace('=', '[]='),
  (text) => `__proto__=1&constructor=2&${text}`,
  (text, dice) => text.replace('{who}', encodeURIComponent(dice.pick(DIFFICULT_TEXTS).replace(/[\uD800-\uDFFF]/g, ''))),
  (text, dice) => text.replace('{who}', dice.pick(['%', '%zz', '%00', '%ff%fe', '+', '%0d%0a', '&&&&', '=', ''])),
  (text) => text.replaceAll('&', ';'),
  (text) => JSON.stringify(Object.fromEntries(new URLSearchParams(text))),
  (text, dice) => mutateJson(JSON.stringify(Object.fromEntries(new URLSearchParams(text))), dice),
  (text) => `${text}&${'x=1&'.repeat(5000)}`,
  (text) => text,
];

type OnBytes = (body: Buffer, dice: Dice) => Buffer;

/** Removes bytes at a random place, and puts others there. */
const spliced = (body: Buffer, dice: Dice, { gone, by = Buffer.alloc(0) }: { gone: number; by?: Buffer }): Buffer => {
  const at = dice.int(body.length + 1);
  return Buffer.concat([body.subarray(0, at), by, body.subarray(at + gone)]);
};

const NO_UTF8 = ['ff', 'c080', 'eda080', 'f4908080', 'c3', 'f8888080', '80'].map((hex) => Buffer.from(hex, 'hex'));

const ON_BYTES: readonly OnBytes[] = [
  (body, dice) => body.subarray(0, dice.int(body.length + 1)),
  (body, dice) => spliced(body, dice, { gone: 1, by: Buffer.from([dice.int(256)]) }),
  (body, dice) => spliced(body, dice, { gone: 0, by: Buffer.from([dice.int(256)]) }),
  (body, dice) => spliced(body, dice, { gone: dice.int(20) }),
  (body, dice) => spliced(body, dice, { gone: 0, by: dice.pick(NO_UTF8) }),
  (body) => Buffer.concat([Buffer.from('efbbbf', 'hex'), body]),
  (body) => Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from(body.toString(), 'utf16le')]),
  (body) => Buffer.from(body.toString(), 'utf16le'),
  (body) => Buffer.concat([body, Buffer.alloc(3)]),
  (body, dice) => Buffer.concat([Buffer.from(' \n\t'.repeat(dice.int(50))), body, Buffer.from('\r\n')]),
  (body) => Buffer.from(body.toString('base64')),
  () => Buffer.alloc(0),
  (_, dice) => Buffer.from(Array.from({ length: dice.int(200) }, () => dice.int(256))),
];
