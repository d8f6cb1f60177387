import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Clock } from '../domain/ports.ts';
import { readText } from './response-body.ts';
import { asWireFailure, timedOut } from './trouble.ts';

/** Limits of one call: milliseconds for each stage, and bytes of the unpacked body. */
export interface Limits {
  connectMs: number;
  headersMs: number;
  bodyMs: number;
  maxBytes: number;
}

export interface HttpQuestion {
  method: 'GET' | 'PUT' | 'POST';
  url: URL;
  headers: Record<string, string>;
  body?: string | undefined;
}

/** A complete HTTP answer, with any status. */
export interface HttpAnswer {
  status: number;
  contentType: string;
  retryAfter: string | undefined;
  text: string;
}

/** One call, for metrics. */
export interface CallReport {
  method: string;
  ms: number;
  status: number | 'no-answer';
}

/** Together well below half of the worker's timeout. */
const LIMITS: Limits = { connectMs: 3_000, headersMs: 10_000, bodyMs: 5_000, maxBytes: 1_000_000 };

/** Every server and load balancer that we know keeps an idle connection for longer. */
const IDLE_MS = 4_000;

/**
 * Makes calls over kept-alive connections, at most `callsInFlight` at a time: an agent has one call on each connection, so its limit
 * of connections is the limit of calls. Calls above it wait, and their time limits begin after the wait. Redirects are not followed.
 *
 * @throws TransientFailure `timed-out`, `unreachable`, `not-json` (a broken gzip body); PermanentFailure `too-large`
 */
export function httpExchange(options: {
  origin: string;
  callsInFlight: number;
  limits?: Partial<Limits> | undefined;
  clock: Clock;
  onCall?: ((call: CallReport) => void) | undefined;
}): (question: HttpQuestion) => Promise<HttpAnswer> {
  const { clock, onCall } = options;
  const limits = { ...LIMITS, ...options.limits };
  const secure = new URL(options.origin).protocol === 'https:';
  const newAgent = () => new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: options.callsInFlight, timeout: IDLE_MS });
  let agent = newAgent();
  let busy = 0;
  let lastUsed = clock();

  return async (question) => {
    // The timers of a frozen function stand still while servers close its connections: only the clock shows it.
    if (busy === 0 && clock() - lastUsed > IDLE_MS) {
      agent.destroy();
      agent = newAgent();
    }
    busy += 1;
    let startedAt = clock();
    let status: CallReport['status'] = 'no-answer';
    try {
      const response = await send({ question, secure, agent, limits, onStart: () => (startedAt = clock()) });
      const text = await readText(response, limits);
      status = response.statusCode ?? 0;
      return { status, contentType: response.headers['content-type'] ?? '', retryAfter: response.headers['retry-after'], text };
    } finally {
      busy -= 1;
      lastUsed = clock();
      onCall?.({ method: question.method, ms: lastUsed - startedAt, status });
    }
  };
}

function send(options: {
  question: HttpQuestion;
  secure: boolean;
  agent: HttpAgent;
  limits: Limits;
  onStart: () => void;
}): Promise<IncomingMessage> {
  const { question, secure, agent, limits, onStart } = options;
  const { method, url, headers, body } = question;

  return new Promise((resolve, reject) => {
    const call = (secure ? httpsRequest : httpRequest)(url, { method, headers, agent });
    let timer: NodeJS.Timeout | undefined;
    const allow = (ms: number, what: string) => {
      clearTimeout(timer);
      timer = setTimeout(() => call.destroy(timedOut(what, ms)), ms);
    };

    call.once('socket', (socket) => {
      onStart();
      if (!socket.connecting) return allow(limits.headersMs, 'an answer');
      allow(limits.connectMs, 'a connection');
      socket.once(secure ? 'secureConnect' : 'connect', () => allow(limits.headersMs, 'an answer'));
    });
    call.once('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    call.on('error', (cause) => {
      clearTimeout(timer);
      reject(asWireFailure(cause));
    });
    call.end(body);
  });
}
