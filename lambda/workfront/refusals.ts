import { CredentialFailure, InvalidInput, PermanentFailure, StageFailure, TransientFailure } from '../domain/failures.ts';
import { readJson } from '../domain/parse.ts';
import { secondsUntil } from '../domain/time/retry-after.ts';
import { ANSWERS, type AnswerCode, type Call, type Row, type Seen } from './answers.ts';
import type { HttpAnswer } from './exchange.ts';
import { type WorkfrontError, workfrontError } from './workfront-error.ts';

/** The purpose of a call. */
export interface Purpose {
  /** Completes "expected ...", in words that a message may show, for example `users by emailAddr`. */
  expected: string;
  call: Call;
}

/** The content of an answer: a body to parse further, or a refused credential. */
export type Reading = { kind: 'body'; body: object } | { kind: 'unauthenticated'; failure: CredentialFailure };

/**
 * Reads an answer by the table.
 *
 * @param now milliseconds since the epoch, for a Retry-After that is a date
 * @throws TransientFailure, StageFailure or PermanentFailure with the code of the row that the answer fits
 */
export function readAnswer(answer: HttpAnswer, { expected, call }: Purpose, now: number): Reading {
  const { status } = answer;
  const content = jsonOf(answer.text);
  const error = workfrontError(content);
  const body = content === undefined ? 'none' : typeof content === 'object' && content !== null ? 'object' : 'other';
  const row = rowOf(call, { status, error, isPage: isPage(answer), body });
  if (row === undefined) return { kind: 'body', body: Object(content) };

  const line =
    status < 300 && error === undefined ? sawContent(answer, expected, body) : `expected ${expected}, got ${sawStatus(answer, error)}`;
  const failure = failureOf(row, call, { line, retryAfterSeconds: secondsUntil(answer.retryAfter, now) });
  if (failure instanceof CredentialFailure) return { kind: 'unauthenticated', failure };
  throw failure;
}

function rowOf(call: Call, seen: Seen): Row | undefined {
  const rows: readonly Row[] = ANSWERS;
  return rows.find((row) => row[call] !== undefined && row.is?.(seen));
}

/** The failure of an answer that only its reader recognizes. @param line what was expected, and what came */
export function misread(code: AnswerCode, call: Call, { line, ...options }: { line: string } & ErrorOptions): Error {
  const rows: readonly Row[] = ANSWERS;
  const row = rows.find((one) => one.code === code && one[call] !== undefined);
  if (row === undefined) throw new Error(`the table of answers has no ${code} for a ${call}`);
  return failureOf(row, call, { line, ...options });
}

function failureOf(
  row: Row,
  call: Call,
  { line, ...options }: { line: string; retryAfterSeconds?: number | undefined } & ErrorOptions,
): Error {
  const advice = row[call] === 'stage' ? (row.adviceToAll ?? row.advice) : row.advice;
  const message = `${line}; ${advice}`;
  switch (row[call]) {
    case 'credential':
      return new CredentialFailure(row.code, message, options);
    case 'stage':
      return new StageFailure(row.code, message, options);
    case 'trouble':
    case 'again':
      return new TransientFailure(row.code, message, options);
    default:
      return new PermanentFailure(row.code, message, options);
  }
}

const sawContent = (answer: HttpAnswer, expected: string, body: Seen['body']): string =>
  body === 'none' ? `expected ${expected} as JSON, got ${kindOf(answer)}` : `expected ${expected} as an object, got other JSON`;

/** The status, and class and text of the error if they cannot be personal. */
function sawStatus(answer: HttpAnswer, error: WorkfrontError | undefined): string {
  const page = isPage(answer) ? 'as a page' : undefined;
  return [`status ${answer.status}`, error?.class, error?.message, page].filter((part) => part !== undefined).join(' ');
}

function jsonOf(text: string): unknown {
  try {
    return readJson(text, 'answer');
  } catch (failure) {
    if (failure instanceof InvalidInput) return undefined;
    throw failure;
  }
}

export const isPage = ({ contentType, text }: HttpAnswer) => /\bhtml\b/i.test(contentType) || text.trimStart().startsWith('<');

function kindOf(answer: HttpAnswer): string {
  if (isPage(answer)) return 'a page';
  return answer.text === '' ? 'an empty body' : 'other text';
}
