/** One kind of thing that a user may own, and how it is counted. */
export interface Holding {
  /** Its name in JSON and in the outcome event. */
  name: string;
  /** For people: what it is. */
  what: string;
  /** For people: what becomes of it, and what to do. */
  advice: string;
  /** The object as it is in a path. */
  object: string;
  /** The fields that name the user; of several, one that does is enough. Only those that the tenant knows are asked. */
  fields: readonly string[];
  /** The field with the id to list, if it is not the object's own. */
  id?: string;
  /** What its page in Workfront is called, if it has one. */
  page?: string;
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
    what: 'open projects that they own',
    advice: 'give each another owner',
    page: 'project',
    object: 'project',
    fields: ['ownerID'],
    only: [{ field: 'status', modifier: 'notin', values: ['CPL', 'DED'] }],
  },
  {
    name: 'tasks',
    what: 'open tasks assigned to them',
    advice: 'assign them to somebody else: they stay on the leaver',
    page: 'task',
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
    what: 'open issues and requests assigned to them',
    advice: 'assign them to somebody else: they stay on the leaver',
    page: 'issue',
    object: 'optask',
    fields: ['assignedToID'],
    only: [{ field: 'actualCompletionDate', modifier: 'isnull', values: [''] }],
  },
  {
    name: 'approvals',
    what: 'approvals that wait for them',
    advice: 'recall each and name another approver: nobody else is asked',
    object: 'awaitingapproval',
    fields: ['approverID', 'userID'],
  },
  {
    name: 'routingRules',
    what: 'routing rules that give requests to them',
    advice: 'name another default assignee: new requests still go to the leaver',
    object: 'routingrule',
    fields: ['defaultAssignedToID'],
  },
  {
    name: 'reports',
    what: 'reports that run with their access rights',
    advice: 'let each run as somebody else: it shows nothing to anybody now',
    page: 'report',
    object: 'portalsection',
    fields: ['runAsUserID', 'publicRunAsUserID'],
  },
  {
    name: 'timesheets',
    what: 'submitted timesheets that they must approve',
    advice: 'name another approver',
    page: 'timesheet',
    object: 'timesheet',
    fields: ['approverID'],
    only: [{ field: 'status', modifier: 'eq', values: ['S'] }],
  },
  {
    name: 'timesheetProfiles',
    what: 'timesheet profiles that name them as approver',
    advice: 'name another approver: every new timesheet would wait for the leaver',
    object: 'timesheetprofile',
    fields: ['approverID'],
  },
  {
    name: 'documents',
    what: 'documents that they own',
    advice: 'give those that are needed another owner',
    page: 'document',
    object: 'document',
    fields: ['ownerID'],
  },
  {
    name: 'checkedOut',
    what: 'documents that they have checked out',
    advice: 'an administrator must check them in: nobody can change them now',
    page: 'document',
    object: 'document',
    fields: ['checkedOutByID'],
  },
  { name: 'teams', what: 'teams that they own', advice: 'give each another owner', page: 'team', object: 'team', fields: ['ownerID'] },
  {
    name: 'directReports',
    what: 'active users whose manager they are',
    advice: 'name another manager',
    page: 'user',
    object: 'user',
    fields: ['managerID'],
    only: [{ field: 'isActive', modifier: 'eq', values: ['true'] }],
  },
];
