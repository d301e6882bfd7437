// The backend of docs/backend.md, run as its reader runs it: an order is paid there, in a browser. (What it answers:
// tests/js/backend.test.mjs.)

import assert from 'node:assert/strict';

import { startBackend } from '../js/support/backend.mjs';
import { PACKAGE, hear } from './support/shop.mjs';
import { Cashier, behaviour } from './support/test.mjs';

behaviour('the backend that the documents give: its page draws a code, and its word comes by an event', async (world, t) => {
  const url = await startBackend(t, { cashier: PACKAGE });
  const page = await world.newPage();
  await hear(page);
  await page.goto(url);
  const cashier = new Cashier(page, world.sandbox, {});
  await cashier.shows('scan');
  assert.match(await cashier.readQr(), /^weixin:\/\/wxpay\/bizpayurl\?pr=/);
  // The page's clock stands still: nothing is asked.
  await page.getByText('Pay it, in place of a phone').click();
  await page.locator('.wc[data-screen="paid"]').waitFor();
  const heard = await page.evaluate(() => window.heard);
  assert.deepEqual(heard.filter(([name]) => name === 'paid' || name === 'error').map(([name, { amount, paid_by }]) => [name, amount, paid_by]), [
    ['paid', { value: 1999, currency: 'CNY' }, 'native'],
  ]);
});
