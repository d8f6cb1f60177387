import { mappedSystem } from '../mapped-system.ts';
import { PLAIN_200 } from '../system.ts';

/**
 * Dayforce: docs/sources/dayforce.md. It posts SOAP after its own WSDL: hires, rehires, terminations and their cancellations. Only its
 * documentation behind the login has the WSDL, so the names are assumed. Some transfers are a termination and a hire ("Employee Transfers",
 * ConnectedPay Administrator Guide).
 */
export const dayforce = mappedSystem({
  scheme: { kind: 'basic' },
  preset: {
    events: 'Envelope.Body.EventNotification.Events.Event',
    type: {
      path: 'EventType',
      terminated: ['Terminated'],
      rescinded: ['TerminatedCancelled', 'Rehired'],
    },
    id: 'EventId',
    occurredAt: 'CreatedTimestamp',
    effectiveDate: 'EffectiveDate',
    sourceId: 'EmployeeXRefCode',
  },
  doubt: 'one-employment',
  answers: {
    ...PLAIN_200,
    success: {
      status: 200,
      contentType: 'text/xml; charset=utf-8',
      body:
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
        '<EventNotificationResponse><Success>true</Success></EventNotificationResponse></soapenv:Body></soapenv:Envelope>',
    },
  },
});
