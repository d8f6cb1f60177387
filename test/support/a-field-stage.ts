import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { User } from '../../lambda/domain/ports.ts';
import { SECOND } from '../../lambda/domain/time/time.ts';
import { sourceConfigs, sourceOf } from '../../lambda/sources/systems/registry.ts';
import { judgeKept } from '../../ops/queues/reverify.ts';
import { aReceiver } from './a-receiver.ts';
import { aDirectory } from './builders.ts';
import { aProxyEvent } from './deliveries.ts';
import { aDesk } from './in-memory-desk.ts';
import { moveTo, untilSettled } from './working.ts';

interface FieldStage {
  /** The sources by name, as a stage writes them; the secret of each is {@link SECRET}. */
  sources: Record<string, object>;
  users: Partial<User>[];
  lookUps?: readonly string[];
  rules?: object;
  now?: number;
  secrets?: string[];
}

export const FIELD_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const FIELD_PAIR = 'workday:correct horse battery';

/** The receiver and the worker together, in memory: what HR posts goes all the way to where its events rest. */
export function aFieldStage({
  sources,
  users,
  lookUps = [],
  rules = {},
  now = Date.parse('2026-11-28T19:00:00Z'),
  secrets = [FIELD_SECRET, FIELD_PAIR],
}: FieldStage) {
  const desk = aDesk({ users: aDirectory(...users), lookUps, now, rules: { defaultTimeZone: 'UTC', ...rules } });
  const configs = sourceConfigs.parse(
    Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, { secretId: name, ...source }])),
  );
  const read = async () => secrets;
  const { receive, seen } = aReceiver({
    sources: new Map(Object.entries(configs).map(([name, config]) => [name, sourceOf(name, config)])),
    secrets: { read, refresh: read },
    clock: () => desk.now,
  });
  let worked = 0;

  return {
    desk,
    seen,
    /** Posts a delivery, and works on its events. */
    async send(source: string, body: string | Buffer, headers: Record<string, string>): Promise<number> {
      const bytes = Buffer.from(body);
      const event = aProxyEvent({ source, body: bytes.toString('base64'), isBase64Encoded: true, headers });
      const { statusCode } = await receive(event);
      const arrivals = seen.sent.slice(worked);
      worked = seen.sent.length;
      await untilSettled(desk, ...arrivals);
      return statusCode;
    },
    /** Where the events rest: `held unasked`, in the order of arrival. */
    rests: (): string[] => entriesOf(desk.ledger.entries).map(({ status, reason }) => [status, reason].filter(Boolean).join(' ')),
    entries: () => entriesOf(desk.ledger.entries),
    deactivated: () => desk.directory.writes.map(({ userId }) => userId),
    wait: (seconds: number) => moveTo(desk, new Date(desk.now + seconds * SECOND).toISOString()),
    moveTo: (instant: string) => moveTo(desk, instant),
    /** What `quarantine reverify` says of the first kept delivery, after the source was changed. */
    async reverify(name: string, source: object) {
      const [kept] = [...seen.forged, ...seen.kept];
      if (kept === undefined) throw new Error('expected a kept delivery, got none');
      return judgeKept(kept, { sources: sourceConfigs.parse({ [name]: { secretId: name, ...source } }), secrets: { read } });
    },
  };
}

const entriesOf = (entries: ReadonlyMap<string, LedgerEntry>): LedgerEntry[] => [...entries.values()];
