import { pick, randomFrom } from './random.ts';
import { aUser, type FakeUser, guidOf } from './user.ts';

/** First and last names, each with its spelling in an address. */
const GIVEN = withAscii([
  'Ana',
  'Ben',
  'Chloé',
  'Dmitri',
  'Eva',
  'Femke',
  'Göran',
  'Hanna',
  'İpek',
  'Jürgen',
  'Kofi',
  'Łukasz',
  'Mei',
  'Zoë',
]);
const FAMILY = withAscii([
  'Silva',
  'Smith',
  "O'Brien",
  'Müller',
  'de Vries',
  'Nguyễn',
  'Åkesson',
  'García',
  "D'Angelo",
  'Weiß',
  'Tanaka',
  'Okafor',
]);
const LICENCES = ['F', 'F', 'F', 'W', 'R'];
const DAY = 86_400_000;
const NEWEST_LOGIN = Date.parse('2026-11-20T17:00:00Z');
const ADMINISTRATORS = 3;

/** The difficult users of every fifty: the number is the position of the user within its fifty. */
export const DIFFICULT = {
  /** An inactive account with the address of the user before it, in another case. */
  caseTwin: 12,
  plusAddress: 13,
  apostrophe: 14,
  ampersand: 15,
  percent: 16,
  umlaut: 17,
  otherScript: 18,
  /** An inactive account with the same address and employee number as the user before it: a rehired person. */
  inactiveTwin: 22,
  /** Inactive, the address rewritten as `...@company.inactive`, as Adobe's page on duplicate users advises. */
  rewritten: 23,
  otherUsername: 24,
  quotes: 25,
  leadingZeros: 26,
  /** Neither employee number nor SSO name, and never logged in. */
  bare: 27,
} as const;

/** Generates the user at a position; `before` is the user at the position before it. */
export function generatePerson({ position, seed, before }: { position: number; seed: number; before: FakeUser | undefined }): FakeUser {
  const random = randomFrom(Math.imul(position + 1, 0x9e3779b1) ^ seed);
  const plain = { ...plainUser(position, random), ...placementOf(position), managerID: before?.ID ?? null };
  if (position === 0) return owner(plain);
  if (position <= ADMINISTRATORS) return { ...plain, isAdmin: true, title: 'System Administrator' };
  return before === undefined ? plain : { ...plain, ...difficultyOf(position, { plain, before }) };
}

function plainUser(position: number, random: () => number): FakeUser {
  const [firstName, given] = pick(GIVEN, random() * GIVEN.length);
  const [lastName, family] = pick(FAMILY, random() * FAMILY.length);
  const emailAddr = `${given}.${family}.${position}@acme.test`;
  const employeeNumber = String(100_000 + position);
  const entryDate = new Date(NEWEST_LOGIN - (60 + Math.floor(random() * 3000)) * DAY).toISOString();
  return aUser({
    ID: Array.from({ length: 4 }, () => hex(random)).join(''),
    firstName,
    lastName,
    emailAddr,
    ssoUsername: `${given.charAt(0)}${family}${position}`,
    extRefID: employeeNumber,
    isActive: position % 50 !== 9 && position % 50 !== 39,
    licenseType: pick(LICENCES, random() * LICENCES.length),
    entryDate,
    lastUpdateDate: entryDate,
    lastLoginDate: new Date(NEWEST_LOGIN - Math.floor(random() * 60 * DAY)).toISOString(),
    customFields: { 'DE:HR ID': employeeNumber, 'DE:Cost Center': `CC-${Math.floor(random() * 90) + 10}` },
  });
}

/** Where a user stands, without a throw of the dice: the same people come of the same seed. */
const placementOf = (position: number) => ({
  accessLevelID: guidOf(`access level ${position % 3}`),
  homeGroupID: guidOf(`group ${position % 7}`),
  homeTeamID: guidOf(`team ${position % 11}`),
  roleID: guidOf(`role ${position % 5}`),
});

function owner(plain: FakeUser): FakeUser {
  const emailAddr = 'workfront-api@acme.test';
  const name = { name: 'Workfront API', firstName: 'Workfront', lastName: 'API' };
  return { ...plain, ...name, emailAddr, username: emailAddr, ssoUsername: null, extRefID: null, isAdmin: true, customFields: {} };
}

function difficultyOf(position: number, { plain, before }: { plain: FakeUser; before: FakeUser }): Partial<FakeUser> {
  const address = (emailAddr: string | null) => ({ emailAddr, username: emailAddr });
  const named = (firstName: string, lastName: string) => ({ firstName, lastName, name: `${firstName} ${lastName}` });
  const sameName = { name: before.name, firstName: before.firstName, lastName: before.lastName };

  switch (position % 50) {
    case DIFFICULT.caseTwin:
      return { ...sameName, ...address(before.emailAddr?.toUpperCase().replace('ACME.TEST', 'Acme.test') ?? null), isActive: false };
    case DIFFICULT.plusAddress:
      return address(plain.emailAddr?.replace('@', '+workfront@') ?? null);
    case DIFFICULT.apostrophe:
      return { ...named('Siobhán', "O'Brien"), ...address(`siobhan.o'brien.${position}@acme.test`) };
    case DIFFICULT.ampersand:
      return { ...named('R&D', 'Mailbox & Co'), ...address(`r&d.${position}@acme.test`) };
    case DIFFICULT.percent:
      return { ...named('Per', 'Cent 100%'), ...address(`100%25.${position}@acme.test`) };
    case DIFFICULT.umlaut:
      return { ...named('Jürgen', 'Müller-Weiß'), ...address(`jürgen.müller.${position}@acme.test`) };
    case DIFFICULT.otherScript:
      return named('小龍', 'Ólafsdóttir-Ψάλτης');
    case DIFFICULT.inactiveTwin:
      return { ...sameName, ...address(before.emailAddr), extRefID: before.extRefID, isActive: false };
    case DIFFICULT.rewritten:
      return { ...address(plain.emailAddr?.replace('@acme.test', '@company.inactive') ?? null), isActive: false };
    case DIFFICULT.otherUsername:
      return { username: `old-account-${position}` };
    case DIFFICULT.quotes:
      return { ...named('Bobby "Tables"', '</Smith>'), ...address(`"bobby,tables".${position}@acme.test`) };
    case DIFFICULT.leadingZeros:
      return { extRefID: String(position).padStart(10, '0') };
    case DIFFICULT.bare:
      return { extRefID: null, ssoUsername: null, lastLoginDate: null, customFields: {} };
    default:
      return {};
  }
}

function withAscii(names: readonly string[]): (readonly [name: string, ascii: string])[] {
  return names.map((name) => [name, asciiOf(name)]);
}

function asciiOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/ł/gi, 'l')
    .replace(/ß/g, 'ss')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
}

const hex = (random: () => number) =>
  Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
