// Whether everything of a cashier can be read and reached, on the hosted page or in an element. All of it runs in the page, where
// a look at a picture takes less time than a call from here.

/** Makes `fit`, what the looks are made of; runs in the page. */
function tools() {
  const fit = {};
  /** What the cashier is in: the body of the hosted page, or the element's own. */
  fit.root = () => document.querySelector('wechat-cashier')?.shadowRoot ?? document;

  /**
   * Multiplies the size of every text, and of nothing else, as Android's web-view does for WeChat's font size (field problem
   * 20): whatever the page's style says of sizes, and boxes stay as they are.
   */
  fit.grow = (factor) => {
    const sizes = [];
    for (const element of fit.root().querySelectorAll('*')) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      if (element instanceof HTMLElement && (hasText || element.matches('input'))) {
        element.style.removeProperty('font-size');
        sizes.push(element);
      }
    }
    // All are read before the first is set: sizes are inherited.
    const grown = sizes.map((element) => [element, parseFloat(getComputedStyle(element).fontSize) * factor]);
    for (const [element, size] of grown) {
      element.style.setProperty('font-size', `${size}px`, 'important');
    }
  };

  /** Takes back what `grow` did. */
  fit.plain = () => {
    for (const element of fit.root().querySelectorAll('[style]')) {
      element.style.removeProperty('font-size');
    }
  };

  /** What is cut, covered, sticks out or cannot be reached, in words. */
  fit.misfits = () => {
    const found = [];
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      found.push(`the page scrolls sideways: ${scrollWidth} > ${clientWidth}`);
    }
    const root = fit.root();
    const cashier = root.querySelector('.wc');
    const short = (text) => JSON.stringify(text.trim().slice(0, 24));
    const side = ({ left, top, right, bottom }) => [left, top, right, bottom].map(Math.round).join(' ');

    // Every line of every text.
    const lines = [];
    const walker = document.createTreeWalker(cashier, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { currentNode: node } = walker;
      if (!node.data.trim() || node.parentElement.closest('.wc-unseen') || !node.parentElement.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      // Of what is folded, the lines that are there; the others are when it is opened.
      const end = node.parentElement.closest('[data-long]:not([open]) p')?.getBoundingClientRect().bottom ?? Infinity;
      for (const rect of range.getClientRects()) {
        if (rect.width > 0 && rect.top < end - 2) lines.push({ node, rect });
      }
    }
    for (const { node, rect } of lines) {
      if (rect.left < -0.5 || rect.right > clientWidth + 0.5) found.push(`${short(node.data)} leaves the window: ${side(rect)}`);
      for (let box = node.parentElement; box && box !== document.body; box = box.parentElement) {
        const style = getComputedStyle(box);
        // What is fixed to the window is not cut by what it stands in.
        if (style.position === 'fixed') break;
        const bounds = box.getBoundingClientRect();
        const clips = style.overflowX !== 'visible' || style.overflowY !== 'visible';
        // What is pressed shows by its box what belongs to it.
        const holds = clips || box.matches('button, a, summary, .wc-notice');
        // What scrolls shows the rest when it is scrolled.
        const scrolls = /auto|scroll/.test(style.overflowY);
        const across = rect.left < bounds.left - 1 || rect.right > bounds.right + 1;
        if (holds && (across || (!scrolls && (rect.top < bounds.top - 3 || rect.bottom > bounds.bottom + 3)))) {
          found.push(`${short(node.data)} sticks out of ${box.localName}.${box.className}: ${side(rect)} of ${side(bounds)}`);
        }
      }
    }

    // The notice lies over the page, and its own place is below.
    const core = ({ left, top, right, bottom }) => {
      // A line's box is higher than its letters.
      const slack = (bottom - top) / 4;
      return { left: left + 1, top: top + slack, right: right - 1, bottom: bottom - slack };
    };
    const things = lines.filter(({ node }) => !node.parentElement.closest('.wc-over'))
      .map(({ node, rect }) => ({ of: node.parentElement, name: short(node.data), rect: core(rect) }));
    for (const box of cashier.querySelectorAll('.wc-slot > *, .wc-button, .wc-way, summary, input, img, .wc-way svg')) {
      const rect = box.getBoundingClientRect();
      if (box.checkVisibility() && rect.width > 0) things.push({ of: box, name: `${box.localName}.${box.getAttribute('class')}`, rect });
    }
    for (const [index, one] of things.entries()) {
      for (const other of things.slice(index + 1)) {
        if (one.of === other.of || one.of.contains(other.of) || other.of.contains(one.of)) continue;
        const a = one.rect;
        const b = other.rect;
        if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) {
          found.push(`${one.name} (${side(a)}) lies on ${other.name} (${side(b)})`);
        }
      }
    }

    for (const target of cashier.querySelectorAll('button:not([disabled]), a, summary, input')) {
      if (!target.checkVisibility()) continue;
      // What is covered in the middle of the window may be scrolled further up.
      let hit;
      for (const block of ['center', 'start']) {
        target.scrollIntoView({ block, inline: 'nearest', behavior: 'instant' });
        const { left, top, right, bottom } = target.getBoundingClientRect();
        hit = root.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        if (hit && target.contains(hit)) break;
      }
      const { left, top, right, bottom } = target.getBoundingClientRect();
      if (!hit || !target.contains(hit)) {
        found.push(`${short(target.innerText || target.localName)} cannot be reached: ${hit ? `${hit.localName}.${hit.className} is over it` : 'it is outside'}`);
      }
      if (bottom - top < 24 || right - left < 24) {
        found.push(`${short(target.innerText || target.localName)} is too small to be met: ${Math.round(right - left)} x ${Math.round(bottom - top)}`);
      }
    }
    scrollTo(0, 0);
    return found;
  };
  return fit;
}

/**
 * The text of a function that is called with `(fit, argument)` in the page. `look` must not refer to anything outside itself.
 */
export const looking = (look) => `((argument) => (${look})((${tools})(), argument))`;

/** What this look, `(fit, argument) => …`, finds in the page. */
export const looked = (page, look, argument) => page.evaluate(`${looking(look)}(${JSON.stringify(argument)})`);
