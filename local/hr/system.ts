import type { FakeEmployees } from './employees.ts';

/** One call of an HR system's API, as it came. */
export interface ApiCall {
  method: string;
  /** The host that was called. */
  host: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: string;
}

export interface ApiAnswer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** One HR system's API, in the shape that its makers document; undefined for a path that it does not have. */
export interface FakeSystem {
  host: RegExp;
  /** What its look-up needs as secret, in the secret's own form. */
  credential: Record<string, string>;
  answer(call: ApiCall, employees: FakeEmployees): ApiAnswer | undefined;
}

export const basicOf = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
