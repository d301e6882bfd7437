// What only a counter's screen needs of the style.

import { sheet } from '../sheet.js';

const STYLE = new URL('./counter.css', import.meta.url).href;

/** Puts the sheet beside the element's own, or into the page. `onMissing` is told its address if it does not come. */
export const dress = (element, browser, onMissing) => sheet(
  element.shadowRoot || browser.document.head,
  STYLE,
  { onFailure: () => onMissing(STYLE), browser },
);
