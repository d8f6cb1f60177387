/** Limits of every call to AWS: a call that hangs must not eat the time in which HR waits for an answer. In milliseconds. */
export const CLIENT_SETTINGS = {
  maxAttempts: 3,
  // Without throwOnRequestTimeout the SDK only warns (`NodeHttpHandlerOptions`, @smithy/types).
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const;

/** The class of an SDK error: its message may quote what was sent. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
