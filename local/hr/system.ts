import type { FakeEmployees } from './employees.ts';

/** One call of an HR system's API. */
export interface ApiCall {
  method: string;
  /** The host of the real API. */
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

/** The API of one HR system, as its makers document it. */
export interface FakeSystem {
  host: RegExp;
  /** The secret of its look-up, in the form that the product stores. */
  credential: Record<string, string>;
  /** @returns undefined for a path that the API does not have */
  answer(call: ApiCall, employees: FakeEmployees): ApiAnswer | undefined;
}

export const basicOf = ({ user, password }: { user: string; password: string }): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
