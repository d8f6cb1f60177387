import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openBrowser } from '../../../ops/console/open-browser.ts';

const ADDRESS = 'http://127.0.0.1:1234/enter?token=a-secret';
const OPENER = process.platform === 'darwin' ? 'open' : 'xdg-open';

describe('the browser', () => {
  const { PATH } = process.env;
  afterEach(() => {
    process.env.PATH = PATH;
  });

  it('gets the link in a file of this user alone, and not as an argument, which everybody on the machine sees', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opener-'));
    const [program, seen] = [join(folder, OPENER), join(folder, 'seen')];
    writeFileSync(program, `#!/bin/sh\nprintf %s "$*" > ${seen}.part && mv ${seen}.part ${seen}\n`);
    chmodSync(program, 0o700);
    process.env.PATH = `${folder}:${PATH}`;
    const forget = openBrowser(ADDRESS);
    for (let look = 0; look < 500 && !existsSync(seen); look++) await sleep(20);
    const file = readFileSync(seen, 'utf8');

    expect(file).not.toContain('a-secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain(ADDRESS);
    forget();
    expect(existsSync(file)).toBe(false);
  });

  it('may be missing: then the link in the terminal is enough', async () => {
    process.env.PATH = '/nowhere';
    const forget = openBrowser(ADDRESS);
    await sleep(50);

    expect(forget).not.toThrow();
  });
});
