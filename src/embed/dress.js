// The style of the element and of the hosted page.

import { sheet } from './sheet.js';
import { tellMissing } from './told.js';

const told = (target, href) => () => tellMissing(target, 'style_missing', href);

/** Puts the element's sheet into its shadow root. `onLoad` is called once it can be seen, dressed or not. */
export const dress = (element, href, onLoad) => sheet(element.shadowRoot, href, { onLoad, onFailure: told(element, href) });

/** The hosted page has its sheet in its markup, and no script runs before it is there or missing. `place` hears of that. */
export function dressPage(place, { document } = self) {
  const link = document.querySelector('link[rel="stylesheet"]');
  if (link && !link.sheet) {
    told(place, link.href)();
    sheet(document.head, link.href);
  }
}
