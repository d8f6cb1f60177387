/**
 * The first day without support of each version: the planned release, in its month ("API versioning and support schedule", Workfront
 * developer documentation, read in August 2026; its dates may change). Version 15 and earlier do not answer any more.
 */
const ENDS: Partial<Record<string, string>> = {
  'v16.0': '2026-04-30',
  'v17.0': '2026-10-31',
  'v18.0': '2027-04-30',
  'v19.0': '2027-10-31',
  'v20.0': '2028-04-30',
  'v21.0': '2028-10-31',
  'v22.0': '2029-04-30',
};

/**
 * A warning about a version that Workfront supports no more: it may be withdrawn on any day.
 *
 * @param now milliseconds since the epoch
 * @returns undefined while it is supported, and for a version that is newer than the schedule
 */
export function unsupportedVersion(version: string, now: number): string | undefined {
  const end = ENDS[version];
  if (end === undefined || now < Date.parse(end)) return undefined;
  return `Workfront supports API version ${version} no more since ${end.slice(0, 7)}, and may withdraw it on any day; set workfront.apiVersion to a newer one`;
}
