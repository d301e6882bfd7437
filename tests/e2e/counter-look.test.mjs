// What a counter's screen looks like from two metres.

import assert from 'node:assert/strict';
import { PNG } from 'pngjs';

import { decode, finishAnimations } from './support/qr.mjs';
import { attributes, openShop } from './support/shop.mjs';
import { Cashier, behaviour } from './support/test.mjs';

const SCREENS = { upright: { width: 1080, height: 1920 }, lying: { width: 1920, height: 1080 } };
const SMALL = { 'a tablet': { width: 1024, height: 768 }, 'a till\'s own': { width: 800, height: 480 }, 'a bar': { width: 1920, height: 540 } };

/** A quarter of the picture in each direction: every pixel is the mean of sixteen, as of a camera that is far away. */
function quarter(png) {
  const { data, width, height } = PNG.sync.read(png);
  const small = new PNG({ width: Math.floor(width / 4), height: Math.floor(height / 4) });
  for (let y = 0; y < small.height; y += 1) {
    for (let x = 0; x < small.width; x += 1) {
      for (let channel = 0; channel < 4; channel += 1) {
        let sum = 0;
        for (let index = 0; index < 16; index += 1) {
          sum += data[((y * 4 + (index >> 2)) * width + x * 4 + (index & 3)) * 4 + channel];
        }
        small.data[(y * small.width + x) * 4 + channel] = sum / 16;
      }
    }
  }
  return PNG.sync.write(small);
}

/** A counter with this order, its own style in place. */
async function counter(world, wish, options) {
  const order = await world.sandbox.newOrder(wish);
  const page = await openShop(world, `<wechat-cashier ${attributes(order)} layout="counter" lang="zh-CN"></wechat-cashier>`, options);
  const cashier = new Cashier(page, world.sandbox, order);
  await cashier.shows('scan');
  await page.locator('.wc').evaluate((card) => new Promise((resume) => {
    const look = () => (getComputedStyle(card).position === 'fixed' ? resume() : requestAnimationFrame(look));
    look();
  }));
  await finishAnimations(page);
  return { page, cashier, order };
}

/** What sticks out of the screen, and into how many lines the amount breaks. */
const look = (page) => page.locator('.wc').evaluate((card) => {
  const amount = card.querySelector('.wc-amount');
  return {
    beyond: [card.scrollWidth - card.clientWidth, card.scrollHeight - card.clientHeight],
    lines: Math.round(amount.getBoundingClientRect().height / parseFloat(getComputedStyle(amount).lineHeight)),
    pressed: [...card.querySelectorAll('button, a, summary')].filter((thing) => thing.checkVisibility()).map((thing) => thing.textContent),
  };
});

behaviour('the code can be read off a quarter of the picture, upright and lying, light and dark; there is nothing to press and all of it is there', async (world) => {
  const { page, cashier } = await counter(world, {}, { viewport: SCREENS.upright });
  for (const [name, viewport] of Object.entries(SCREENS)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      assert.equal(decode(quarter(await page.screenshot())), await cashier.code(), `${name}, ${colorScheme}`);
    }
    assert.deepEqual(await look(page), { beyond: [0, 0], lines: 1, pressed: [] }, name);
    const { width, height } = await page.locator('.wc-qr svg').boundingBox();
    assert.ok(Math.min(width, height) > 0.85 * Math.min(viewport.width, viewport.height), `the code is ${width} by ${height}`);
  }
});

behaviour('on screens of other shapes the code is read too, and a large amount is on one line', async (world) => {
  const { page, cashier } = await counter(world, { value: 123_456_789 }, { viewport: SCREENS.lying });
  for (const [name, viewport] of Object.entries(SMALL)) {
    await page.setViewportSize(viewport);
    assert.equal(decode(quarter(await page.screenshot())), await cashier.code(), name);
    assert.deepEqual(await look(page), { beyond: [0, 0], lines: 1, pressed: [] }, name);
  }
});
