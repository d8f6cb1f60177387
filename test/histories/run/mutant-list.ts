/** A rule of the core, taken out by replacing text; `file` is below lambda/domain. Each text is there exactly once. */
export interface Mutant {
  name: string;
  edits: readonly { file: string; from: string; to: string }[];
}

const mutant = (name: string, file: string, [from, to]: readonly [string, string]): Mutant => ({ name, edits: [{ file, from, to }] });

const BEFORE_DUE = 'deactivate/schedule-leaver.ts';
const FIND = 'deactivate/find-leaver.ts';
const OPEN = 'deactivate/open-entry.ts';
const OTHERS = 'deactivate/other-terminations.ts';
const WITHDRAW = 'deactivate/withdraw-terminations.ts';
const WRITE = 'deactivate/write-leaver.ts';
const IDENTITY = 'deactivate/guards/identity.ts';
const WRITE_GUARDS = 'deactivate/guards/write.ts';
const ORDER = 'deactivate/guards/order.ts';
const LOOK = 'watch/look-again.ts';
const WHOSE = 'console-access/whose-access.ts';
const UNDO = 'deactivate/after/undo.ts';
const STANDING = 'person/standing.ts';
const RELATION = 'person/one-person.ts';
const RECORDS = 'person/person-record.ts';

const nothing = (guard: string): [string, string] => [
  `export function ${guard}(`,
  `export function ${guard}(_view: unknown): undefined {}\nfunction _${guard}(`,
];

/** One rule a line, in the order of docs/people.md; a rule that is added to the core gets a line here. */
export const MUTANTS: readonly Mutant[] = [
  // who is meant
  mutant('who matched is remembered before the date', BEFORE_DUE, [
    'if (!desk.maySight()) return undefined;',
    'if (desk) return undefined;',
  ]),
  mutant('another user than before is held', IDENTITY, nothing('identityChanged')),
  mutant('somebody who matched before is read again', FIND, [
    'for (const { userId } of sighted?.users ?? []) {',
    'for (const { userId } of [] as typeof sighted extends undefined ? never : { userId: string }[]) {',
  ]),
  mutant('an account that was handed over is seen', 'person/sighting.ts', [
    'return known.length > 0 && known.every(',
    'return known.length < 0 && known.every(',
  ]),
  mutant('who matched another word of the person is read', FIND, [
    '...(match.users.length === 0 ? await usersOfOthers(entry, desk) : [])',
    '...(match.users.length < 0 ? await usersOfOthers(entry, desk) : [])',
  ]),
  mutant('an address alone finds nobody after the own account', IDENTITY, ['if (isAnotherThanClosed(view)) return', 'if (!view) return']),
  mutant('an address alone is asked against the own account', 'deactivate/judge-leaver.ts', [
    'if (chosen || issued.length === 0 ||',
    'if (chosen || issued.length >= 0 ||',
  ]),
  mutant('a first look-up a day late proves little', IDENTITY, nothing('lateSighting')),
  mutant('an account younger than the termination is held', IDENTITY, nothing('newcomer')),
  mutant('an import is no newcomer', IDENTITY, ['const LEAST_OF_AN_IMPORT = 10;', 'const LEAST_OF_AN_IMPORT = 1e9;']),
  mutant('"at once" is as old as HR says', WRITE_GUARDS, ['event.effective.immediate ? recordedAt : effectiveAt', 'effectiveAt']),
  mutant('who came back is not touched (stale)', WRITE_GUARDS, nothing('stale')),
  mutant('who came back after a later last day is not touched', WRITE_GUARDS, [
    'const from = lastDayElsewhere !== undefined &&',
    'const from = lastDayElsewhere === null &&',
  ]),
  mutant('every account with a key is seen', IDENTITY, [
    'if (view.chosen || users.length <= 1) return undefined;',
    'if (view.chosen || users.length > 0) return undefined;',
  ]),
  mutant('two descriptions that differ are held', IDENTITY, nothing('identityMismatch')),
  mutant('a number alone is not enough among several sources', IDENTITY, nothing('numberAlone')),
  // one person, and who may speak
  mutant('an address counts only if nothing differs', RELATION, [
    "if (issued === 'agree') return 'same';",
    "if (issued === 'agree' || address === 'agree') return 'same';",
  ]),
  mutant('what HR says against it is heard', ORDER, ['saw: ({ hrDoubt }) => hrDoubt,', 'saw: () => undefined,']),
  mutant('a source withdraws its own terminations only', 'policy.ts', [
    'by === of || rulesOf(by, policy).speaksFor.includes(of);',
    'by !== undefined;',
  ]),
  mutant('the last look reads the keys of the user found', 'person/known-person.ts', [
    '...(user === undefined ? [] : keysOfUser(user, entry.source))',
    '...(user === undefined ? [] : [])',
  ]),
  mutant('the last look before the write', WRITE, [
    'const judged = await judgeLeaver(question, heard, look);',
    "const judged: Judged = { kind: 'go', found: {} };",
  ]),
  mutant('the accounts of a rescission are looked up', 'deactivate/rescind.ts', [
    'const more = await leaveWord(word, (accounts ?? []).map(accountKey), desk);',
    'const more = await leaveWord(word, [], desk);',
  ]),
  mutant('a sign of life holds', WRITE_GUARDS, nothing('perhapsStays')),
  mutant('a word that only may void holds', WRITE_GUARDS, nothing('perhapsRescinded')),
  mutant('a perhaps never cancels', STANDING, ["return reach === 'void' && relation === 'perhaps' ? 'perhaps' : reach;", 'return reach;']),
  mutant('the earlier of two sources waits for the later last day', WRITE_GUARDS, nothing('earlierThanHr')),
  // order and repetition
  mutant('order is proven by more than the resolution', 'person/recorded-order.ts', [
    "  if (apart === 0 || (!isAlike && Math.abs(apart) <= Math.max(a.resolution, b.resolution))) return 'unproven';\n",
    '',
  ]),
  mutant('what came after a rescission without a time is held', STANDING, [
    "return received - spoken <= rulesOf(entry.source, policy).sendsAgainForDays * DAY ? 'perhaps' : 'nothing';",
    "return 'nothing';",
  ]),
  mutant('a rescission that comes again only may void', STANDING, [
    "received > toMillis(word.repeats) ? 'perhaps' : 'void'",
    "received > toMillis(word.repeats) ? 'void' : 'void'",
  ]),
  mutant('the word that HR recorded last replaces', OTHERS, [
    "if (counts && relation === 'same' && later && !entry",
    "if (!counts && relation === 'same' && later && !entry",
  ]),
  mutant('a date in one delivery against another is held', WRITE_GUARDS, nothing('contradictingDelivery')),
  mutant('word that something changed asks HR each time', OPEN, [
    "if (event.type === 'employee.terminated' && event.unconfirmed) return {};",
    '',
  ]),
  mutant('a later time of HR makes another event', OPEN, ["'after';\n}", "'never';\n}"]),
  mutant('equal words after HR withdrew the first are another', OPEN, [
    'return late || takenBack ? { repeats: finishedAt } : undefined;',
    'return late ? { repeats: finishedAt } : undefined;',
  ]),
  mutant('an event that may only repeat is held', WRITE_GUARDS, nothing('repeated')),
  // orders of operators
  mutant('an order is for the event as it was seen', 'deactivate/obey-operator.ts', [
    ' || message.entryVersion !== entry.version) return entry;',
    ') return entry;',
  ]),
  mutant('a release counts for what the hold showed', ORDER, ['(release.of ?? heldWith) === of', 'true']),
  mutant('a release against HR ends', ORDER, ['now - toMillis(at) <= AGAINST_HR_FOR', 'true']),
  mutant('a release from the brake is for one turn', 'deactivate/conclude.ts', [
    "released: entry.released.filter(({ guard }) => guard !== 'brake'),",
    'released: entry.released,',
  ]),
  mutant('the user that a person chose wins over an intent', 'deactivate/cut-short.ts', [
    '(chosenUserId !== undefined && chosenUserId !== intent.userId)',
    'false',
  ]),
  mutant('each leaver waits for approval where the stage says so', WRITE_GUARDS, nothing('approval')),
  // the write
  mutant('an intent ends with a refusal', WRITE, [
    '  await withoutIntent(intended, landsFor(entry, desk) > 0 ? entry : settled, desk);\n',
    '',
  ]),
  mutant('a write cut short is looked up', 'deactivate/conclude-cut-short.ts', [
    "!== 'took-effect') return undefined;",
    "!== 'never') return undefined;",
  ]),
  mutant('a write cut short is concluded only if nobody else matches', 'deactivate/conclude-cut-short.ts', [
    'if (others.length > 0 && chosenUserId === undefined) return hold',
    'if (others.length < 0 && chosenUserId === undefined) return hold',
  ]),
  mutant('"not found" counts only from the pinned customer', 'deactivate/cut-short.ts', [
    'if (owner.customerId !== pinned) {',
    'if (pinned === owner.userId) {',
  ]),
  mutant('a write that was sent may land for minutes', 'deactivate/cut-short.ts', ['toMillis(intent.at) + LANDS_WITHIN;', '0;']),
  mutant('the pause is asked before the write', WRITE, ['    await stopIfPaused(look);\n', '']),
  mutant('administrators who are about to go do not count', 'stage/administrators.ts', [
    'if (await isUnderWay(one, desk)) gone.add(one.userId);',
    '',
  ]),
  mutant('a refused write gives its place at the brake back', 'stage/brake.ts', [
    'return { ...record, entries: record.entries.filter((entry) => entry.event !== event) };',
    'return settled(record, new Map([[event, toMillis(record.entries.find((entry) => entry.event === event).at)]]));',
  ]),
  mutant('an unnamed customer is trouble of the stage', 'stage/tenant.ts', [
    'if (pinnedCustomerId === undefined || seen.every(',
    'if (pinnedCustomerId !== undefined || seen.every(',
  ]),
  // the leaver stays out
  mutant('a watch is set at the end of an event', 'deactivate/conclude.ts', [
    'if (at !== undefined) await desk.schedules.setWatch(entry, at);',
    '',
  ]),
  mutant('a look sets the next one', LOOK, ['if (at !== undefined) await desk.schedules.setWatch(entry, at);', '']),
  mutant('who is active again has returned', LOOK, [
    'return conclude(entry, {',
    "if (user) return goOn(entry, 'inactive', desk);\n  return conclude(entry, {",
  ]),
  mutant('the watch writes nothing', LOOK, [
    '  return conclude(entry, {',
    '  await desk.directory.deactivate(user.id);\n  return conclude(entry, {',
  ]),
  mutant('who is at work again has not returned', LOOK, ['if (voidedBy !== undefined ||', 'if (voidedBy === null ||']),
  mutant('the sweep sees who came back', 'watch/sweep.ts', ['isWatched(entry) && active.has(', '!isWatched(entry) && active.has(']),
  mutant('who is employed may be active', 'watch/compare.ts', ['if (!isGone(heard)) return undefined;', '']),
  mutant('a return waits for a person', 'event/event-status.ts', [" || status === 'returned';", ';']),
  // a person undoes it
  mutant('an undo is void if HR spoke again', UNDO, [
    'if (!LEAVES.includes(other.status)) continue;',
    'if (LEAVES.length > 0 || toMillis(other.receivedAt) > 0) continue;',
  ]),
  mutant('only an order activates', LOOK, [
    "if (!user.isActive) return goOn(entry, 'inactive', desk);",
    "if (!user.isActive) {\n    await desk.directory.reactivate(user.id, {});\n    return goOn(entry, 'inactive', desk);\n  }",
  ]),
  mutant('an undo is for what was seen', UNDO, ['return history.length === order.steps ?', 'return history.length > 0 ?']),
  mutant('a later order to deactivate again ends an undo', 'deactivate/obey-operator.ts', [
    'const { undoing: _undoing,',
    'const { lease: _undoing,',
  ]),
  mutant('an undo gives back what was lost', UNDO, [
    'const lost = lostOf(entry.placement, user.placement);',
    'const lost = lostOf({}, user.placement);',
  ]),
  mutant('a termination waits for an undo under way', OTHERS, ['stopWhileUndone(other, desk);', 'stopWhileUndone.length;']),
  mutant('an undo waits out trouble', UNDO, ['failure instanceof PermanentFailure || isLate', 'failure instanceof Error || isLate']),
  // the Admin Console
  mutant('nobody active is removed in the Console', WHOSE, ['if (user.isActive && !testOnly)', 'if (user.isActive && testOnly)']),
  mutant('a withdrawn termination removes nobody in the Console', WHOSE, ['if (isVoid) return', 'if (isVoid && isPerhapsVoid) return']),
  mutant('a perhaps holds the removal in the Console', WHOSE, [
    "isPerhapsVoid && status === 'waiting'",
    "isPerhapsVoid && status === 'removed'",
  ]),
  mutant('the Console is read again after a removal', 'console-access/remove-access.ts', [
    'return lookSoon({ value: { ...record, removals: record.removals + 1 }, version }, desk);',
    "return settle(stored, { to: 'removed', why: 'accepted' }, desk);",
  ]),
  mutant('who had nothing in the Console is looked at again', 'console-access/remove-access.ts', [
    'const lookAgainAt = testOnly ?',
    'const lookAgainAt = asked.length === 0 ?',
  ]),
  mutant('only the named access is removed', 'console-access/remove-access.ts', [
    'return { direct: among(direct),',
    'return { direct: [...direct],',
  ]),
  // finished is not silent, and what lives how long
  mutant('limited sight is said', FIND, ["...(!owner.seesEverybody && { reason: 'limited-sight' })", '']),
  mutant('what found nobody can be done again', 'event/event-status.ts', [
    "'would-deactivate': ['processing'],",
    "'would-deactivate': [],",
  ]),
  mutant('an open event keeps what is known of its person', RECORDS, [
    'open.length > 0 || legalHold !== undefined',
    'legalHold !== undefined',
  ]),
  mutant('what a termination came to outlives its entry', RECORDS, [
    'const isNews = open.length > 0 &&',
    'const isNews = open.length < 0 &&',
  ]),
  mutant('a rescission that comes too late is for a person', WITHDRAW, [
    "if (termination.status === 'deactivated' || termination.status === 'returned')",
    "if (termination.status === 'held')",
  ]),
];
