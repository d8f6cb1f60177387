import type * as z from 'zod/mini';
import { parse, readJson } from '../domain/parse.ts';
import type { VerifySchemeInput } from './scheme.ts';
import type { AnswerPolicy, Source, Understood } from './source.ts';

/** An HR system by name: what all stages that use it have in common. */
export interface System extends Pick<Source, 'answers' | 'contentType' | 'greet' | 'read'> {
  /** How its deliveries are proven where a stage says nothing else; undefined where it must. */
  scheme: VerifySchemeInput | undefined;
  /** What else a stage may say about it. */
  settings: z.core.$ZodType;
  /** @param settings as a stage wrote them; @throws InvalidInput */
  understandWith(settings: unknown): (body: unknown, about: About) => Understood;
}

interface About {
  source: string;
  signedId: string | undefined;
}

interface Definition<Settings extends z.core.$ZodType>
  extends Pick<System, 'scheme' | 'answers'>,
    Partial<Pick<System, 'contentType' | 'greet' | 'read'>> {
  settings: Settings;
  understand(body: unknown, about: About & { settings: z.output<Settings> }): Understood;
}

/** Completes a system's definition: a delivery is JSON of any content type, and there are no greetings, unless it says so. */
export function defineSystem<Settings extends z.core.$ZodType>({ understand, ...definition }: Definition<Settings>): System {
  return {
    contentType: undefined,
    greet: () => undefined,
    read: (text) => readJson(text, 'delivery'),
    ...definition,
    understandWith: (written) => {
      const settings = parse(definition.settings, written, 'settings');
      return (body, about) => understand(body, { ...about, settings });
    },
  };
}

/** What most systems want to hear: 200 whatever became of it, since an HR system can do nothing about what we do not understand. */
export const PLAIN_200 = {
  success: { status: 200, eventIds: true },
  unreadable: 'as-success',
  refusalIsFinal: false,
} as const satisfies AnswerPolicy;
