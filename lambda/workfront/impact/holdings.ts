/** One kind of thing that a user may own, and how it is counted. */
export interface Holding {
  /** Its name in JSON and in the outcome event. */
  name: string;
  /** The object as it is in a path. */
  object: string;
  /** The fields that name the user; of several, one that does is enough. Only those that the tenant knows are asked. */
  fields: readonly string[];
  /** The field with the id to list, if it is not the object's own. */
  id?: string;
  /** What narrows it to what is still open. */
  only?: { field: string; modifier: 'ne' | 'notin' | 'isnull' | 'notnull' | 'eq'; values: readonly string[] }[];
}

/**
 * What a leaver may own, after Adobe's page "Deactivate a user", "About deactivating users". Objects and fields are those of Workfront's
 * OpenAPI description (v19) and of the metadata that a public client was generated from: no page promises them, so the tenant's own
 * metadata decides what is asked. Twelve counts at most.
 */
export const HOLDINGS: readonly Holding[] = [
  {
    name: 'projects',
    object: 'project',
    fields: ['ownerID'],
    only: [{ field: 'status', modifier: 'notin', values: ['CPL', 'DED'] }],
  },
  {
    name: 'tasks',
    id: 'taskID',
    object: 'assignment',
    fields: ['assignedToID'],
    only: [
      { field: 'status', modifier: 'ne', values: ['DN'] },
      { field: 'taskID', modifier: 'notnull', values: [''] },
    ],
  },
  {
    name: 'issues',
    object: 'optask',
    fields: ['assignedToID'],
    only: [{ field: 'actualCompletionDate', modifier: 'isnull', values: [''] }],
  },
  {
    name: 'approvals',
    object: 'awaitingapproval',
    fields: ['approverID', 'userID'],
  },
  {
    name: 'routingRules',
    object: 'routingrule',
    fields: ['defaultAssignedToID'],
  },
  {
    name: 'reports',
    object: 'portalsection',
    fields: ['runAsUserID', 'publicRunAsUserID'],
  },
  {
    name: 'timesheets',
    object: 'timesheet',
    fields: ['approverID'],
    only: [{ field: 'status', modifier: 'eq', values: ['S'] }],
  },
  {
    name: 'timesheetProfiles',
    object: 'timesheetprofile',
    fields: ['approverID'],
  },
  {
    name: 'documents',
    object: 'document',
    fields: ['ownerID'],
  },
  {
    name: 'checkedOut',
    object: 'document',
    fields: ['checkedOutByID'],
  },
  { name: 'teams', object: 'team', fields: ['ownerID'] },
  {
    name: 'directReports',
    object: 'user',
    fields: ['managerID'],
    only: [{ field: 'isActive', modifier: 'eq', values: ['true'] }],
  },
];
