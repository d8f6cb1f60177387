import type { KeptDelivery } from '../../lambda/domain/event/kept-delivery.ts';
import type { Arrival } from '../../lambda/domain/event/leaver-message.ts';
import type { Receiver } from '../../lambda/handlers/receive-delivery.ts';
import { receiveDelivery } from '../../lambda/handlers/receive-delivery.ts';
import { sourceOf } from '../../lambda/sources/systems/registry.ts';
import { HMAC, NOW, SECRET, STANDARD } from './deliveries.ts';

interface Seen {
  sent: Arrival[];
  kept: KeptDelivery[];
  forged: KeptDelivery[];
  lines: { level: string; sentence: string; fields: Record<string, unknown> }[];
  counts: Record<string, number>;
}

/** Makes a receiver on ports in memory, with the sources `hr` (Standard Webhooks), `other` (the same, with another secret) and `payroll` (HMAC). */
export function aReceiver(overrides: Partial<Receiver> = {}) {
  const seen: Seen = { sent: [], kept: [], forged: [], lines: [], counts: {} };
  const count = (name: string, value: number) => {
    seen.counts[name] = (seen.counts[name] ?? 0) + value;
  };
  const line = (level: string) => (sentence: string, fields: Record<string, unknown>) => {
    seen.lines.push({ level, sentence, fields });
  };
  const secrets = new Map([
    ['hr-secret', [SECRET]],
    ['other-secret', ['whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD']],
    ['payroll-secret', [SECRET]],
  ]);
  const lookUp = async (secretId: string): Promise<readonly string[]> => secrets.get(secretId) ?? [];

  const receive = receiveDelivery({
    sources: new Map([
      ['hr', sourceOf('hr', { scheme: STANDARD, secretId: 'hr-secret' })],
      ['other', sourceOf('other', { scheme: STANDARD, secretId: 'other-secret' })],
      ['payroll', sourceOf('payroll', { scheme: HMAC, secretId: 'payroll-secret' })],
    ]),
    secrets: { read: lookUp, refresh: lookUp },
    queue: {
      sendAll: async (messages) => {
        seen.sent.push(...messages);
      },
    },
    quarantine: {
      keep: async (delivery) => {
        seen.kept.push(delivery);
      },
      keepForged: async (delivery) => {
        seen.forged.push(delivery);
        return true;
      },
    },
    clock: () => NOW,
    log: { info: line('info'), warn: line('warn'), error: line('error') },
    metrics: {
      count,
      accepted: (source) => count(`Accepted ${source}`, 1),
      oldSecretUsed: (source) => count(`OldSecretUsed ${source}`, 1),
      rejected: (reason) => count(`Rejected ${reason}`, 1),
    },
    ...overrides,
  });
  return { receive, seen };
}
