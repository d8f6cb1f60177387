import { InvalidInput } from '../../lambda/domain/failures.ts';

/** The message of an InvalidInput, or an empty string if nothing is refused. Other errors pass through. */
export function refusalOf(read: () => unknown): string {
  try {
    read();
    return '';
  } catch (failure) {
    if (failure instanceof InvalidInput) return failure.message;
    throw failure;
  }
}
