import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { outcomeEventOf } from '../domain/event/outcome-event.ts';
import { TransientFailure } from '../domain/failures.ts';
import type { Outcomes } from '../domain/ports.ts';
import { SECOND } from '../domain/time/time.ts';
import { CLIENT_SETTINGS, errorClass } from './client-settings.ts';

/** What rules on the bus match; the stack lets the worker put nothing else. */
const SOURCE = 'workfront-offboarding';
const DETAIL_TYPE = 'Leaver outcome';

/** For all attempts together: an announcement must not cost the worker the time for its next leaver. */
const WITHIN = 2.5 * SECOND;

/**
 * Publishes outcomes on an EventBridge bus (docs/events.md).
 *
 * @param bus name or ARN of an event bus
 */
export function eventBridgeOutcomes({
  bus,
  stage,
  client = new EventBridgeClient(CLIENT_SETTINGS),
}: {
  bus: string;
  stage: string;
  client?: EventBridgeClient;
}): Outcomes {
  return {
    async publish(entry) {
      const detail = outcomeEventOf(entry, stage);
      if (detail === undefined) return;

      const event = {
        EventBusName: bus,
        Source: SOURCE,
        DetailType: DETAIL_TYPE,
        Time: new Date(detail.at),
        Detail: JSON.stringify(detail),
      };
      const { Entries = [], FailedEntryCount } = await client
        .send(new PutEventsCommand({ Entries: [event] }), { abortSignal: AbortSignal.timeout(WITHIN) })
        .catch(throwUnavailable);
      // PutEvents answers 200 even if it refused an entry (EventBridge API Reference).
      if (FailedEntryCount !== 0) {
        const code = Entries[0]?.ErrorCode ?? 'no code';
        throw new TransientFailure(
          'outcome-refused',
          `expected the event bus to accept an outcome, got ${code}; check the event bus of the stage`,
        );
      }
    },
  };
}

function throwUnavailable(error: unknown): never {
  throw new TransientFailure(
    'outcomes-unavailable',
    `expected the event bus to accept an outcome, got ${errorClass(error)}; wait, then check the event bus of the stage`,
    { cause: error },
  );
}
