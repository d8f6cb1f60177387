import { Sha256 } from './sha256.ts';

/** Limits of every call to AWS, in milliseconds: a call that hangs must not use up the time in which HR waits for an answer. */
export const CLIENT_SETTINGS = {
  sha256: Sha256,
  maxAttempts: 3,
  // Without throwOnRequestTimeout the SDK only warns (`NodeHttpHandlerOptions`, @smithy/types).
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const;

/** The class of an error of the SDK. Its message is never shown, because it may quote what was sent. */
export const errorClass = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
