import * as z from 'zod';
import { InvalidInput } from '../../lambda/domain/failures.ts';
import { readDelivery } from '../../lambda/handlers/read-delivery.ts';
import type { IdentifiedEvent } from '../../lambda/sources/source.ts';
import type { Answer } from './connection.ts';
import type { Case } from './make-case.ts';

const MOST_BYTES = 512 * 1024;
/** A problem has one line; a success names at most 500 events. */
const MOST_PROBLEM_BYTES = 1500;
const MOST_SUCCESS_BYTES = 250_000;
const LEAK = /node_modules|node:internal|\n\s+at |\.ts:\d|(Type|Range|Syntax|Reference)Error/;

const problem = z.object({ status: z.number(), title: z.string().min(1), detail: z.string().optional() });

/** The events that a case must put into the queue, and the fault of its answer. */
export interface Judgement {
  wrong?: string;
  events: IdentifiedEvent[];
}

/** Judges answers one by one. It keeps the first 401, because all of them must be the same. */
export function makeJudge() {
  let refusal: string | undefined;

  async function judge(one: Case, answer: Answer): Promise<Judgement> {
    if (answer === 'silent') return { events: [], wrong: 'no answer' };
    if (answer === 'closed') return { events: [], ...(one.kind !== 'spoilt' && { wrong: 'no answer: the connection was closed' }) };

    const form = formOf(one, answer);
    if (form !== undefined) return { events: [], wrong: form };
    if (one.kind !== 'genuine' || one.delivery.body.length > MOST_BYTES) return { events: [], ...wrongOf(one, answer) };
    return judgeGenuine(one, answer);
  }

  function wrongOf(one: Case, answer: Exclude<Answer, string>): { wrong?: string } {
    const { status } = answer;
    if (status >= 500) return mayFail(one, answer) ? {} : { wrong: `${status} ${answer.body}` };
    if (status < 300) return isGreeting(one) ? {} : { wrong: `${status}: accepted without proof` };
    if (one.kind === 'forged' && status !== 431 && status !== (one.delivery.body.length > MOST_BYTES ? 413 : 401) && !isGreeting(one)) {
      return { wrong: `a forgery got ${status} instead of 401: ${answer.body}` };
    }
    if (status !== 401) return {};

    const { date: _, connection: __, 'keep-alive': ___, ...headers } = Object.fromEntries(answer.headers);
    const text = JSON.stringify([headers, answer.body.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, 'id')]);
    refusal ??= text;
    return text === refusal ? {} : { wrong: `a 401 that differs from the first: ${text} instead of ${refusal}` };
  }

  return judge;
}

/** A 503 is right in two cases: there is no usable secret, or the quarantine did not take a delivery of a system that never sends again. */
function mayFail({ target, kind }: Case, { status, body }: Exclude<Answer, string>): boolean {
  if (status !== 503) return false;
  if (target.secrets.length === 0) return body.includes('cannot be verified at present');
  return kind === 'forged' && target.source.answers.refusalIsFinal && body.includes('could not be stored');
}

/** A request that was spoilt may have lost its body, and then it only asks whether we are there. */
function isGreeting({ target, kind, method, query, delivery }: Case): boolean {
  const bodies = kind === 'spoilt' ? [delivery.body, Buffer.alloc(0)] : [delivery.body];
  return bodies.some((body) => target.source.greet({ method, query, delivery: { ...delivery, body } }) !== undefined);
}

/** A proven delivery gets the answer that fits its content; its events must be in the queue. */
async function judgeGenuine(one: Case, { status, body }: Exclude<Answer, string>): Promise<Judgement> {
  const { source } = one.target;
  if (isGreeting(one)) return { events: [], ...(status !== 200 && { wrong: `a greeting got ${status} instead of 200: ${body}` }) };

  const read = await readDelivery(one.delivery, { source, signedId: signedIdOf(one) }).catch((failure: unknown) => {
    return { reason: 'not-understood' as const, detail: failure instanceof InvalidInput ? failure.message : `threw ${String(failure)}` };
  });
  const isUnderstood = !('reason' in read);
  const isSuccess = status === source.answers.success.status;
  if (isUnderstood || source.answers.unreadable === 'as-success') {
    if (!isSuccess) return { events: [], wrong: `a good delivery got ${status} instead of ${source.answers.success.status}: ${body}` };
    return { events: isUnderstood ? read.events : [] };
  }
  return {
    events: [],
    ...(![400, 415, 422].includes(status) && {
      wrong: `a delivery that cannot be read (${read.detail}) got ${status} instead of a refusal: ${body}`,
    }),
  };
}

/** Only Standard Webhooks and Finch sign an id. */
const signedIdOf = ({ delivery: { headers } }: Case) => headers.get('webhook-id') ?? headers.get('finch-event-id');

/** Every answer has a bounded size, reveals nothing of the code, and describes a problem as in RFC 9457. */
function formOf({ kind }: Case, { status, headers, body }: Exclude<Answer, string>): string | undefined {
  if (LEAK.test(body)) return `an answer reveals the code: ${body}`;
  if (body.length > (status < 300 ? MOST_SUCCESS_BYTES : MOST_PROBLEM_BYTES)) return `an answer of ${body.length} characters`;
  // API Gateway itself answers an unknown path, and Node.js answers bytes that are not a request.
  if (status < 300 || status === 403 || (kind === 'spoilt' && body === '')) return undefined;
  if (headers.get('content-type') !== 'application/problem+json') return `${status} as ${headers.get('content-type')}`;
  const parsed = z.safeParse(problem, body === '' ? undefined : JSON.parse(body));
  return parsed.success && parsed.data.status === status ? undefined : `${status} with ${body}`;
}
