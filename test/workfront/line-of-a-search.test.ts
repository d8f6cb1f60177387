import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { UserDirectory } from '../../lambda/domain/ports.ts';
import type { Reply } from '../support/scripted-http.ts';
import { aRecord, closeAll, lineOf, OTHER, THIRD } from './a-directory.ts';

afterEach(closeAll);

const html = { 'content-type': 'text/html; charset=utf-8' };
const gzip = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
const data = (...hits: unknown[]): Reply => ({ json: { data: hits } });
const errorOf = (error: unknown, status = 422): Reply => ({ status, json: { error } });

const search = (directory: UserDirectory) => directory.search({ field: 'emailAddr', value: 'ana@acme.test' });

describe('the line of a failed search', () => {
  it.each<[string, Reply, string]>([
    ['status 429', { status: 429 }, 'got status 429: too many calls at once, wait and try again'],
    ['status 500', { status: 500 }, 'got status 500, wait and try again'],
    ['status 408', { status: 408 }, 'got status 408, wait and try again'],
    ['status 300', { status: 300 }, 'got status 300, check the base url'],
    ['status 399', { status: 399 }, 'got status 399, check the base url'],
    ['status 410', { status: 410 }, 'got status 410, configure a newer api version'],
    ['status 400 as a page', { status: 400, headers: html, bytes: 'sorry' }, 'got status 400 as a page, wait and check the base url'],
    ['status 403', { status: 403 }, "got status 403, give the credential's user the right to see and edit this user"],
    ['status 404', { status: 404 }, 'got status 404, mend its cause and replay'],
    ['status 401', { status: 401 }, 'got status 401: workfront refuses the credential, set a new one'],
    ['an error in a success', errorOf('no', 200), 'got status 200, mend its cause and replay'],
  ])('tells %s', async (_, reply, came) => {
    expect(await lineOf(search, reply)).toBe(`expected users by emailAddr, ${came}`);
  });

  it.each<[string, Reply, string]>([
    ['a page by its type', { headers: html, bytes: 'hello' }, 'a page'],
    ['a page by its text', { bytes: '\n <html>hello' }, 'a page'],
    ['no page of text that only ends like one', { bytes: 'a <' }, 'other text'],
    ['no page of a type that only sounds like one', { headers: { 'content-type': 'text/xhtmlish' }, bytes: 'a' }, 'other text'],
    ['an empty body', { bytes: '' }, 'an empty body'],
    ['white space', { bytes: ' ' }, 'other text'],
  ])('tells %s', async (_, reply, came) => {
    expect(await lineOf(search, reply)).toBe(`expected users by emailAddr as json, got ${came}, wait and try again`);
  });

  it.each<[string, Reply, string]>([
    ['JSON that is no object', { json: 42 }, 'expected users by emailAddr as an object, got other json, check the api version'],
    ['null', { json: null }, 'expected users by emailAddr as an object, got other json, check the api version'],
    [
      'the place that is wrong',
      data(aRecord({ isActive: 'false' })),
      'users by emailAddr: data.0.isActive: expected a boolean, got a string of 5 characters, check the api version',
    ],
    [
      'how many do not match',
      data(aRecord(), aRecord({ ID: OTHER, emailAddr: 'ben@acme.test' })),
      'expected at most two users by emailAddr, got 1 of 2 that do not match, check this match key in workfront',
    ],
    [
      'that too many came',
      data(aRecord(), aRecord({ ID: OTHER }), aRecord({ ID: THIRD })),
      'expected at most two users by emailAddr, got 3, of them 3 distinct, check this match key in workfront',
    ],
    [
      'that the same came twice',
      data(aRecord(), aRecord()),
      'expected at most two users by emailAddr, got 2, of them 1 distinct, check this match key in workfront',
    ],
    ['silence', 'never', 'expected an answer from workfront within 100 ms, got none, wait and try again'],
    [
      'a body that stops',
      (response) => void response.writeHead(200).write('{'),
      'expected the whole answer from workfront within 101 ms, got none, wait and try again',
    ],
    [
      'a body that is too large',
      { bytes: 'x'.repeat(1_001) },
      'expected at most 1000 bytes from workfront, got more, look at what it answers',
    ],
    ['a reset', 'reset', 'expected to reach workfront, got ECONNRESET, wait and check the base url'],
    [
      'broken gzip',
      { headers: gzip, bytes: 'no gzip' },
      'expected gzip from workfront, got bytes that are not (Z_DATA_ERROR), wait and try again',
    ],
    [
      'cut gzip',
      { headers: gzip, bytes: gzipSync('{"data":[]}').subarray(0, 20) },
      'expected gzip from workfront, got bytes that are not (Z_BUF_ERROR), wait and try again',
    ],
  ])('tells %s', async (_, reply, line) => {
    expect(await lineOf(search, reply)).toBe(line);
  });

  it.each<[string, unknown, string]>([
    ['a class', { class: 'java.lang.X$Y_1' }, ' java.lang.X$Y_1'],
    ['a class of 200 characters', { class: 'x'.repeat(200) }, ` ${'x'.repeat(200)}`],
    ['no class that is longer', { class: 'x'.repeat(201) }, ''],
    ['no class that begins like one', { class: 'java.lang.X of Ana Silva' }, ''],
    ['no class that ends like one', { class: 'Ana Silva java.lang.X' }, ''],
    ['no class that is no text', { class: 42 }, ''],
    ['a known text', { message: 'You are not currently logged in.' }, ' (You are not currently logged in)'],
    ['a known text alone', 'Too many concurrent API requests.', ' (Too many concurrent API requests)'],
    [
      'a known text with a dot in it',
      { class: 'java.X', message: 'APIModel V21_0 does not support field a.b (User)' },
      ' java.X (APIModel V21_0 does not support field a.b (User))',
    ],
    ['no list of known texts', { message: ['Invalid session ID'] }, ''],
    ['no text that ends like a known one', { message: 'Ana: Invalid session ID' }, ''],
    ['no other text alone', 'about Ana Silva', ''],
  ])('tells of an error %s', async (_, error, told) => {
    expect(await lineOf(search, errorOf(error))).toBe(`expected users by emailAddr, got status 422${told}, mend its cause and replay`);
  });

  it.each([
    ['an empty value', ' ', 'expected a value to search for in extRefID, got none, correct it at its source'],
    ['half a character', '\ud800', 'expected users by extRefID, got a value that is no valid unicode, correct it at its source'],
  ])('tells of %s', async (_, value, line) => {
    expect(await lineOf((directory) => directory.search({ field: 'extRefID', value }), data())).toBe(line);
  });
});
