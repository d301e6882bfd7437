// The style of the element and of the hosted page.

import { sheet } from './sheet.js';
import { tellMissing } from './told.js';

/** Without a style a QR is as wide as its place: so wide it is seen whole, and can be scanned. */
const BARE = '14em';

/** `place`, in `root`, is dressed by the sheet at `href`; `target` hears that it is missing. `onSeen`: it is seen, either way. */
export function dress(root, place, target, href, onSeen = () => {}) {
  return sheet(root, href, target, (isThere) => {
    place.style.opacity = '';
    place.style.maxWidth = isThere ? '' : BARE;
    onSeen();
  });
}

/** The hosted page has its sheet in its markup, and no script runs before it is there or missing. `place` hears of that. */
export function dressPage(place, { document, getComputedStyle } = self) {
  const link = document.querySelector('link[rel="stylesheet"]');
  // What `link.sheet` is then depends on the browser.
  if (link && !getComputedStyle(document.documentElement).getPropertyValue('--wc-radius')) {
    place.style.maxWidth = BARE;
    tellMissing(place, 'style_missing', link.href);
    link.remove();
    dress(document.head, place, place, link.href);
  }
}
