/** The account and region in local ARNs; fauxqs allows no other account. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** Credentials for the signatures that the SDK insists on; no local endpoint checks them. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
