import { PermanentFailure } from '../../domain/failures.ts';

/** Far more than one employee, and little enough for the worker's memory. */
const MOST_ANSWER_BYTES = 1_000_000;

/** Reads the text of a response, unpacked. @throws PermanentFailure `hr-too-large` */
export async function limitedText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES)
      throw new PermanentFailure(
        'hr-too-large',
        `expected at most ${MOST_ANSWER_BYTES} bytes from HR, got more; check which system answers for HR`,
      );
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
