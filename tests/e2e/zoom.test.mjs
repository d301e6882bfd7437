// 400 % zoom and large text: nothing is lost, nothing scrolls sideways, what most payers want can be reached (WCAG 1.4.4, 1.4.10).
// On the hosted page and in an element in a shop's page; large text on phones is in large-text.test.mjs.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { DESK } from './support/desk.mjs';
import { inElement, shopFolder } from './support/embedded.mjs';
import { growText, misfits, plainText } from './support/fit.mjs';
import { PLACES, reached } from './support/places.mjs';
import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

const shop = await shopFolder();
after(shop.remove);
const WHERE = { 'the hosted page': {}, 'an element': { dist: shop.folder } };

/** 1280 x 1024 at 400 %. */
const ZOOMED = { width: 320, height: 256 };
const DESKTOP = { width: 1280, height: 1024 };

const pick = (from, ...names) => Object.fromEntries(names.map((name) => [name, from[name]]));
/** Each screen, and each with the most on it. What has a place only on phones is looked at there too. */
const GROUPS = {
  codes: pick({ ...DESK, ...PLACES }, 'loading', 'scan', 'scan-short', 'scan-offline', 'ways-open-scan'),
  paying: pick(PLACES, 'pay-h5', 'pay-cancelled', 'returned-not-received', 'take-code-malformed', 'await-payer'),
  ends: pick(DESK, 'confirming', 'paid', 'paid-late', 'code-expired', 'order-expired'),
  troubles: pick({ ...DESK, ...PLACES }, 'closed', 'refunded', 'trouble-amount-changed', 'trouble-upstream-phone', 'boot-unreachable'),
};
/** What can be pressed that most payers want, on screens that have it. */
const PRIMARY = '[data-tap="pay"], [data-tap="again"], [data-tap="retry"], [data-tap="have-paid"], .wc-till .wc-button, a.wc-button, .boot-reload';

/** Whether the first of these can be scrolled into the window whole, with nothing over it. */
const primaryIsReached = (page) => page.locator(PRIMARY).first().evaluate((target) => {
  target.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, right, top, bottom } = target.getBoundingClientRect();
  const hit = target.getRootNode().elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const problems = [];
  if (left < 0 || right > innerWidth || top < 0 || bottom > innerHeight) problems.push(`it is at ${left} ${top} ${right} ${bottom}`);
  if (!hit || !target.contains(hit)) problems.push(`${hit && hit.className} is over it`);
  return problems;
});

/** How much of the window is under what does not scroll with the page. */
const covered = (page) => page.evaluate(() => {
  const root = document.querySelector('wechat-cashier')?.shadowRoot ?? document;
  const notice = root.querySelector('.wc-notice');
  return notice ? notice.getBoundingClientRect().height / innerHeight : 0;
});

for (const [where, sandbox] of Object.entries(WHERE)) {
  for (const lang of ['zh-CN', 'en']) {
    for (const [group, places] of Object.entries(GROUPS)) {
      behaviour(`at 400 % and with large text nothing is lost, ${where}, ${lang}: ${group}`, async (world) => {
        world.allow(FAILED_REQUESTS);
        const found = [];
        for (const [name, place] of Object.entries(places)) {
          const { page } = await reached(world, sandbox.dist ? inElement(place) : place, { lang });
          const look = async (how) => {
            const say = (what) => found.push(`${name}, ${how}: ${what}`);
            if ((await page.locator('.wc').count()) > 0) {
              (await misfits(page)).forEach(say);
            } else if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) {
              say('the page scrolls sideways');
            }
            if ((await page.locator(PRIMARY).count()) > 0) {
              (await primaryIsReached(page)).forEach((what) => say(`what is to be pressed: ${what}`));
            }
          };
          await page.setViewportSize(ZOOMED);
          await look('400 %');
          const share = await covered(page);
          if (share > 0.5) {
            found.push(`${name}, 400 %: the notice covers ${Math.round(share * 100)} % of the window`);
          }
          for (const [size, viewport] of Object.entries({ 'a desktop': DESKTOP, 'a phone': { width: 390, height: 844 } })) {
            await page.setViewportSize(viewport);
            for (const factor of [1.6, 2]) {
              await growText(page, factor);
              await look(`${size}, text at ${factor * 100} %`);
              await plainText(page);
            }
          }
          await page.context().close();
        }
        assert.equal(found.join('\n'), '');
      }, { timeout: 120_000, ...sandbox });
    }
  }
}
