import { expect, it } from '@jest/globals';
import { soundsLikeLeaving } from '../../lambda/sources/leaving-words.ts';

it.each([
  'employee.left',
  'employee.terminated',
  'Employee Terminated',
  'EmployeeDismissed',
  'worker.work-assignment.terminate',
  'employee.leaver',
  'leavers.created',
  'off-boarding.completed',
  'lay_off',
  'Worker.Lay - Off',
  'employment.ended',
  'contract.expired',
  'End Contingent Worker Contract',
  'employment.status.inactive',
  'user.disabled',
  'employee.resignation.submitted',
  'termination.rescinded',
  'employee.unterminated',
  'Rehire',
  'EmployeeReinstatedEvent',
  'Rescind',
  'employee.rehire_cancelled',
])('%s sounds as if somebody left, or as if that was undone', (name) => {
  expect(soundsLikeLeaving(name)).toBe(true);
});

it.each([
  'employee.updated',
  'employee.on_leave',
  'employee.leave_requested',
  'LeaveRequest.approved',
  'worker.leave-return',
  'LeaveRecord',
  'employee.leave.removed',
  'Leave of Absence',
  'parental_leave.ended',
  'probation.ended',
  'time_off.ended',
  'employee.department_changed',
  'user.lifecycle.reactivate',
  'onboarding.completed',
  'Return from Leave',
])('%s does not', (name) => {
  expect(soundsLikeLeaving(name)).toBe(false);
});
