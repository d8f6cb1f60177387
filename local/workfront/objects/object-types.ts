/** How a field of an object is compared. */
type Kind = 'id' | 'text' | 'date';

export interface ObjectType {
  /** As in a path, in lower case. */
  name: string;
  objCode: string;
  /** For messages. */
  label: string;
  fields: Readonly<Record<string, Kind>>;
}

const type = (name: string, objCode: string, { label, ...fields }: Record<string, string>): ObjectType => ({
  name,
  objCode,
  label: label ?? name,
  fields: {
    ID: 'id',
    ...Object.fromEntries(Object.entries(fields).map(([field, kind]) => [field, kind === 'text' || kind === 'date' ? kind : 'id'])),
  },
});

/**
 * The objects beside USER, with the fields by which somebody owns them. Objects are those of Workfront's OpenAPI description; fields are
 * those of the metadata that a public client was generated from in 2016.
 */
export const OBJECT_TYPES: readonly ObjectType[] = [
  type('project', 'PROJ', { label: 'Project', ownerID: 'id', sponsorID: 'id', status: 'text' }),
  type('assignment', 'ASSGN', { label: 'Assignment', assignedToID: 'id', taskID: 'id', opTaskID: 'id', projectID: 'id', status: 'text' }),
  type('optask', 'OPTASK', { label: 'Issue', assignedToID: 'id', ownerID: 'id', actualCompletionDate: 'date' }),
  type('awaitingapproval', 'AWAPVL', { label: 'Awaiting Approval', userID: 'id', approverID: 'id', projectID: 'id' }),
  type('routingrule', 'RRUL', { label: 'Routing Rule', defaultAssignedToID: 'id' }),
  type('portalsection', 'PTLSEC', { label: 'Report', runAsUserID: 'id', publicRunAsUserID: 'id', enteredByID: 'id' }),
  type('timesheet', 'TSHET', { label: 'Timesheet', approverID: 'id', userID: 'id', status: 'text' }),
  type('timesheetprofile', 'TSPRO', { label: 'Timesheet Profile', approverID: 'id' }),
  type('document', 'DOCU', { label: 'Document', ownerID: 'id', checkedOutByID: 'id' }),
  type('team', 'TEAMOB', { label: 'Team', ownerID: 'id' }),
];

/** The type of a path, by name or code in any case. */
export const objectTypeOf = (part: string): ObjectType | undefined =>
  OBJECT_TYPES.find(({ name, objCode }) => name === part.toLowerCase() || objCode === part.toUpperCase());
