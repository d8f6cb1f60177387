import { InvalidInput } from '../../lambda/domain/failures.ts';

/** What an InvalidInput says; the empty string where nothing is refused. Any other error goes on. */
export function refusalOf(read: () => unknown): string {
  try {
    read();
    return '';
  } catch (failure) {
    if (failure instanceof InvalidInput) return failure.message;
    throw failure;
  }
}
