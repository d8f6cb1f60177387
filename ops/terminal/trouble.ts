/** What went wrong, in a line that also says what to do, if that is known. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return 'the local system does not answer; run npm start (with the same --data)';
  if (mustSignIn(error))
    return `AWS does not accept your identity (${error.name}); sign in again, for example with aws sso login, and check AWS_PROFILE`;
  if (/^AccessDenied|NotAuthorized/.test(error.name)) return `your AWS identity may not do this; ask for the permission: ${error.message}`;
  if (error.message === 'Region is missing') return 'no AWS region is set; add --region, or set AWS_REGION';
  return error.message || error.name;
}

/** Whether AWS does not know who the operator is. */
export const mustSignIn = (error: unknown): boolean =>
  error instanceof Error &&
  /^(CredentialsProviderError|ExpiredToken|UnrecognizedClientException|InvalidClientTokenId|TokenProviderError)/.test(error.name);

/** The code of a Node.js error, however deep the SDK wrapped it. */
export function codeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  return 'cause' in error ? codeOf(error.cause) : undefined;
}
