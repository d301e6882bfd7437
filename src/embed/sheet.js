// A style sheet of ours. Where it does not come the cashier stays readable without, and it is asked for again.

import { later } from './fetched.js';
import { tellMissing } from './told.js';

/**
 * Puts the sheet at `href` at the end of `root`, and another in its place where it could not be had, which `target` hears
 * the first time. `onLoad`: it is there, or was found missing, as its argument says. `rest()`: nothing is done until the root
 * is put into a page again, for which the browser fetches the sheet anew; `link()`: what is there now.
 */
export function sheet(root, href, target, onLoad) {
  let link;
  let failures = 0;
  let told;
  let cancel = () => {};

  function put() {
    const before = link;
    link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    const came = (isThere) => {
      onLoad(isThere);
      if (!isThere && !told) {
        told = true;
        tellMissing(target, 'style_missing', href);
      }
    };
    link.onload = () => {
      failures = 0;
      came(!isEmpty(link.sheet)); // an empty one would be so each time
    };
    link.onerror = () => {
      failures += 1;
      cancel();
      cancel = later(failures, put);
      came(false);
    };
    if (before) {
      before.replaceWith(link);
    } else {
      root.appendChild(link);
    }
  }

  put();
  return {
    rest: () => cancel(),
    link: () => link,
  };
}

/** Whether there are no rules in it: a bundler has put them elsewhere. In a sheet of another origin nobody may look. */
function isEmpty(found) {
  try {
    return !found.cssRules.length;
  } catch (error) {
    return false;
  }
}
