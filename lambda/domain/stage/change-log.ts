import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';

/** What persons changed in a shared record: when, who, what and why; the latest last. */
export const changeLog = z.array(z.object({ at: instant, by: z.string(), what: z.string(), reason: z.string() }));

export type Change = z.infer<typeof changeLog>[number];

/** The record travels with every deactivation: its log stays short. */
const MOST = 50;

export const logged = (log: readonly Change[] | undefined, ...changes: Change[]): Change[] => [...(log ?? []), ...changes].slice(-MOST);
