// A style sheet of ours. Where it does not come the cashier stays readable without, and it is asked for again.

import { delay, later } from './fetched.js';

/**
 * Puts the sheet at `href` at the end of `root`, and another in its place where it could not be had. `onLoad`: it is there, or
 * was found missing, as its argument says; `onFailure`: for the first time missing. `rest()`: nothing is done until the root is put into a page again,
 * for which the browser fetches the sheet anew; `remove()`: it is gone.
 */
export function sheet(root, href, { onLoad = () => {}, onFailure = () => {}, browser = self } = {}) {
  let link;
  let failures = 0;
  let told = false;
  let cancel = () => {};

  function put() {
    const before = link;
    link = browser.document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    link.onload = () => {
      failures = 0;
      onLoad(true);
    };
    link.onerror = () => {
      failures += 1;
      cancel();
      cancel = later(delay(failures), put, browser);
      onLoad(false);
      if (!told) {
        told = true;
        onFailure();
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
    remove() {
      cancel();
      link.onload = link.onerror = null;
      link.remove();
    },
  };
}
