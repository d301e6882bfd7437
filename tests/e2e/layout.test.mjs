// Nothing jumps, nothing is cut off, nothing moves for those who want no motion.

import assert from 'node:assert/strict';

import { LAYOUTS, hall, pictures, tour } from './support/gallery.mjs';
import { PLACES, reached } from './support/places.mjs';
import { BEFORE_MAX_MS, ORDER, behaviour } from './support/test.mjs';

/** What is wrong with what the page shows, as it is, with everything at 200 %, and with text at 160 %. */
function look(fit) {
  /** What sticks out of the window or is cut off by the card, in words. */
  const outside = () => {
    const found = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      found.push(`the page scrolls sideways: ${scrollWidth} > ${clientWidth}`);
    }
    const card = document.querySelector('.wc').getBoundingClientRect();
    for (const element of document.querySelectorAll('.wc *')) {
      const { left, right, width } = element.getBoundingClientRect();
      const moving = getComputedStyle(element).animationName !== 'none' && element.closest('[aria-hidden]');
      if (width > 0 && !moving && !element.closest('.wc-unseen, .wc-over, .wc-track') && (left < card.left - 0.5 || right > card.right + 0.5)) {
        found.push(`${element.localName}.${element.className.baseVal ?? element.className}: ${left} to ${right} of ${card.left} to ${card.right}`);
      }
    }
    const range = document.createRange();
    const walker = document.createTreeWalker(document.querySelector('.wc'), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      range.selectNodeContents(walker.currentNode);
      const { left, right, width } = range.getBoundingClientRect();
      if (width > 0 && !walker.currentNode.parentElement.closest('.wc-unseen') && (left < 0 || right > clientWidth)) {
        found.push(`the text "${walker.currentNode.data}": ${left} to ${right}`);
      }
    }
    return found;
  };
  const found = [];
  for (const size of ['100%', '200%']) {
    document.documentElement.style.fontSize = size;
    found.push(...outside().map((what) => `${size}: ${what}`));
  }
  document.documentElement.style.fontSize = '';
  fit.grow(1.6);
  found.push(...fit.misfits().map((what) => `text at 160 %: ${what}`));
  fit.plain();
  return found;
}

for (const lang of ['zh-CN', 'zh-HK', 'en']) {
  behaviour(`at 320 px nothing scrolls sideways or is cut off on any screen in the gallery, also with text at 200 %, or at WeChat's 160 %, ${lang}`, async (world) => {
    const page = await hall(world, 'page', { viewport: { width: 320, height: 568 } });
    assert.deepEqual(await tour(page, pictures('page', lang), look, { lang }), []);
  }, { timeout: 120_000 });
}

/** The fonts of a picture, by all that makes one another for the browser. Runs in the page. */
function fonts(fit) {
  const found = new Set();
  const walker = document.createTreeWalker(fit.root().querySelector('.wc'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    const { fontFamily, fontSize, fontStyle, fontVariantNumeric, fontWeight, letterSpacing } = getComputedStyle(parentElement);
    if (data.trim() && parentElement.checkVisibility()) {
      found.add([fontSize, fontWeight, fontStyle, fontVariantNumeric, letterSpacing, fontFamily].join(' '));
    }
  }
  return [...found];
}

// Each font that a page uses for the first time is looked for before anything is painted (docs/performance.md).
for (const [layout, most] of Object.entries({ page: 7, panel: 6 })) {
  behaviour(`the screen with the code takes few fonts, ${layout}`, async (world) => {
    const scan = pictures(layout).filter(([name]) => name === 'scan');
    const found = await tour(await hall(world, layout), scan, fonts);
    assert.ok(found.length > 2 && found.length <= most, found.join('\n'));
  });
}

behaviour('with reduced motion nothing is animated on any screen in the gallery', async (world) => {
  const running = (fit) => fit.root().getAnimations().map(({ animationName, transitionProperty }) => animationName ?? transitionProperty);
  for (const layout of LAYOUTS) {
    const page = await hall(world, layout);
    assert.deepEqual(await tour(page, pictures(layout), running), [], layout);
    // And that it would have been seen.
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    assert.notDeepEqual(await tour(page, pictures(layout).slice(0, 1), running), [], layout);
  }
});

behaviour('with motion welcome the code is there at once, and the check is drawn', async (world) => {
  // What has begun: by the time a test looks, it may be over.
  const before = ({ page }) => page.addInitScript(() => {
    window.begun = [];
    addEventListener('animationstart', ({ animationName, target }) => {
      window.begun.push(target.closest('.wc-qr') ? 'code' : animationName);
    }, true);
  });
  const { cashier, page, sandbox } = await world.scanning({ reducedMotion: false, before });
  const begins = (name) => page.waitForFunction((wanted) => window.begun.includes(wanted), name, { polling: 'raf' });
  assert.ok(!(await page.evaluate(() => window.begun)).includes('code'), 'a code that moves is read later');
  await sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  await begins('wc-draw');
});

// A bar that glides from second to second has each frame of a quarter of an hour drawn for it, and moves by a third of a pixel.
behaviour('with motion welcome nothing moves while the code waits, until its last minute', async (world) => {
  const { cashier, page } = await world.scanning({ reducedMotion: false });
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  const moving = () => page.evaluate(() => document.getAnimations().map(({ effect }) => effect.target.className));
  const left = await cashier.secondsLeft();
  await cashier.advance(2_000);
  assert.deepEqual([await cashier.secondsLeft(), await moving()], [left - 2, []]);
  await cashier.leap((left - 58) * 1_000);
  await cashier.advance(2_000);
  assert.deepEqual([await cashier.secondsLeft() < 60, await moving()], [true, ['wc-rest']]);
});

const SIZES = { phone: { width: 390, height: 844 }, 'small phone': { width: 320, height: 568 }, desktop: { width: 1280, height: 800 } };

for (const [name, viewport] of Object.entries(SIZES)) {
  for (const lang of ['zh-CN', 'en']) {
    /** The slot is where it was on the page as it was written, after each of these files or answers has come, and this screen with it. */
    const jumps = (title, after) => behaviour(`nothing jumps from the static page to the shown code, ${title}, ${name}, ${lang}`, async (world) => {
      const order = await world.sandbox.newOrder({ lang });
      // With motion a box under way is not where it belongs; layout shifts are of boxes at their place.
      const page = await world.newPage({ viewport, reducedMotion: true });
      const held = {};
      const hold = (key, pattern) => page.route(pattern, (route) => {
        held[key] = () => route.continue();
      });
      await hold('wasm', '**/*.wasm');
      await hold('order', ORDER);
      const box = () => page.locator('.wc-slot').evaluate((slot) => {
        const { x, y, width, height } = slot.getBoundingClientRect();
        return { x, y: y + scrollY, width, height };
      });
      const come = async (key) => {
        await new Promise((resume) => {
          const look = () => (held[key] ? resume() : setImmediate(look));
          look();
        });
        held[key]();
      };
      await page.goto(world.sandbox.url + order.cashier_url, { waitUntil: 'commit' });
      await page.waitForSelector('.wc:not([lang]) .wc-slot');
      const first = await box();
      for (const [key, screen] of after) {
        if (key === 'wasm') {
          await page.clock.runFor(BEFORE_MAX_MS);
        }
        await come(key);
        await page.waitForSelector(screen);
        const now = await box();
        const moved = Object.keys(now).filter((side) => Math.abs(now[side] - first[side]) > 1);
        assert.deepEqual(moved, [], `${screen}: ${JSON.stringify({ first, now })}`);
      }
      await page.evaluate(() => new Promise((resume) => {
        new PerformanceObserver(resume).observe({ type: 'paint', buffered: true });
      }));
      const { shift, shifts } = await page.evaluate(() => window.observed);
      assert.ok(shift < 0.02, `layout shift ${shift}: ${shifts.join('; ')}`);
    });

    jumps('drawn before the program', [
      ['order', '.wc[lang][data-first][data-screen="scan"]'], ['wasm', '.wc[lang]:not([data-first])[data-screen="scan"]'],
    ]);
    jumps('drawn by the program', [
      ['wasm', '.wc[lang][data-screen="loading"]'], ['order', '.wc[lang]:not([data-first])[data-screen="scan"]'],
    ]);
  }
}

behaviour('nothing jumps from the button that cannot be tapped yet to the one that can, in WeChat', async (world) => {
  const late = { ...PLACES['pay-preparing'], phone: { bridge: 'late', late_ms: 1_500 } };
  const cashier = await reached(world, late);
  const { page } = cashier;
  // The title is as wide as its words.
  const boxes = () => page.evaluate(() => ['.wc-slot', '.wc-title', '.wc-actions .wc-button', '.wc-ways'].map((selector) => {
    const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
    return [selector, y, height, ...(selector === '.wc-title' ? [] : [x, width])].join(' ');
  }));
  await cashier.settle();
  const before = await boxes();
  assert.equal(await page.locator('.wc-actions .wc-button').isDisabled(), true);
  await cashier.advanceUntil('the bridge', () => page.locator('[data-tap="pay"]').isVisible(), 3_000);
  assert.deepEqual(await boxes(), before);
});
