import { PermanentFailure, StageFailure } from '../domain/failures.ts';
import type { UserDirectory } from '../domain/ports.ts';
import { aboutUser } from './about-user.ts';
import type { Ask } from './requests.ts';

/**
 * Whether an inactive user is pending approval: an approval would activate them. Users that a group administrator or an import made are so
 * (Adobe, "Add users"; "Manage users in the Adobe Admin Console"). No page names the field. Assumed: the reference `userApproval` of a
 * user (API version 15) is there as long as the approval is pending; `policy.pendingApprovalField` names another field.
 *
 * @returns false also if Workfront does not know the field: it is nice to have
 */
export function approvalCheck(ask: Ask, field: string): NonNullable<UserDirectory['isPendingApproval']> {
  const [name = field] = field.split(':');
  return async (userId) => {
    try {
      const body: { data?: unknown } = await ask({ ...aboutUser('GET', userId), query: { fields: `ID,${field}` } });
      const [record] = [body.data ?? body].flat();
      const value: unknown = Object(record)[name];
      return value !== undefined && value !== null && value !== false;
    } catch (failure) {
      if (failure instanceof PermanentFailure || (failure instanceof StageFailure && failure.code === 'field-unknown')) return false;
      throw failure;
    }
  };
}
