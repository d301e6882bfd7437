// Who comes again has all files already: names with a hash of their content, which the browser keeps without asking.

import assert from 'node:assert/strict';

import { behaviour } from './support/test.mjs';

/** What came over the network for this page, by the browser's own account: without its query, and without the merchant's picture. */
const fetched = (page) => page.evaluate(() => {
  const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  return entries.filter(({ transferSize, initiatorType }) => transferSize > 0 && initiatorType !== 'img').map(({ name }) => new URL(name).pathname).sort();
});

behaviour('a second visit asks for the page and for the order, and for nothing else', async (world) => {
  // The clock that tests hold has no account of what came.
  const { page, cashier, sandbox } = await world.scanning({ clock: false });
  const first = await fetched(page);
  assert.ok(first.some((name) => name.endsWith('.wasm')), String(first));
  const { order_id: order, cashier_url: address } = await sandbox.newOrder();
  await page.goto(sandbox.url + address);
  await cashier.shows('scan');
  const api = `/api/orders/${order}`;
  assert.deepEqual(await fetched(page), [api, `${api}/payments`, '/cashier/'].sort());
});
