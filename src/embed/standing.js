// What makes a counter's screen of an element (`counter.js`): nobody is there to load the page again, so it is tried for ever.

import { moduleAgain } from './fetched.js';
import { tellMissing } from './told.js';

/** Stands `element` on a counter as soon as that can be had. Returns what stops it. */
export function standing(element, bring = () => import('./counter.js'), browser = self) {
  let ended = false;
  let stop = () => {};
  const asked = moduleAgain(bring, {
    tries: Infinity,
    onFailure: (error) => tellMissing(element, 'counter_unavailable', String(error)),
    browser,
  });
  asked.brought.then(({ stand }) => {
    if (!ended) {
      stop = stand(element);
    }
  }, () => {}); // told already
  return () => {
    ended = true;
    asked.stop();
    stop();
  };
}
