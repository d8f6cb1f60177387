/** How people read one kind of thing that a user owns. */
interface HoldingWords {
  what: string;
  /** What becomes of it, and what to do. */
  advice: string;
  /** What its page in Workfront is called, if it has one. */
  page?: string;
}

/** The words for each of HOLDINGS, by its name; after Adobe's page "Deactivate a user", "About deactivating users". */
export const HOLDING_WORDS: Readonly<Record<string, HoldingWords>> = {
  projects: { what: 'open projects that they own', advice: 'give each another owner', page: 'project' },
  tasks: { what: 'open tasks assigned to them', advice: 'assign them to somebody else: they stay on the leaver', page: 'task' },
  issues: {
    what: 'open issues and requests assigned to them',
    advice: 'assign them to somebody else: they stay on the leaver',
    page: 'issue',
  },
  approvals: { what: 'approvals that wait for them', advice: 'recall each and name another approver: nobody else is asked' },
  routingRules: {
    what: 'routing rules that give requests to them',
    advice: 'name another default assignee: new requests still go to the leaver',
  },
  reports: {
    what: 'reports that run with their access rights',
    advice: 'let each run as somebody else: it shows nothing to anybody now',
    page: 'report',
  },
  timesheets: { what: 'submitted timesheets that they must approve', advice: 'name another approver', page: 'timesheet' },
  timesheetProfiles: {
    what: 'timesheet profiles that name them as approver',
    advice: 'name another approver: every new timesheet would wait for the leaver',
  },
  documents: { what: 'documents that they own', advice: 'give those that are needed another owner', page: 'document' },
  checkedOut: {
    what: 'documents that they have checked out',
    advice: 'an administrator must check them in: nobody can change them now',
    page: 'document',
  },
  teams: { what: 'teams that they own', advice: 'give each another owner', page: 'team' },
  directReports: { what: 'active users whose manager they are', advice: 'name another manager', page: 'user' },
};
