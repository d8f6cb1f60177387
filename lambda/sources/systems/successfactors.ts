import * as z from 'zod/mini';
import { sourceEventId } from '../../domain/event/hr-event.ts';
import { InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { toInstant } from '../../domain/time/time.ts';
import { commonSettings, onDate, rescission, termination } from '../hr.ts';
import { identify } from '../identify.ts';
import { defineSystem } from '../system.ts';

const pair = z.object({ name: z.string(), value: z._default(z.string(), '') });

const details = z.object({
  eventId: z.string(),
  effectiveStartDate: z.string(),
  publishedAt: z.optional(z.string()),
  entityKeys: z.object({ entityKey: z.array(pair) }),
});

const envelope = z.object({
  Envelope: z.object({
    Body: z.object({
      ExternalEvent: z.object({
        externalEventMeta: z.object({ externalEventId: z.string(), type: z.string() }),
        events: z.object({ event: z.array(z.unknown()).check(z.minLength(1)) }),
      }),
    }),
  }),
});

const PREFIX = 'com.successfactors.Employment.AssignmentInformation.';
const MEANS: Readonly<Record<string, 'termination' | 'rescission'>> = {
  [`${PREFIX}Termination`]: 'termination',
  [`${PREFIX}ReHire`]: 'rescission',
};

/**
 * SAP SuccessFactors: docs/sources/successfactors.md. Requests and answers are SOAP. It publishes a termination when it is recorded, so
 * the event waits for its effectiveStartDate.
 */
export const successfactors = defineSystem({
  scheme: { kind: 'basic' },
  settings: z.strictObject(commonSettings),
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
  read: readXml,
  understand(body, { settings, ...origin }) {
    const { externalEventMeta: meta, events } = parse(envelope, body, 'delivery').Envelope.Body.ExternalEvent;
    const means = Object.hasOwn(MEANS, meta.type) ? MEANS[meta.type] : undefined;
    if (means === undefined) return { events: [], ignored: events.event.length };

    const found = events.event.map((one, index) => {
      const where = `event ${index}`;
      const { eventId, effectiveStartDate, publishedAt, entityKeys } = parse(details, one, where);
      const who = { sourceId: entityKeys.entityKey.find(({ name }) => name === 'userId')?.value };
      const ownId = parse(sourceEventId, `${meta.externalEventId}.${eventId}`, `${where}: eventId`);
      const rest = { id: ownId, occurredAt: millisOrText(publishedAt), where, settings };
      if (means === 'rescission') return rescission(who, rest);
      return termination(who, { ...rest, effective: onDate(effectiveStartDate, settings, where) });
    });
    return { events: identify(found, origin), ignored: 0 };
  },
});

const LISTS: readonly string[] = ['event', 'entityKey'];

/** Parses elements by their name without prefix, all values as text. A DTD is refused: it could make the parser read files or grow text. */
async function readXml(text: string): Promise<unknown> {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new InvalidInput('delivery: expected XML without a DTD, got a DTD');

  // Imported here, so that it does not slow down the cold start of the other systems.
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({
    removeNSPrefix: true,
    parseTagValue: false,
    ignorePiTags: true,
    isArray: (name) => LISTS.includes(name),
  });
  try {
    return parser.parse(text, true);
  } catch (cause) {
    throw new InvalidInput(`delivery: expected XML, got text of ${text.length} characters that is not XML`, { cause });
  }
}

/** The time is in milliseconds since the epoch in one recorded delivery, and text in others. */
const millisOrText = (text: string | undefined) => (text !== undefined && /^\d{13}$/.test(text) ? toInstant(Number(text)) : text);
