/** The account and region that local ARNs name; fauxqs fixes the first. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** No local endpoint checks a signature, but the SDK insists on making one. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
