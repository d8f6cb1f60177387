import { afterEach, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/scripted-http.ts';
import { aDirectory, closeAll, ID } from './a-directory.ts';

afterEach(closeAll);

const answering = (reply: Reply, pendingApprovalField?: string) => aDirectory(() => reply, { pendingApprovalField });
const refused = (status: number, message: string): Reply => ({ status, json: { error: { class: 'java.lang.X', message } } });

describe('a user', () => {
  it.each<[string, Reply, boolean]>([
    ['with an approval', { json: { data: { ID, userApproval: { ID } } } }, true],
    ['with an approval, in a list', { json: { data: [{ ID, userApproval: { ID } }] } }, true],
    ['with an approval, alone', { json: { ID, userApproval: { ID } } }, true],
    ['without one', { json: { data: { ID, userApproval: null } } }, false],
    ['without the field', { json: { data: { ID } } }, false],
    ['in no answer', { json: { data: [] } }, false],
    ['of a version without the field', refused(422, 'APIModel V21_0 does not support field userApproval (User)'), false],
    ['who may not be read', refused(403, 'no'), false],
    ['who is gone', refused(404, 'no'), false],
  ])('%s is pending approval: %s', async (_, reply, is) => {
    const { directory, arrived } = await answering(reply);

    await expect(directory.isPendingApproval?.(ID)).resolves.toBe(is);
    expect(arrived).toMatchObject([{ method: 'GET', path: `/attask/api/v21.0/user/${ID}`, query: { fields: 'ID,userApproval:ID' } }]);
  });

  it.each<[string, unknown, boolean]>([
    ['true', true, true],
    ['false', false, false],
  ])('is pending approval by another field: %s', async (_, isPending, is) => {
    const { directory, arrived } = await answering({ json: { data: { ID, isPending } } }, 'isPending');

    await expect(directory.isPendingApproval?.(ID)).resolves.toBe(is);
    expect(arrived).toMatchObject([{ query: { fields: 'ID,isPending' } }]);
  });

  it.each([
    [500, 'server-error'],
    [302, 'redirected'],
  ])('is not judged in trouble: status %i', async (status, code) => {
    const { directory } = await answering({ status, json: {} });

    await expect(directory.isPendingApproval?.(ID)).rejects.toMatchObject({ code });
  });
});
