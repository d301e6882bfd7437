// 400 % zoom and large text: nothing is lost, nothing scrolls sideways, what most payers want can be reached (WCAG 1.4.4, 1.4.10).
// On the hosted page and in an element in a shop's page; large text on phones is in large-text.test.mjs.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { DESK } from './support/desk.mjs';
import { inElement, shopFolder } from './support/embedded.mjs';
import { looked } from './support/fit.mjs';
import { hall, pictures, tour } from './support/gallery.mjs';
import { reached } from './support/places.mjs';
import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

const shop = await shopFolder();
after(shop.remove);

/** 1280 x 1024 at 400 %. */
const ZOOMED = { width: 320, height: 256 };
const LARGE = { 'a desktop': { width: 1280, height: 1024 }, 'a phone': { width: 390, height: 844 } };

/** Of the troubles, which are all built alike, the two with the most on them; of the notices, the two longest. */
const isLookedAt = ([name]) => !/^trouble-|^scan-(offline|unreachable|copied|not-received)$/.test(name)
  || /^trouble-(amount_changed|upstream_unavailable)$/.test(name);

/** What can be pressed that most payers want, on screens that have it. */
const PRIMARY = '[data-tap="pay"], [data-tap="again"], [data-tap="retry"], [data-tap="have-paid"], .wc-till .wc-button, a.wc-button, .boot-reload';
const FACTORS = [1.6, 2];

/** What is wrong with what the page shows, zoomed; or with `factors`, with so much larger text. */
function look(fit, { how, primary, factors }) {
  /** Whether the first that is to be pressed can be scrolled into the window whole, with nothing over it. */
  const reach = () => {
    const target = document.querySelector(primary) ?? fit.root().querySelector(primary);
    if (!target) {
      return [];
    }
    target.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { left, right, top, bottom } = target.getBoundingClientRect();
    const hit = target.getRootNode().elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const problems = [];
    if (left < 0 || right > innerWidth || top < 0 || bottom > innerHeight) problems.push(`it is at ${left} ${top} ${right} ${bottom}`);
    if (!hit || !target.contains(hit)) problems.push(`${hit && hit.className} is over it`);
    return problems.map((what) => `what is to be pressed: ${what}`);
  };
  const wrong = (how) => {
    const found = [];
    if (fit.root().querySelector('.wc')) {
      found.push(...fit.misfits());
    } else if (document.documentElement.scrollWidth > innerWidth) {
      found.push('the page scrolls sideways');
    }
    return [...found, ...reach()].map((what) => `${how}: ${what}`);
  };
  if (factors) {
    return factors.flatMap((factor) => {
      fit.grow(factor);
      const found = wrong(`${how}, text at ${factor * 100} %`);
      fit.plain();
      return found;
    });
  }
  const found = wrong(how);
  // How much of the window is under what does not scroll with the page.
  const notice = fit.root().querySelector('.wc-notice');
  const share = notice ? notice.getBoundingClientRect().height / innerHeight : 0;
  return share > 0.5 ? [...found, `${how}: the notice covers ${Math.round(share * 100)} % of the window`] : found;
}

const ZOOM = { how: '400 %', primary: PRIMARY };
const large = (size) => ({ how: size, primary: PRIMARY, factors: FACTORS });

for (const [where, layout] of [['the hosted page', 'page'], ['an element', 'panel']]) {
  for (const lang of ['zh-CN', 'en']) {
    behaviour(`at 400 % and with large text nothing is lost on the screens in the gallery, ${where}, ${lang}`, async (world) => {
      const page = await hall(world, layout, { viewport: ZOOMED });
      const all = pictures(layout, lang).filter(isLookedAt);
      const found = await tour(page, all, look, { lang, argument: ZOOM });
      for (const [size, viewport] of Object.entries(LARGE)) {
        await page.setViewportSize(viewport);
        found.push(...(await tour(page, all, look, { lang, argument: large(size) })));
      }
      assert.equal(found.join('\n'), '');
    }, { timeout: 180_000 });
  }
}

// Live: the page that is zoomed, and what is drawn where there is no program.
for (const [where, dist] of [['the hosted page', undefined], ['an element', shop.folder]]) {
  behaviour(`at 400 % and with large text nothing is lost on a live page, ${where}`, async (world) => {
    world.allow(FAILED_REQUESTS);
    for (const name of ['scan', 'boot-unreachable']) {
      const { page } = await reached(world, dist ? inElement(DESK[name]) : DESK[name]);
      await page.setViewportSize(ZOOMED);
      const found = await looked(page, look, ZOOM);
      await page.setViewportSize(LARGE['a phone']);
      found.push(...(await looked(page, look, large('a phone'))));
      assert.deepEqual(found, [], name);
      await page.context().close();
    }
  }, { dist });
}
