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
    link.onload = () => {
      failures = 0;
      onLoad(true);
    };
    link.onerror = () => {
      failures += 1;
      cancel();
      cancel = later(failures, put);
      onLoad(false);
      if (!told) {
        told = true;
        tellMissing(target, 'style_missing', href);
      }
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
