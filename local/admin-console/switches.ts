import * as z from 'zod';

/** Assumptions about Adobe, differences between organizations, and trouble. Assign to them at any time. */
export const switches = z.strictObject({
  /** After so many milliseconds a directory sync adds again what was removed; null: no sync. */
  syncReadds: z.number().nullable(),
  /** Refuses to remove a profile that the person has only through a user group; otherwise it accepts and changes nothing. */
  removeFailsThroughGroup: z.boolean(),
  /** Shows no disabled user. */
  disabledUsers404: z.boolean(),
  throttledExternally: z.boolean(),
  migrating: z.boolean(),
  /** Answers every call with this status and no body. */
  rejects: z.union([z.literal(401), z.literal(403)]).nullable(),
  /** Limits calls to 10 actions and 25 reads a minute, as Adobe does. */
  limits: z.boolean(),
  /** Losing the last Workfront profile deactivates the Workfront user after so many milliseconds; null: never. Reported by customers. */
  deactivatesAfter: z.number().nullable(),
  /** Gaining a Workfront profile activates the Workfront user; null: never. An inference. */
  activatesAfter: z.number().nullable(),
});

export type Switches = z.infer<typeof switches>;

export const DEFAULT_SWITCHES: Switches = {
  syncReadds: null,
  removeFailsThroughGroup: true,
  disabledUsers404: true,
  throttledExternally: false,
  migrating: false,
  rejects: null,
  limits: true,
  deactivatesAfter: 1000,
  activatesAfter: 1000,
};
