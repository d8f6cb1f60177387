import { StageFailure } from '../domain/failures.ts';
import type { Ask } from './requests.ts';
import { PLACEMENT_FIELDS } from './wire.ts';

/**
 * Asks for users with their placement, in the same call. It is nice to have, and an unknown field fails a whole call: so a tenant that does
 * not know these fields is asked without them from then on.
 */
export function withPlacement(ask: Ask): Ask {
  let isKnown = true;
  return async (request) => {
    if (!isKnown) return ask(request);
    try {
      return await ask({ ...request, query: { ...request.query, fields: `${request.query.fields},${PLACEMENT_FIELDS.join(',')}` } });
    } catch (failure) {
      if (!(failure instanceof StageFailure && failure.code === 'field-unknown')) throw failure;
      const body = await ask(request);
      isKnown = false;
      return body;
    }
  };
}
