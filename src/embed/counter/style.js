// What only a counter's screen needs of the style.

import { sheet } from '../sheet.js';

const STYLE = new URL('./counter.css', import.meta.url).href;

/** Puts the sheet beside the element's own, or into the page. Returns what takes it away, for good. */
export function dress(element) {
  const { rest, link } = sheet(element.shadowRoot || document.head, STYLE, element, () => {});
  return () => {
    rest();
    const last = link();
    last.onload = last.onerror = null;
    last.remove();
  };
}
