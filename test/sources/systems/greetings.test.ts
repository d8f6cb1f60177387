import { expect, it } from '@jest/globals';
import { aSource, type Paged, sampleOf } from '../../support/understanding.ts';

interface Request {
  method?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  body?: string;
}

const greet = (system: Paged, { method = 'POST', headers = {}, query = {}, body = '' }: Request) =>
  aSource(system).greet({
    method,
    query: new Map(Object.entries(query)),
    delivery: { headers: new Map(Object.entries(headers)), body: Buffer.from(body) },
  });

const PING = { kind: 'ping', answer: { status: 200 } };
const TOKEN = '{"verification_token":"abc"}';

it.each<[string, object | undefined, string]>([
  ['the words alone', PING, 'Ping test'],
  ['the words as JSON', PING, '"Ping test"'],
  ['an object', PING, '{"text":"Ping test"}'],
  ['an object with spaces', PING, ' {  "text"  :  "Ping test"  }\n'],
  ['99 bytes', PING, 'Ping test'.padEnd(99)],
  ['100 bytes', undefined, 'Ping test'.padEnd(100)],
  ['words before it', undefined, 'A Ping test'],
  ['words behind it', undefined, 'Ping test of ours'],
  ['an object with more', undefined, '{"text":"Ping test","type":"employee.left"}'],
  ['an event', undefined, sampleOf('hibob')],
])("%s as HiBob's ping gives %j", (_, greeting, body) => {
  expect(greet('hibob', { body })).toEqual(greeting);
});

const KEPT = { kind: 'challenge', answer: { status: 200 }, keep: true };

it.each<[string, object | undefined, string]>([
  ['a token', KEPT, TOKEN],
  ['2000 bytes', KEPT, TOKEN.padEnd(2000)],
  ['2001 bytes', undefined, TOKEN.padEnd(2001)],
  ['an empty token', undefined, '{"verification_token":""}'],
  ['a token beside an event', undefined, '{"verification_token":"abc","event_type":"employee.rehired"}'],
  ['text that is not JSON', undefined, TOKEN.slice(1)],
  ['an event', undefined, sampleOf('gusto')],
])("%s as Gusto's challenge gives %j", (_, greeting, body) => {
  expect(greet('gusto', { body })).toEqual(greeting);
});

const challenge = { 'x-okta-verification-challenge': 'a"b' };

it.each<[string, object | undefined, Request]>([
  [
    'a GET with one',
    { kind: 'challenge', answer: { status: 200, contentType: 'application/json', body: '{"verification":"a\\"b"}' } },
    { method: 'GET', headers: challenge },
  ],
  ['a GET without', undefined, { method: 'GET' }],
  ['an event that has one', undefined, { method: 'POST', headers: challenge, body: sampleOf('okta') }],
])("%s as Okta's challenge gives %j", (_, greeting, request) => {
  expect(greet('okta', request)).toEqual(greeting);
});

const token = (body: string) => ({ kind: 'challenge', answer: { status: 200, contentType: 'text/plain', body } });

it.each<[string, object | undefined, Request]>([
  ['a token', token('Validation: Testing reachability 1+1'), { query: { validationToken: 'Validation: Testing reachability 1+1' } }],
  ['2000 characters', token('x'.repeat(2000)), { query: { validationToken: 'x'.repeat(2000) } }],
  ['2001 characters', undefined, { query: { validationToken: 'x'.repeat(2001) } }],
  ['an empty token', undefined, { query: { validationToken: '' } }],
  ['no token', undefined, { query: { validationtoken: 'x' } }],
  ['a token with HTML', undefined, { query: { validationToken: '<script>alert(1)</script>' } }],
  ['a token with a quotation mark', undefined, { query: { validationToken: 'a"b' } }],
  ['a token with a line end', undefined, { query: { validationToken: 'a\r\nb' } }],
  ['a token by GET', undefined, { method: 'GET', query: { validationToken: 'x' } }],
  ['a token beside notifications', undefined, { query: { validationToken: 'x' }, body: sampleOf('entra') }],
])("%s as Entra's challenge gives %j", (_, greeting, request) => {
  expect(greet('entra', request)).toEqual(greeting);
});
