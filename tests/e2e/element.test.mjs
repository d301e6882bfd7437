// `<wechat-cashier>` in a merchant's own page.

import assert from 'node:assert/strict';

import { Cashier, behaviour } from './support/test.mjs';
import { attributes, hear, openShop } from './support/shop.mjs';

async function element(world, body, options) {
  const order = await world.sandbox.newOrder();
  const page = await openShop(world, body(order), { before: hear, ...options });
  return { order, page, cashier: new Cashier(page, world.sandbox, order) };
}

behaviour('one script, one tag: the code is drawn and paid, and the page hears of each step', async (world) => {
  const { cashier, page, order } = await element(world, (order) => `<wechat-cashier ${attributes(order)}></wechat-cashier>`);
  await cashier.shows('scan');
  assert.equal(await page.evaluate(() => document.querySelector('wechat-cashier').status), 'pending');
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
  const heard = await page.evaluate(() => window.heard);
  assert.deepEqual(heard.map(([name, detail]) => (name === 'status' ? detail.status + ' ' + detail.screen : name)), [
    'loading loading', 'pending scan', 'ready', 'paid paid', 'paid',
  ]);
  assert.ok(heard.every(([, detail]) => detail.order === order.order_id));
});
