import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const HERE = import.meta.dirname;

/** What a person is known by in an event, an HR record or a Workfront user; and the event itself, and its id. */
const FORBIDDEN = [
  'email',
  'emailAddr',
  'employeeNumber',
  'extRefID',
  'ssoUsername',
  'username',
  'sourceId',
  'givenName',
  'familyName',
  'firstName',
  'lastName',
  'displayName',
  'customFields',
  'employee',
  'eventId',
  'texts',
  'issuers',
];

/** What a judge's file reads that it must not, and what code of the product it runs; its own imports are followed. */
async function sightsOf(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
  const sights: string[] = [];
  for (const file of files) {
    const code = withoutComments(await readFile(file, 'utf8'));
    for (const [, name = ''] of code.matchAll(/(?:\.|\?\.)(\w+)\b/g))
      if (FORBIDDEN.includes(name)) sights.push(`${relative(HERE, file)} reads ${name}`);
    for (const [, names = ''] of code.matchAll(/\{([^{}]*)\}\s*(?:=|:|\))/g))
      for (const name of names.split(',').map((one) => one.split(':')[0]?.trim() ?? '')) {
        if (FORBIDDEN.includes(name)) sights.push(`${relative(HERE, file)} takes ${name}`);
      }
    if (/\.event\??\.|\bevent: \{/.test(code)) sights.push(`${relative(HERE, file)} reads an event`);
  }
  return [...sights, ...(await productCodeIn(files))];
}

async function productCodeIn(files: readonly string[]): Promise<string[]> {
  const seen = new Set<string>();
  const found: string[] = [];
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, path = ''] of (await readFile(file, 'utf8')).matchAll(/^import (?!type\b)[^;]*?from '(\.[^']+)'/gm)) {
      const target = resolve(dirname(file), path);
      if (/\/lambda\/|\/histories\/product\//.test(target)) found.push(`${relative(HERE, file)} runs ${relative(HERE, target)}`);
      else await visit(target);
    }
  };
  for (const file of files) await visit(file);
  return found;
}

const withoutComments = (code: string): string => code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/'[^'\n]*'/g, "''");

describe('the judge', () => {
  it('reads no address, number, name or id of an event, and runs no code of the product', async () => {
    expect(await sightsOf(join(HERE, 'judge'))).toEqual([]);
  });

  it.each([
    ['an address', 'export const judge = (entry) => entry.event.employee.email;'],
    ['a number, taken apart', 'export const judge = ({ employeeNumber }) => employeeNumber;'],
    ['an id', 'export const judge = (ref) => ref?.eventId;'],
    ['the event', 'export const judge = (entry) => seen(entry.event.type);'],
    ['code of the core', "import { personKeys } from 'LAMBDA/domain/person/generation.ts';\nexport const judge = personKeys;"],
    ['code of the core by way of the ports', "import { act } from 'HERE/product/act.ts';\nexport const judge = act;"],
  ])('is seen to read %s', async (_, code) => {
    const folder = await mkdtemp(join(tmpdir(), 'judge-'));
    const at = (path: string) => relative(folder, resolve(HERE, path));
    await writeFile(join(folder, 'planted.ts'), code.replace('LAMBDA', at('../../lambda')).replace('HERE', at('.')));

    expect(await sightsOf(folder)).not.toEqual([]);
    await rm(folder, { recursive: true });
  });
});
