// WeChat's font size: every text grows, whatever the page's style says of sizes, and boxes do not.

function sizeText(percent) {
  if (percent === 100) return;
  const page = document.documentElement;
  const adjust = (value) => {
    for (const name of ['-webkit-text-size-adjust', 'text-size-adjust']) page.style.setProperty(name, value, 'important');
  };
  adjust(`${percent}%`);
  if (isObeyed()) return;
  adjust('100%');
  multiplySizes(percent / 100);
}

/** Phones obey `text-size-adjust`, most browsers on desktops do not. */
function isObeyed() {
  const probe = document.createElement('span');
  probe.textContent = 'x';
  probe.style.cssText = 'position:absolute;visibility:hidden;font:50px/1 monospace';
  document.documentElement.append(probe);
  const adjusted = probe.offsetWidth;
  probe.style.setProperty('-webkit-text-size-adjust', '100%');
  probe.style.setProperty('text-size-adjust', '100%');
  const plain = probe.offsetWidth;
  probe.remove();
  return adjusted > plain;
}

function multiplySizes(factor) {
  /** Each element made larger, with what its own style said before. */
  const grown = new Map();
  const observer = new MutationObserver(resize);

  function resize() {
    // Sizes are inherited: all have to be small again before the first is read.
    for (const [element, before] of grown) element.style.setProperty('font-size', before.value, before.priority);
    grown.clear();
    const sizes = [];
    if (document.body) collect(document.body, sizes);
    for (const [element, size] of sizes) {
      const { style } = element;
      grown.set(element, { value: style.getPropertyValue('font-size'), priority: style.getPropertyPriority('font-size') });
      style.setProperty('font-size', `${size * factor}px`, 'important');
    }
    observer.takeRecords();
  }

  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['class', 'style'] });
  // Style sheets arrive without a change in the tree, and rules of media begin to hold.
  document.addEventListener('load', resize, true);
  window.addEventListener('load', resize);
  window.addEventListener('resize', resize);
  document.addEventListener('DOMContentLoaded', resize);
}

const FIELDS = ['INPUT', 'TEXTAREA', 'SELECT'];

function collect(root, sizes) {
  for (const element of root.querySelectorAll('*')) {
    if (!(element instanceof HTMLElement)) continue;
    const style = getComputedStyle(element);
    const written = (pseudo) => /^["'].+["']/.test(getComputedStyle(element, pseudo).content);
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (hasText || FIELDS.includes(element.tagName) || written('::before') || written('::after')) sizes.push([element, parseFloat(style.fontSize)]);
    if (element.shadowRoot) collect(element.shadowRoot, sizes);
  }
}
