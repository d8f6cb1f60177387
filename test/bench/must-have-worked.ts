import * as z from 'zod';
import type { ColdBundle } from './cold-bundles.ts';

const answers = {
  receiver: z.object({ statusCode: z.literal(202) }),
  worker: z.object({ batchItemFailures: z.array(z.unknown()).max(0) }),
  neither: z.unknown(),
};

/** A function that fails fast would win. @throws Error */
export function mustHaveWorked(of: ColdBundle['of'], name: string, answer: unknown): void {
  if (!answers[of].safeParse(answer).success) throw new Error(`expected ${name} to do its work, got ${JSON.stringify(answer)}`);
}
