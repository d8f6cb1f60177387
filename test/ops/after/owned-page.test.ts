import { describe, expect, it } from '@jest/globals';
import { caveats, type OwnedByUser, ownedRows } from '../../../ops/after/owned.ts';
import { ownedPage } from '../../../ops/after/owned-page.ts';
import { guid } from '../../support/builders.ts';

const OWNED: OwnedByUser = {
  userId: guid(1),
  link: `https://acme.my.workfront.com/user/view?ID=${guid(1)}&"><script>`,
  at: '2026-11-24T12:00:00.000Z',
  counts: { projects: 2, tasks: 0 },
  unknown: ['teams'],
  name: `Ana <img src=x onerror="alert('1')"> & Co`,
  ids: { projects: [{ id: '<b>1</b>', link: 'https://acme.test/?a=1&b="2"' }] },
};

describe('the page of what a user owns', () => {
  it('shows everything from outside as text, and can run nothing', () => {
    const page = ownedPage(OWNED);

    expect(page).not.toMatch(/<img|<script|<b>|onerror="|b="2"/);
    expect(page).toContain('Ana &lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; Co');
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('names nobody unless it is asked to', () => {
    const { name: _, ...nobody } = OWNED;

    expect(ownedPage(nobody)).toContain(`What user ${guid(1)} owns in Workfront`);
  });

  it('tells a 0 from what Workfront does not say, and from what was not asked', () => {
    const rows = ownedRows({ ...OWNED, dropped: 'busy' });
    const rowOf = (what: string) => rows.find((row) => row.what.includes(what));

    expect(rowOf('projects')).toMatchObject({ count: '2', advice: 'give each another owner', things: [{ id: '<b>1</b>' }] });
    expect(rowOf('tasks')).toMatchObject({ count: '0', advice: '' });
    expect(rowOf('teams')).toMatchObject({ count: '?', advice: 'Workfront does not say; look there' });
    expect(rowOf('documents that they own')).toMatchObject({ count: '?', advice: 'not asked' });
  });

  it.each([
    [{ partial: true as const, unknown: [] }, 'A 0 proves nothing'],
    [{ dropped: 'throttled', unknown: [] }, 'Not everything was asked: Workfront was busy or in trouble (throttled)'],
    [{ unknown: ['teams'] }, 'Workfront does not say: teams'],
    [{ unknown: [] }, 'Not counted at all'],
  ])('says what the numbers leave out: %j', (counted, says) => {
    expect(caveats(counted).join('\n')).toContain(says);
  });
});
