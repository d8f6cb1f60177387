import type { WorkfrontError } from './workfront-error.ts';

/** What a call is about: `question` is a search, a count or "who am I", and names no user. */
export type Call = 'question' | 'read' | 'write';

/**
 * What follows from an answer.
 *
 * - `credential`: the credential is renewed, then the circuit opens
 * - `stage`: the circuit opens under the code, and every event waits for a repair
 * - `trouble`: the event waits; the fifth in a row opens the circuit
 * - `again`: only this event waits
 * - `refused`: the event fails, if no others are refused in the same way
 * - `nobody`: there is no such user
 * - `doubt`: the write may have taken effect; a read shows it, at once or at the next try
 */
export type Consequence = 'credential' | 'stage' | 'trouble' | 'again' | 'refused' | 'nobody' | 'doubt';

/** An answer, as far as it is decided by. */
export interface Seen {
  status: number;
  error: WorkfrontError | undefined;
  isPage: boolean;
  /** `none`: no JSON. */
  body: 'none' | 'object' | 'other';
}

/** One row; it holds for the calls that it has a consequence for. */
export interface Row extends Partial<Record<Call, Consequence>> {
  answer: string;
  /** Missing if only whoever reads the content can know. */
  is?: (seen: Seen) => boolean;
  /** The code of the failure. */
  code: string;
  advice: string;
  /** What to do if everybody gets it, where that is something else. */
  adviceToAll?: string;
}

const everywhere = (consequence: Consequence) => ({ question: consequence, read: consequence, write: consequence });
const ofUser = { question: 'stage', read: 'refused', write: 'refused' } as const;
const unclear = { question: 'stage', read: 'refused', write: 'doubt' } as const;
const says = (pattern: RegExp, { error }: Seen) => pattern.test(error?.message ?? '');

/**
 * The one table of answers and calls: the first row that fits counts. docs/answers.md has the same rows. An answer is recognized by its
 * status and the class of its error; by its text only where third parties report it live and no status belongs to it.
 * "API basics" and the OpenAPI description of Workfront have 401, 403, 404, 410, 422, 429 and 500.
 */
export const ANSWERS = [
  {
    answer: '401, an authentication error, or a session that is over',
    is: (seen) =>
      seen.status === 401 ||
      (seen.error?.class?.endsWith('.AuthenticationException') ?? false) ||
      says(/Invalid session ID|not currently logged in/, seen),
    code: 'rejected',
    ...everywhere('credential'),
    advice: 'set a new Workfront credential',
  },
  {
    answer: '429, or "Too many concurrent API requests" with any status',
    is: (seen) => seen.status === 429 || says(/Too many concurrent API requests/, seen),
    code: 'throttled',
    ...everywhere('again'),
    advice: 'wait and try again',
  },
  {
    answer: '408',
    is: ({ status }) => status === 408,
    code: 'timed-out',
    ...everywhere('trouble'),
    advice: 'wait and try again',
  },
  {
    answer: '5xx',
    is: ({ status }) => status >= 500,
    code: 'server-error',
    ...everywhere('trouble'),
    advice: 'wait and try again',
  },
  {
    answer: '3xx',
    is: ({ status }) => status >= 300 && status < 400,
    code: 'redirected',
    ...everywhere('stage'),
    advice: 'check the base URL',
  },
  {
    answer: '410',
    is: ({ status }) => status === 410,
    code: 'api-version-gone',
    ...everywhere('stage'),
    advice: 'configure a newer API version',
  },
  {
    // Workfront refuses in JSON. A page comes from a system in between (a CDN, maintenance), which knows nothing about the user.
    answer: 'a page with any other status',
    is: ({ isPage }) => isPage,
    code: 'not-json',
    ...everywhere('trouble'),
    advice: 'wait, then check the base URL',
  },
  {
    answer: '"does not support field" with any status',
    is: (seen) => says(/does not support field/, seen),
    code: 'field-unknown',
    ...everywhere('stage'),
    advice: 'correct the match keys of the stage, or the API version',
  },
  {
    answer: '409',
    is: ({ status }) => status === 409,
    code: 'conflict',
    question: 'stage',
    read: 'again',
    write: 'again',
    advice: 'wait and try again',
  },
  {
    answer: '403',
    is: ({ status }) => status === 403,
    code: 'forbidden',
    ...ofUser,
    advice: "give the credential's user the right to see and edit this user",
    adviceToAll: "give the credential's user the right to see and edit users, and let the address of the worker in",
  },
  {
    answer: '404 without a user in the call',
    is: ({ status }) => status === 404,
    code: 'not-found',
    question: 'stage',
    advice: 'check the base URL and the API version',
  },
  {
    answer: '404 of a user',
    is: ({ status }) => status === 404,
    code: 'user-not-found',
    read: 'nobody',
    write: 'refused',
    advice: 'check that the user still exists',
  },
  {
    answer: 'any other error',
    is: ({ status, error }) => status >= 400 || error !== undefined,
    code: 'refused',
    ...ofUser,
    advice: 'fix the cause, then replay what has failed',
  },
  {
    answer: 'no JSON',
    is: ({ body }) => body === 'none',
    code: 'not-json',
    ...everywhere('trouble'),
    advice: 'wait and try again',
  },
  {
    answer: 'JSON of another shape',
    is: ({ body }) => body === 'other',
    code: 'unexpected-answer',
    ...unclear,
    advice: 'check the API version',
  },
  {
    answer: 'more than a megabyte',
    code: 'too-large',
    ...unclear,
    advice: 'check the base URL',
  },
  {
    answer: 'users who were not asked for',
    code: 'filter-dropped',
    question: 'stage',
    advice: 'check the API version, and these fields in Workfront',
  },
  {
    answer: 'a success that does not show the user inactive, and a read neither',
    code: 'not-confirmed',
    write: 'doubt',
    advice: 'look at the user in Workfront',
  },
] as const satisfies readonly Row[];

export type AnswerCode = (typeof ANSWERS)[number]['code'];
