// The style of the element and of the hosted page.

import { sheet } from './sheet.js';
import { tellMissing } from './told.js';

/** Without a style a QR is as wide as its place: so wide it is seen whole, and can be scanned. */
const BARE = '14em';

/** What `link.sheet` is before it is there depends on the browser. */
const isDressed = (element, { getComputedStyle } = self) => getComputedStyle(element).getPropertyValue('--wc-radius');

/**
 * `place`, in `root`, is dressed by the sheet at `href`; `target` hears that it is missing. `onSeen`: it is seen, either way.
 * Returns what `sheet` does, and `look()`: a sheet that was preloaded is there at once, and the browser tells a frame later.
 */
export function dress(root, place, target, href, onSeen = () => {}) {
  const come = (isThere) => {
    place.style.opacity = '';
    place.style.maxWidth = isThere ? '' : BARE;
    onSeen();
  };
  const look = () => place.style.opacity && isDressed(place) && come(true);
  return { look, ...sheet(root, href, target, come) };
}

/** The hosted page has its sheet in its markup, and no script runs before it is there or missing. `place` hears of that. */
export function dressPage(place, page = self) {
  const { document } = page;
  const link = document.querySelector('link[rel="stylesheet"]');
  if (link && !isDressed(document.documentElement, page)) {
    place.style.maxWidth = BARE;
    tellMissing(place, 'style_missing', link.href);
    link.remove();
    dress(document.head, place, place, link.href);
  }
}
