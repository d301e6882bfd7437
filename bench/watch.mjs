// What runs in each page before the page's own scripts. The same in all of them.
//
// When is the code on the screen? A browser tells the moment at which text or an image was painted, but not an inline SVG. So:
// once something that can be a code is in the page, large, opaque and inside of the window, the frame in which it is painted is
// the one at hand, and a message that is posted in its animation frame arrives when the main thread has painted it. What is left
// is the compositor's work, a few milliseconds, for all pages the same. That there is a code, and which, the screenshot says
// that follows each visit; `--prove` holds the moment against the frames of a screencast.

/**
 * Installed by `addInitScript`; must not refer to anything outside itself. `sign`: what is in the page once its program is at work,
 * where it tells of it in no other way.
 */
export function watch(sign) {
  if (window !== top) {
    return;
  }
  const SIDE_MIN_PX = 100;
  const OPACITY_MIN = 0.5;
  const seen = { qr: null, work: null, tasks: [], shift: 0 };
  window.benchSeen = seen;

  const observe = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  observe('longtask', ({ startTime, duration }) => seen.tasks.push([startTime, duration]));
  observe('layout-shift', ({ value, hadRecentInput }) => (seen.shift += hadRecentInput ? 0 : value));

  const tell = (what) => {
    if (seen[what] === null) {
      seen[what] = performance.now();
      if (seen.qr !== null && seen.work !== null) {
        window.benchDone('');
      }
    }
  };
  // Ours tells its page; the others have a mark where they begin to ask again and again.
  addEventListener('cashier-ready', () => tell('work'), true);
  observe('mark', ({ name }) => name === 'at-work' && tell('work'));

  const roots = [document];
  const parent = (node) => node.assignedSlot || node.parentElement || (node.getRootNode() || {}).host;
  const isDrawn = (node) => {
    switch (node.localName) {
      case 'svg': return [...node.querySelectorAll('path')].some((path) => path.getAttribute('d')?.length > 500) || node.childElementCount > 100;
      case 'img': return node.complete && node.naturalWidth > 20;
      default: return true;
    }
  };
  const isShown = (node) => {
    const { left, top: above, right, bottom, width, height } = node.getBoundingClientRect();
    if (width < SIDE_MIN_PX || Math.abs(width - height) > width / 10) {
      return false;
    }
    if (left < 0 || above < 0 || right > innerWidth || bottom > innerHeight) {
      return false;
    }
    let opacity = 1;
    for (let at = node; at; at = parent(at)) {
      const style = getComputedStyle(at);
      opacity *= style.opacity;
      if (style.visibility !== 'visible' && at === node) {
        return false;
      }
    }
    return opacity >= OPACITY_MIN;
  };

  const channel = new MessageChannel();
  channel.port1.onmessage = () => tell('qr');
  let asked = false;
  const look = () => {
    asked = false;
    const codes = roots.flatMap((root) => [...root.querySelectorAll('svg, img, canvas')]).filter(isDrawn);
    if (codes.some(isShown)) {
      observer.disconnect();
      channel.port2.postMessage(0);
    } else if (codes.length > 0) {
      lookNext(); // it may yet be faded in or uncovered, which changes nothing in the tree
    }
  };
  const lookNext = () => {
    if (!asked && seen.qr === null) {
      asked = true;
      requestAnimationFrame(look);
    }
  };
  const observer = new MutationObserver(lookNext);
  if (sign) {
    new MutationObserver(() => document.querySelector(sign) && tell('work'))
      .observe(document, { childList: true, subtree: true, attributes: true });
  }
  const follow = (root) => observer.observe(root, { childList: true, subtree: true, attributes: true });
  follow(document);

  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function attach(init) {
    const root = attachShadow.call(this, init);
    roots.push(root);
    follow(root);
    return root;
  };
}
