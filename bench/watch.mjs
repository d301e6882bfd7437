// What runs in each page before the page's own scripts. The same in all of them.
//
// When is the code on the screen? A browser tells when a text or a picture was shown (Element Timing), but not of an inline SVG. So:
// once something that can be a code is in the page, large, inside of the window and not hidden, a dot of text is put beside the page
// within the same frame, and it is shown when the code is. A code that is being faded in counts from half of its contrast: the
// browser goes on fading while the page is busy, so that moment is taken from the animation. That there is a code, and which, the
// screenshot says that follows each visit; `--prove` holds the moment against the frames of a screencast.

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

  const tell = (what, moment = performance.now()) => {
    if (seen[what] === null) {
      seen[what] = moment;
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
  const isInWindow = (node) => {
    const { left, top: above, right, bottom, width, height } = node.getBoundingClientRect();
    return width >= SIDE_MIN_PX && Math.abs(width - height) <= width / 10 && left >= 0 && above >= 0 && right <= innerWidth && bottom <= innerHeight;
  };
  /** When in an animation this is opaque enough for good, in its own time; nothing if it changes no opacity. */
  const opaqueAt = (animation) => {
    const frames = animation.effect.getKeyframes();
    if (!frames.some(({ opacity }) => opacity !== undefined)) {
      return undefined;
    }
    const timing = animation.effect.getComputedTiming();
    const stand = document.createElement('i');
    document.documentElement.append(stand);
    const same = stand.animate(frames, animation.effect.getTiming());
    same.pause();
    let [low, high] = [0, timing.endTime];
    while (high - low > 1) {
      same.currentTime = (low + high) / 2;
      [low, high] = getComputedStyle(stand).opacity >= OPACITY_MIN ? [low, same.currentTime] : [same.currentTime, high];
    }
    stand.remove();
    return high;
  };
  /** The fades that this is in the midst of, as `[animation, when it is opaque enough]`; nothing if it is not seen, nor will be by them. */
  const fadesOf = (node) => {
    const fades = [];
    let opacity = 1;
    for (let at = node; at; at = parent(at)) {
      const running = at.getAnimations().filter(({ playState }) => playState === 'running');
      const own = running.map((animation) => [animation, opaqueAt(animation)]).filter(([, moment]) => moment !== undefined);
      fades.push(...own);
      const style = getComputedStyle(at);
      opacity *= own.length > 0 ? 1 : style.opacity;
      if (at === node && style.visibility !== 'visible') {
        return undefined;
      }
    }
    return opacity >= OPACITY_MIN ? fades : undefined;
  };

  const dot = document.createElement('span');
  dot.textContent = '.';
  dot.setAttribute('elementtiming', 'bench');
  // So faint that nobody sees it; what is transparent is not painted.
  Object.assign(dot.style, { position: 'fixed', left: 0, top: 0, fontSize: '4px', color: 'rgb(127 127 127 / 2%)', zIndex: -1 });
  observe('element', ({ renderTime }) => {
    dot.remove();
    tell('qr', Math.max(renderTime, ...fades.map(([animation, moment]) => (animation.startTime ?? renderTime) + moment)));
  });
  let fades;
  let asked = false;
  const look = () => {
    asked = false;
    const codes = roots.flatMap((root) => [...root.querySelectorAll('svg, img, canvas')]).filter(isDrawn);
    fades = codes.filter(isInWindow).map(fadesOf).find(Boolean);
    if (fades) {
      observer.disconnect();
      document.documentElement.append(dot); // not in the body, which may be another's to draw
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
