import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { openApiDocument } from '../lambda/openapi.ts';
import { canonicalItem } from '../lambda/sources/systems/canonical.ts';

const ruled = z.object({ anyOf: z.array(z.object({ required: z.array(z.string()) })), properties: z.record(z.string(), z.unknown()) });
const chosen = z.object({ oneOf: z.array(z.object({ required: z.array(z.string()) })), properties: z.record(z.string(), z.unknown()) });
const event = z.object({ oneOf: z.array(z.object({ properties: z.object({ data: z.object({ properties: z.looseObject({}) }) }) })) });
const described = z.object({ components: z.object({ schemas: z.object({ Event: event }) }) });

const document = openApiDocument();
const dataOf = (index: number) => described.parse(document).components.schemas.Event.oneOf[index]?.properties.data.properties;
const isTaken = (data: object) => canonicalItem.safeParse({ type: 'employee.terminated', data }).success;

describe('docs/openapi.json', () => {
  it('is what npm run openapi writes', () => {
    expect(JSON.parse(readFileSync('docs/openapi.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('asks for one of those keys that name an employee to the receiver', () => {
    const { anyOf, properties } = ruled.parse(dataOf(0)?.employee);
    const values: Record<string, unknown> = { email: 'ana@acme.test', customFields: { 'DE:HR ID': '1' } };
    const naming = Object.keys(properties).filter((key) =>
      isTaken({ employee: { [key]: values[key] ?? '1' }, effective: { immediate: true } }),
    );

    expect(anyOf.flatMap(({ required }) => required).sort()).toEqual(naming.sort());
  });

  it('asks for one of those times that the receiver takes alone', () => {
    const { oneOf, properties } = chosen.parse(dataOf(0)?.effective);
    const values: Record<string, unknown> = {
      date: '2026-11-30',
      at: '2026-11-30T17:00:00Z',
      immediate: true,
      timeZone: 'Europe/Amsterdam',
    };
    const alone = Object.keys(properties).filter((key) =>
      isTaken({ employee: { email: 'ana@acme.test' }, effective: { [key]: values[key] } }),
    );

    expect(oneOf.flatMap(({ required }) => required).sort()).toEqual(alone.sort());
  });
});
