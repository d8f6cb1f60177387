import { mappedSystem } from '../mapped-system.ts';

/** Workday: docs/sources/workday.md. Every tenant builds its own body, so the stage says what each field means. */
export const workday = mappedSystem({ scheme: { kind: 'basic' } });
