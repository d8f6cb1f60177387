import { describe, expect, it } from '@jest/globals';
import { unsupportedVersion } from '../../lambda/workfront/api-version.ts';

describe('an API version', () => {
  it.each([
    ['v16.0', '2026-04-29T23:59:59.999Z', undefined],
    [
      'v16.0',
      '2026-04-30T00:00:00Z',
      /^Workfront supports API version v16\.0 no more since 2026-04, and .+; set workfront\.apiVersion to a newer one$/,
    ],
    ['v17.0', '2026-11-29T00:00:00Z', /v17\.0 no more since 2026-10/],
    ['v18.0', '2026-11-29T00:00:00Z', undefined],
    ['v18.0', '2027-04-30T00:00:00Z', /v18\.0 no more since 2027-04/],
    ['v19.0', '2027-10-31T00:00:00Z', /v19\.0 no more since 2027-10/],
    ['v20.0', '2028-04-30T00:00:00Z', /v20\.0 no more since 2028-04/],
    ['v21.0', '2028-10-30T00:00:00Z', undefined],
    ['v21.0', '2028-10-31T00:00:00Z', /v21\.0 no more since 2028-10/],
    ['v22.0', '2029-04-30T00:00:00Z', /v22\.0 no more since 2029-04/],
    ['v23.0', '2035-01-01T00:00:00Z', undefined],
  ])('%s at %s is warned about: %s', (version, now, says) => {
    const warning = unsupportedVersion(version, Date.parse(now));

    if (says === undefined) expect(warning).toBeUndefined();
    else expect(warning).toMatch(says);
  });
});
