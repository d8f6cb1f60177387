import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { UserDirectory } from '../../lambda/domain/ports.ts';
import type { Reply } from '../support/scripted-http.ts';
import { aRecord, closeAll, lineOf, OTHER } from './a-directory.ts';

afterEach(closeAll);

const html = { 'content-type': 'text/html; charset=utf-8' };
const gzip = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
const data = (...hits: unknown[]): Reply => ({ json: { data: hits } });
const errorOf = (error: unknown, status = 422): Reply => ({ status, json: { error } });

const search = (directory: UserDirectory) => directory.find([{ field: 'emailAddr', value: 'ana@acme.test' }]);

describe('the line of a failed search', () => {
  it.each<[string, Reply, string]>([
    ['status 429', { status: 429 }, 'got status 429; wait and try again'],
    ['status 500', { status: 500 }, 'got status 500; wait and try again'],
    ['status 408', { status: 408 }, 'got status 408; wait and try again'],
    ['status 300', { status: 300 }, 'got status 300; check the base URL'],
    ['status 399', { status: 399 }, 'got status 399; check the base URL'],
    ['status 410', { status: 410 }, 'got status 410; configure a newer API version'],
    ['status 400 as a page', { status: 400, headers: html, bytes: 'sorry' }, 'got status 400 as a page; wait, then check the base URL'],
    [
      'status 403',
      { status: 403 },
      "got status 403; give the credential's user the right to see and edit users, and let the address of the worker in",
    ],
    ['status 404', { status: 404 }, 'got status 404; check the base URL and the API version'],
    ['status 409', { status: 409 }, 'got status 409; wait and try again'],
    ['status 401', { status: 401 }, 'got status 401; set a new Workfront credential'],
    ['an error in a success', errorOf('no', 200), 'got status 200; fix the cause, then replay what has failed'],
  ])('says what is wrong and what to do: %s', async (_, reply, rest) => {
    expect(await lineOf(search, reply)).toBe(`expected users by emailAddr, ${rest}`);
  });

  it.each<[string, Reply, string]>([
    ['a page by its content type', { headers: html, bytes: 'hello' }, 'a page; wait, then check the base URL'],
    ['a page by its text', { bytes: '\n <html>hello' }, 'a page; wait, then check the base URL'],
    ['text that only ends like a page', { bytes: 'a <' }, 'other text; wait and try again'],
    [
      'a content type that only sounds like a page',
      { headers: { 'content-type': 'text/xhtmlish' }, bytes: 'a' },
      'other text; wait and try again',
    ],
    ['an empty body', { bytes: '' }, 'an empty body; wait and try again'],
    ['white space', { bytes: ' ' }, 'other text; wait and try again'],
  ])('distinguishes pages from other answers: %s', async (_, reply, got) => {
    expect(await lineOf(search, reply)).toBe(`expected users by emailAddr as JSON, got ${got}`);
  });

  it.each<[string, Reply, string]>([
    ['JSON that is not an object', { json: 42 }, 'expected users by emailAddr as an object, got other JSON; check the API version'],
    ['null', { json: null }, 'expected users by emailAddr as an object, got other JSON; check the API version'],
    [
      'a wrong place in the answer',
      data(aRecord({ isActive: 'false' })),
      'users by emailAddr: data.0.isActive: expected a boolean, got a string of 5 characters; check the API version',
    ],
    [
      'users who do not match',
      data(aRecord(), aRecord({ ID: OTHER, emailAddr: 'ben@acme.test' })),
      'expected at most 5 users by emailAddr, got 1 of 2 that do not match; check the API version, and these fields in Workfront',
    ],
    [
      'too many users',
      data(
        ...['0', '1', '2', '3', '4', '5'].map((digit) => aRecord({ ID: digit.repeat(32), name: null, lastName: null, entryDate: null })),
      ),
      'expected at most 5 users by emailAddr, got 6, of them 6 distinct; check the API version, and these fields in Workfront',
    ],
    [
      'the same user twice',
      data(aRecord(), aRecord()),
      'expected at most 5 users by emailAddr, got 2, of them 1 distinct; check the API version, and these fields in Workfront',
    ],
    ['silence', 'never', 'expected an answer from Workfront within 100 ms, got none; wait and try again'],
    [
      'a body that stops',
      (response) => void response.writeHead(200).write('{'),
      'expected the whole answer from Workfront within 101 ms, got none; wait and try again',
    ],
    ['a body that is too large', { bytes: 'x'.repeat(2_001) }, 'expected at most 2000 bytes from Workfront, got more; check the base URL'],
    ['a reset', 'reset', 'expected to reach Workfront, got ECONNRESET; wait, then check the base URL'],
    [
      'broken gzip',
      { headers: gzip, bytes: 'no gzip' },
      'expected gzip from Workfront, got other bytes (Z_DATA_ERROR); wait and try again',
    ],
    [
      'incomplete gzip',
      { headers: gzip, bytes: gzipSync('{"data":[]}').subarray(0, 20) },
      'expected gzip from Workfront, got other bytes (Z_BUF_ERROR); wait and try again',
    ],
  ])('says what is wrong and what to do: %s', async (_, reply, line) => {
    expect(await lineOf(search, reply)).toBe(line);
  });

  it.each<[string, unknown, string]>([
    ['a class', { class: 'java.lang.X$Y_1' }, ' java.lang.X$Y_1'],
    ['a class of 200 characters', { class: 'x'.repeat(200) }, ` ${'x'.repeat(200)}`],
    ['a longer class', { class: 'x'.repeat(201) }, ''],
    ['text that begins like a class', { class: 'java.lang.X of Ana Silva' }, ''],
    ['text that ends like a class', { class: 'Ana Silva java.lang.X' }, ''],
    ['a class that is not text', { class: 42 }, ''],
    [
      'a known text with a dot in it',
      { class: 'java.X', message: 'APIModel V21_0 does not support action a.b (User)' },
      ' java.X (APIModel V21_0 does not support action a.b (User))',
    ],
    ['a list of known texts', { message: ['Invalid session ID'] }, ''],
    ['text that ends like a known one', { message: 'Ana: Invalid session ID' }, ''],
    ['other text alone', 'about Ana Silva', ''],
  ])('shows only what cannot be personal of an error: %s', async (_, error, shown) => {
    expect(await lineOf(search, errorOf(error))).toBe(
      `expected users by emailAddr, got status 422${shown}; fix the cause, then replay what has failed`,
    );
  });

  it.each<[string, unknown, string]>([
    [
      'a session',
      { message: 'You are not currently logged in.' },
      'got status 422 (You are not currently logged in); set a new Workfront credential',
    ],
    ['the limit of calls', 'Too many concurrent API requests.', 'got status 422 (Too many concurrent API requests); wait and try again'],
    [
      'a field',
      { message: 'APIModel V21_0 does not support field a.b (User)' },
      'got status 422 (APIModel V21_0 does not support field a.b (User)); correct the match keys of the stage, or the API version',
    ],
  ])('shows a known text that decides: %s', async (_, error, rest) => {
    expect(await lineOf(search, errorOf(error))).toBe(`expected users by emailAddr, ${rest}`);
  });

  it.each([
    ['an empty value', ' ', 'expected a value to search for in extRefID, got none; correct it at its source'],
    ['half a character', '\ud800', 'expected users by extRefID, got a value that is not valid Unicode; correct it at its source'],
  ])('says what is wrong and what to do: %s', async (_, value, line) => {
    expect(await lineOf((directory) => directory.find([{ field: 'extRefID', value }]), data())).toBe(line);
  });
});
