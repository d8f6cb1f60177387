import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { last, type Parameters } from '../query/parameters.ts';
import { Refusal } from '../query/refusal.ts';

const BODY_LIMIT = 1_000_000;

/** One call, as the caller sent it. */
export interface Call {
  /** The verb that counts: `method=` in query or form, in any case, overrides the HTTP verb ("API basics"). */
  method: string;
  pathname: string;
  /** The path after the version; the object type comes first. */
  parts: string[];
  /** Undefined: the newest. */
  version: number | undefined;
  query: Parameters;
  form: Parameters;
  /** The text of a JSON body. */
  json: string | undefined;
  headers: IncomingHttpHeaders;
  /** The length of path and query, in bytes. */
  uriBytes: number;
}

/** Reads a request. @throws Refusal if the body is larger than 1 MB */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const uri = request.url ?? '/';
  const mark = uri.indexOf('?');
  const pathname = mark < 0 ? uri : uri.slice(0, mark);
  const query = mark < 0 ? [] : [...new URLSearchParams(uri.slice(mark + 1))];
  const body = await readBody(request);
  const type = request.headers['content-type'] ?? '';
  const form = type.startsWith('application/x-www-form-urlencoded') ? [...new URLSearchParams(body)] : [];
  const { version, parts } = readPath(pathname);

  return {
    method: (last(form, 'method') ?? last(query, 'method') ?? request.method ?? 'GET').toUpperCase(),
    pathname,
    parts,
    version,
    query,
    form,
    json: type.startsWith('application/json') && body !== '' ? body : undefined,
    headers: request.headers,
    uriBytes: Buffer.byteLength(uri),
  };
}

/** The parameters of query and form together. */
export function parametersOf({ query, form }: Pick<Call, 'query' | 'form'>): Parameters {
  return [...query, ...form];
}

/** Reads `/attask/api/v21.0/...`; `/attask/api/...`, `/attask/api-internal/...` and `/attask/api-unsupported/...` mean the newest version. */
function readPath(pathname: string): { version: number | undefined; parts: string[] } {
  const [, version, rest] = /^\/attask\/(?:api(?:\/v(\d+)\.\d+)?|api-internal|api-unsupported)(?=\/|$)(.*)$/.exec(pathname) ?? [];
  const parts = (rest ?? '').split('/').filter((part) => part !== '');
  return { version: version === undefined ? undefined : Number(version), parts: parts.map(decode) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > BODY_LIMIT) throw new Refusal(413, 'argument', 'Request body too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
