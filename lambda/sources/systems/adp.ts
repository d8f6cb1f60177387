import { mappedSystem } from '../mapped-system.ts';

const OUTPUT = 'data.output.worker';

/**
 * ADP: docs/sources/adp.md. The body is that of a recorded event (`worker.terminate`). ADP has a queue that is polled; since October 2025 it
 * also sends, in a way that only its pages behind the login describe: so the stage must say how deliveries are proven. A change of category
 * is a hire of its own (a recorded `worker.hire`), beside the worker who ends.
 */
export const adp = mappedSystem({
  scheme: undefined,
  preset: {
    events: 'events',
    type: { path: 'eventNameCode.codeValue', terminated: ['worker.terminate'], rescinded: ['worker.rehire'] },
    conditions: [{ path: 'eventStatusCode.codeValue', counts: ['COMPLETED'], rescinds: ['CANCELED'] }],
    id: 'eventID',
    occurredAt: 'recordDateTime',
    effectiveDate: `${OUTPUT}.workerDates.terminationDate`,
    sourceId: `${OUTPUT}.associateOID`,
    employeeNumber: `${OUTPUT}.workerID.idValue`,
  },
  doubt: 'one-employment',
});
