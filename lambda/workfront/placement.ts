import { StageFailure } from '../domain/failures.ts';
import type { Ask } from './requests.ts';

/**
 * What an undo needs to know: ids that Adobe lists among the fields of a user ("Event subscription resource fields"). They are nice to
 * have, and an unknown field fails a whole call: so a tenant that does not know them is asked without them from then on.
 */
const FIELDS = 'accessLevelID,homeGroupID,homeTeamID,roleID,managerID';

/** Asks for users with their placement, in the same call. */
export function withPlacement(ask: Ask): Ask {
  let isKnown = true;
  return async (request) => {
    if (!isKnown) return ask(request);
    try {
      return await ask({ ...request, query: { ...request.query, fields: `${request.query.fields},${FIELDS}` } });
    } catch (failure) {
      if (!(failure instanceof StageFailure && failure.code === 'field-unknown')) throw failure;
      const body = await ask(request);
      isKnown = false;
      return body;
    }
  };
}
