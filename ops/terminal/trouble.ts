/** What went wrong, in a line that says what to do where we know it. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return 'expected an answer of the local system, nothing listens there, run npm start (with the same --data)';
  if (/^(CredentialsProviderError|ExpiredToken|UnrecognizedClientException|InvalidClientTokenId|TokenProviderError)/.test(error.name))
    return `AWS does not know you (${error.name}): sign in again, for example with aws sso login, and check AWS_PROFILE`;
  if (/^AccessDenied|NotAuthorized/.test(error.name)) return `your AWS identity may not do this: ${error.message}`;
  if (error.message === 'Region is missing') return 'expected a region: add --region, or set AWS_REGION';
  return error.message || error.name;
}

/** The code of an error of Node.js, wherever the SDK wrapped it. */
export function codeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  return 'cause' in error ? codeOf(error.cause) : undefined;
}
