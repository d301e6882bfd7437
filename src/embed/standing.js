// What makes a counter's screen of an element (`counter.js`): nobody is there to load the page again, so it is tried for ever.

import { isMissing, optional } from './fetched.js';
import { tellMissing } from './told.js';

/** Stands `element` on a counter as soon as that can be had. Returns what stops it. */
export function standing(element, bring = () => import('./counter.js')) {
  return optional(bring, ({ stand }) => stand(element), (error, failures) => {
    if (failures === 1) {
      tellMissing(element, 'counter_unavailable', String(error));
    }
    return isMissing(error);
  });
}
