import type * as z from 'zod/mini';
import { InvalidInput } from '../domain/failures.ts';
import { parse } from '../domain/parse.ts';
import { readExactJson } from './exact-json.ts';
import type { VerifySchemeInput } from './scheme.ts';
import type { AnswerPolicy, Delivery, Source, Understood } from './source.ts';

/** An HR system by name: what all its sources have in common. */
export interface System extends Pick<Source, 'answers' | 'contentType' | 'greet' | 'decode' | 'read'> {
  /** How its deliveries are proven unless a stage says otherwise; undefined if a stage must say it. */
  scheme: VerifySchemeInput | undefined;
  /** The settings that a stage may give it. */
  settings: z.core.$ZodType;
  /** Whether events carry an employee number. @param settings as a stage wrote them; @throws InvalidInput */
  sendsNumbersWith(settings: unknown, asked: Asked): boolean;
  /** @param settings as a stage wrote them; @throws InvalidInput */
  understandWith(settings: unknown): (body: unknown, origin: Origin) => Understood;
}

/** The source of a delivery, and the delivery's id if the signature covers it. */
interface Origin {
  source: string;
  signedId: string | undefined;
}

interface Asked {
  /** Whether HR is asked about each leaver, so that its answer counts as said. */
  isAsked: boolean;
}

interface SystemDefinition<Settings extends z.core.$ZodType>
  extends Pick<System, 'scheme' | 'answers'>,
    Partial<Pick<System, 'contentType' | 'greet' | 'decode' | 'read'>> {
  settings: Settings;
  /** Whether there is an employee number beside the system's own id; without it there is none. */
  sendsNumbers?(settings: z.output<Settings>, asked: Asked): boolean;
  understand(body: unknown, context: Origin & { settings: z.output<Settings> }): Understood;
}

/** Completes the definition of a system. By default, a delivery is JSON of any content type, and there are no greetings. */
export function defineSystem<Settings extends z.core.$ZodType>({
  understand,
  sendsNumbers = () => false,
  ...definition
}: SystemDefinition<Settings>): System {
  const settingsIn = (written: unknown) => parse(definition.settings, written, 'settings');
  return {
    contentType: undefined,
    greet: () => undefined,
    decode: utf8,
    read: (text) => readExactJson(text, 'delivery'),
    ...definition,
    sendsNumbersWith: (written, asked) => sendsNumbers(settingsIn(written), asked),
    understandWith: (written) => {
      const settings = settingsIn(written);
      return (body, origin) => understand(body, { ...origin, settings });
    },
  };
}

/** UTF-8 (JSON: RFC 8259, section 8.1). @throws InvalidInput */
export function utf8({ body }: Pick<Delivery, 'body'>): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new InvalidInput('delivery: expected UTF-8, got other bytes; send the body in UTF-8');
  }
}

/** The answers that most systems expect: 200 in every case, because an HR system cannot correct a delivery that we do not understand. */
export const PLAIN_200 = {
  success: { status: 200, eventIds: true },
  unreadable: 'as-success',
  refusalIsFinal: false,
} as const satisfies AnswerPolicy;
