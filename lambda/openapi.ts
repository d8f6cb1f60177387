import * as z from 'zod/mini';
import { REASONS } from './handlers/problem.ts';
import { canonicalItem } from './sources/systems/canonical.ts';

/** What JSON Schema says in its own way and our schemas check in code, by the last part of the place. */
const RULES: Record<string, object> = {
  employee: {
    description: 'At least one of the keys that identify a person.',
    anyOf: ['email', 'employeeNumber', 'ssoUsername', 'customFields', 'sourceId'].map((key) => ({ required: [key] })),
  },
  effective: {
    description: 'Exactly one of date, at and immediate; a time zone only with a date.',
    oneOf: ['date', 'at', 'immediate'].map((key) => ({ required: [key] })),
    dependentRequired: { timeZone: ['date'] },
  },
  customFields: { maxProperties: 100 },
  timeZone: { description: 'An IANA time zone such as Europe/Amsterdam.' },
  id: { description: "The source's own id of the event, the same whenever it is sent again." },
  timestamp: { description: 'When HR recorded it.' },
  rescinds: { description: 'The id of the termination that is withdrawn.' },
  sign: { description: 'Why somebody is, or will be, at work. It withdraws nothing: a termination that it reaches is held.' },
  startsOn: { description: 'The first day, if HR names one.' },
};

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'requestId'],
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong, and what to do. Never a value from the delivery.' },
    requestId: { type: 'string' },
  },
};

const accepted = {
  type: 'object',
  required: ['eventIds'],
  properties: {
    eventIds: { type: 'array', items: { type: 'string' } },
    ignored: { type: 'integer', minimum: 1, description: 'Number of items of other types than ours.' },
  },
};

const event = { $ref: '#/components/schemas/Event' };

/** Builds the receiver's HTTP contract as OpenAPI 3.1 from the schemas and answers that it uses. docs/openapi.json is its text. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Workfront offboarding',
      version: '1',
      description:
        'HR systems send here that an employee has left. This is the contract for sources of the canonical event, docs/webhook.md; a source of a named HR system may send what that system sends, and gets the answers that it expects.',
    },
    servers: [
      {
        url: 'https://{host}/{stage}',
        variables: { host: { default: 'example.execute-api.eu-west-1.amazonaws.com' }, stage: { default: 'v1' } },
      },
    ],
    paths: { '/webhooks/{source}': { post: deliverOperation() } },
    components: {
      schemas: { Event: eventSchema(), Accepted: accepted, Problem: problem },
      securitySchemes: {
        standardWebhooks: signature(
          'webhook-signature',
          'Standard Webhooks: `v1,` and HMAC-SHA256 in base64 over `<webhook-id>.<webhook-timestamp>.<body>`.',
        ),
        hmac: signature(
          'X-Signature',
          'HMAC over the raw body; the stage configures header, algorithm, encoding and the signed text of each source.',
        ),
      },
    },
  };
}

function deliverOperation(): object {
  return {
    operationId: 'deliver',
    summary: 'Deliver one event, or a list of 1 to 500, in at most 512 KiB',
    security: [{ standardWebhooks: [] }, { hmac: [] }],
    parameters: [
      {
        name: 'source',
        in: 'path',
        required: true,
        description: 'The name of the HR system in the stage.',
        schema: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,31}$' },
      },
      header('webhook-id', 'With Standard Webhooks: the id of the delivery, the same when it is sent again.'),
      header('webhook-timestamp', 'With Standard Webhooks: Unix seconds, at most 300 from our clock.'),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { oneOf: [event, { type: 'array', minItems: 1, maxItems: 500, items: event }] } } },
    },
    responses: { 202: answer('Every event is stored durably.', 'application/json', 'Accepted'), ...refusals() },
  };
}

function eventSchema(): object {
  const { $schema: _, ...schema } = z.toJSONSchema(canonicalItem, {
    io: 'input',
    override({ jsonSchema, path }) {
      // "format" says the same in one word.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      Object.assign(jsonSchema, RULES[String(path.at(-1))]);
    },
  });
  return { description: 'One event. Items of other types are answered 202 and ignored.', ...schema };
}

/** The refusals by status, each with all its reasons. */
function refusals(): Record<string, object> {
  const statuses = [...new Set(Object.values(REASONS).map(({ status }) => status))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const details = Object.values(REASONS).flatMap((reason) => (reason.status === status ? [reason.detail] : []));
      return [status, answer([...new Set(details)].join('. Or: '), 'application/problem+json', 'Problem')];
    }),
  );
}

const answer = (description: string, type: string, schema: string) => ({
  description,
  content: { [type]: { schema: { $ref: `#/components/schemas/${schema}` } } },
});

const header = (name: string, description: string) => ({ name, in: 'header', required: false, description, schema: { type: 'string' } });

const signature = (name: string, description: string) => ({ type: 'apiKey', in: 'header', name, description });
