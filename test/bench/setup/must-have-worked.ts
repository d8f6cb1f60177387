import * as z from 'zod';
import type { ColdBundle } from './bundles.ts';

const answers = {
  receiver: z.object({ statusCode: z.literal(202) }),
  worker: z.object({ batchItemFailures: z.array(z.unknown()).max(0) }),
  neither: z.unknown(),
};

/** Refuses a function that failed, because a fast failure would win. @throws Error */
export function mustHaveWorked({ of, name }: Pick<ColdBundle, 'of' | 'name'>, answer: unknown): void {
  if (!answers[of].safeParse(answer).success) throw new Error(`${name} did not do its work; it answered ${JSON.stringify(answer)}`);
}
