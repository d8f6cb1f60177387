import * as z from 'zod/mini';
import { sourceEventId } from '../../domain/event/hr-event.ts';
import { parse } from '../../domain/parse.ts';
import { onDayBefore } from '../dates.ts';
import { doubtSettings, possibleTermination, rescission, termination } from '../hr.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import { readItems } from '../read-items.ts';
import { decodeXml, readXml } from '../read-xml.ts';
import { defineSystem } from '../system.ts';

const pair = z.object({ name: z.string(), value: z._default(z.string(), '') });

const details = z.object({
  eventId: z.string(),
  effectiveStartDate: z.string(),
  publishedAt: z.optional(z.string()),
  entityKeys: z.object({ entityKey: z.array(pair) }),
});

const message = z.object({
  ExternalEvent: z.object({
    externalEventMeta: z.object({ externalEventId: z.string(), type: z.string() }),
    events: z.object({ event: z.array(z.unknown()).check(z.minLength(1)) }),
  }),
});

const envelope = z.object({ Envelope: z.object({ Body: message }) });

const PREFIX = 'com.successfactors.Employment.AssignmentInformation.';
const MEANS: Readonly<Record<string, 'termination' | 'rescission' | 'question'>> = {
  [`${PREFIX}Termination`]: 'termination',
  [`${PREFIX}ReHire`]: 'rescission',
};

/**
 * SAP SuccessFactors: docs/sources/successfactors.md. Requests and answers are SOAP. It publishes a termination when it is recorded. The
 * effectiveStartDate of one is the day after the last day (SAP KBA 2080000, 3067766). HR withdraws one by deleting the record (KBA
 * 2239428), which publishes nothing as far as anybody has seen, and a person may have several employments (KBA 3678614).
 */
export const successfactors = defineSystem({
  scheme: { kind: 'basic' },
  settings: z.strictObject(doubtSettings),
  answers: {
    success: {
      status: 200,
      contentType: 'text/xml; charset=utf-8',
      body:
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
        '<ExternalEventResponse xmlns="http://notification.event.successfactors.com"><responsePayload><status>200</status>' +
        '<statusDate>{now}</statusDate><statusDetails>received</statusDetails></responsePayload></ExternalEventResponse>' +
        '</soapenv:Body></soapenv:Envelope>',
    },
    unreadable: 'as-success',
    refusalIsFinal: false,
  },
  decode: decodeXml,
  read: (text) => readXml(text, ...LISTS),
  understand(body, { settings, ...origin }) {
    const { externalEventMeta: meta, events } = messageIn(body).ExternalEvent;
    const isNew = soundsLikeLeaving(meta.type.split('.').at(-1) ?? '');
    const means = Object.hasOwn(MEANS, meta.type) ? MEANS[meta.type] : isNew ? 'question' : undefined;
    if (means === undefined) return { events: [], ignored: events.event.length };

    return readItems(
      events.event,
      (one, index) => {
        const where = `event ${index}`;
        const { eventId, effectiveStartDate, publishedAt, entityKeys } = parse(details, one, where);
        const who = { sourceId: entityKeys.entityKey.find(({ name }) => name === 'userId')?.value };
        const ownId = parse(sourceEventId, `${meta.externalEventId}.${eventId}`, `${where}: eventId`);
        const about = { id: ownId, occurredAt: publishedAt, where };
        if (means === 'rescission') return [rescission(who, { ...about, settings })];
        const effective = onDayBefore(effectiveStartDate, settings, where);
        if (means === 'question') return [possibleTermination(who, { ...about, effective })];
        return [termination(who, { ...about, settings, effective, doubt: 'one-employment' })];
      },
      origin,
    );
  },
});

/** In an envelope, or alone, as some integrations between SuccessFactors and us send it on. */
function messageIn(body: unknown): z.infer<typeof message> {
  return 'ExternalEvent' in Object(body) ? parse(message, body, 'delivery') : parse(envelope, body, 'delivery').Envelope.Body;
}

const LISTS: readonly string[] = ['event', 'entityKey'];
