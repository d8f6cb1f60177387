import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { parseJson } from '../../lambda/domain/parse.ts';

/** A person in the Admin Console. Commands name them by exactly this spelling; a search takes any case. */
export interface ConsolePerson {
  email: string;
  type: 'federatedID' | 'enterpriseID' | 'adobeID';
  status: 'active' | 'disabled';
  /** Profiles and user groups that they are assigned to themselves. */
  direct: readonly string[];
}

/** What the organization has. A user group carries profiles, and may be shared from another console. */
export interface ConsoleGroups {
  profiles: readonly { name: string; productName: string }[];
  userGroups: readonly { name: string; profiles: readonly string[]; isReadOnly?: boolean }[];
}

export interface ConsoleDirectory {
  groups: ConsoleGroups;
  /** In any case. */
  find(email: string): ConsolePerson | undefined;
  /** Adds a person, or replaces what is known of them. */
  put(person: ConsolePerson): void;
  /** The profiles that a person has through user groups. */
  throughGroups(person: ConsolePerson): string[];
  join(email: string, name: string): void;
  leave(email: string, name: string): void;
  /** Calls the listener when somebody gains their first Workfront profile, or loses their last one. */
  onAccess(listener: (change: { email: string; has: boolean }) => void): void;
}

const person = z.object({
  email: z.string(),
  type: z.enum(['federatedID', 'enterpriseID', 'adobeID']),
  status: z.enum(['active', 'disabled']),
  direct: z.array(z.string()),
});

interface Known {
  groups: ConsoleGroups;
  /** The people before any change. */
  people?: (email: string) => ConsolePerson | undefined;
  /** Keeps the changes for the next start. */
  file?: string | undefined;
}

export function consoleDirectory({ groups, people = () => undefined, file }: Known): ConsoleDirectory {
  const changed = new Map<string, ConsolePerson>(
    file !== undefined && existsSync(file)
      ? parseJson(z.array(person), readFileSync(file, 'utf8'), file).map((one) => [one.email.toLowerCase(), one])
      : [],
  );
  const listeners: ((change: { email: string; has: boolean }) => void)[] = [];
  const workfront = new Set(groups.profiles.filter(({ productName }) => productName.includes('Workfront')).map(({ name }) => name));

  const find = (email: string) => changed.get(email.toLowerCase()) ?? people(email);
  const throughGroups = ({ direct }: ConsolePerson) => [
    ...new Set(groups.userGroups.filter(({ name }) => direct.includes(name)).flatMap(({ profiles }) => profiles)),
  ];
  const hasAccess = (one: ConsolePerson) => [...one.direct, ...throughGroups(one)].some((name) => workfront.has(name));
  const put = (one: ConsolePerson) => {
    const before = find(one.email);
    changed.set(one.email.toLowerCase(), one);
    if (file !== undefined) writeFileSync(file, JSON.stringify([...changed.values()]), { mode: 0o600 });
    const has = hasAccess(one);
    if (before !== undefined && has !== hasAccess(before)) for (const listener of listeners) listener({ email: one.email, has });
  };

  return {
    groups,
    find,
    put,
    throughGroups,
    join(email, name) {
      const one = find(email);
      if (one !== undefined && !one.direct.includes(name)) put({ ...one, direct: [...one.direct, name] });
    },
    leave(email, name) {
      const one = find(email);
      if (one?.direct.includes(name)) put({ ...one, direct: one.direct.filter((other) => other !== name) });
    },
    onAccess: (listener) => listeners.push(listener),
  };
}
