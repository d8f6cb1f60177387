import { isSetting } from '../query/parameters.ts';
import type { Call } from './call.ts';

const KEPT = 200_000;

type CallKind = 'search' | 'count' | 'read' | 'write' | 'metadata' | 'token' | 'login' | 'other';

export interface LoggedCall {
  kind: CallKind;
  /** The verb that counts, see {@link Call}. */
  method: string;
  /** Path and query, without the values of filters and credentials: `/user/search?emailAddr=...&fields=ID`. */
  path: string;
  /** The user in the path or in `id=`, if the call names one. */
  userId: string | undefined;
  /** HTTP status; undefined while the call runs, and if the connection was reset. */
  status: number | undefined;
  /** Whether the call changed a user. */
  changed: boolean;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Every call that the fake received, including those it refused. */
export interface CallLog {
  /** The newest 200,000, oldest first. */
  readonly entries: readonly LoggedCall[];
  readonly total: number;
  readonly byKind: Readonly<Record<CallKind, number>>;
  /** Writes that changed a user. */
  readonly changingWrites: number;
  /** The most calls that were open at once. */
  readonly maxInFlight: number;
  readonly answered429: number;
  clear(): void;
}

export interface CallRecorder extends CallLog {
  readonly inFlight: number;
  /** Counts a call as open until `close`. */
  open(): void;
  close(): void;
  add(entry: LoggedCall): void;
  finish(entry: LoggedCall, status: number): void;
  change(entry: LoggedCall): void;
}

export function createCallLog(): CallRecorder {
  const none = (): Record<CallKind, number> => ({ search: 0, count: 0, read: 0, write: 0, metadata: 0, token: 0, login: 0, other: 0 });
  let entries: LoggedCall[] = [];
  let inFlight = 0;
  let counters = { total: 0, changingWrites: 0, maxInFlight: 0, answered429: 0, byKind: none() };

  return {
    get entries() {
      return entries;
    },
    get total() {
      return counters.total;
    },
    get byKind() {
      return counters.byKind;
    },
    get changingWrites() {
      return counters.changingWrites;
    },
    get maxInFlight() {
      return counters.maxInFlight;
    },
    get answered429() {
      return counters.answered429;
    },
    get inFlight() {
      return inFlight;
    },
    clear() {
      entries = [];
      counters = { total: 0, changingWrites: 0, maxInFlight: inFlight, answered429: 0, byKind: none() };
    },
    open() {
      inFlight += 1;
      counters.maxInFlight = Math.max(counters.maxInFlight, inFlight);
    },
    close() {
      inFlight -= 1;
    },
    add(entry) {
      counters.total += 1;
      counters.byKind[entry.kind] += 1;
      entries.push(entry);
      if (entries.length > KEPT) entries = entries.slice(-KEPT / 2);
    },
    finish(entry, status) {
      entry.status = status;
      if (status === 429) counters.answered429 += 1;
    },
    change(entry) {
      entry.changed = true;
      counters.changingWrites += 1;
    },
  };
}

/** The log entry of a call that has just arrived. */
export function logged(call: Call, at: number): LoggedCall {
  const shown = call.query.map(([name, value]) => `${name}=${isHarmless(name) ? value : '...'}`).join('&');
  const [, inPath] = call.parts;
  const named = call.query.find(([name]) => name.toLowerCase() === 'id')?.[1];
  return {
    kind: kindOf(call),
    method: call.method,
    path: shown === '' ? call.pathname : `${call.pathname}?${shown}`,
    userId: inPath === undefined || SERVICES.includes(inPath) ? named : inPath,
    status: undefined,
    changed: false,
    at,
  };
}

const SERVICES = ['search', 'count', 'report', 'metadata'];

function isHarmless(name: string): boolean {
  if (['updates', 'filters', 'apiKey', 'sessionID', 'password'].includes(name)) return false;
  return isSetting(name) || name.endsWith('_Mod') || name === 'isActive' || name === 'isAdmin';
}

function kindOf({ method, parts, pathname }: Call): CallKind {
  const [type, second] = parts;
  if (pathname.startsWith('/integrations/') || pathname.startsWith('/ims/')) return 'token';
  if (type?.toLowerCase() === 'login') return 'login';
  if (type === 'metadata' || second === 'metadata') return 'metadata';
  if (second === 'search' || second === 'count') return second;
  if (method === 'PUT' || method === 'DELETE') return 'write';
  if (method === 'GET' && type !== undefined) return 'read';
  return 'other';
}
