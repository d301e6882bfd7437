// The built page works from any static server, with the backend elsewhere.

import assert from 'node:assert/strict';

import { FAILED_REQUESTS, behaviour } from './support/test.mjs';
import { OWN_SCRIPT } from './support/policy.mjs';
import { finishAnimations } from './support/qr.mjs';
import { serveStatic } from './support/static.mjs';

/** The page in a sub-folder of a server that does not know wasm; the backend's prefix is in a `<meta>`. */
function elsewhere(name, { headers, wish } = {}, body) {
  behaviour(name, async (world) => {
    const { sandbox } = world;
    const server = await serveStatic({ head: `<meta name="cashier-api" content="${sandbox.url}/api">`, headers: headers?.(sandbox) });
    try {
      const order = await sandbox.newOrder(wish);
      // The sandbox's picture of the merchant has an address relative to the page, where this server has none.
      world.allow(/404/);
      const cashier = await world.openCashier(order, { path: `${server.url}?order=${order.order_id}&token=${order.token}` });
      await body(world, cashier, order);
    } finally {
      server.stop();
    }
  });
}

elsewhere('from a sub-folder of any static server, with the backend of another origin, an order is paid', {}, async ({ sandbox }, cashier) => {
  await cashier.shows('scan');
  await sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

elsewhere('"Retry-After" is obeyed across origins', {}, async (world, cashier, order) => {
  world.allow(FAILED_REQUESTS);
  await cashier.shows('scan');
  await world.sandbox.setFaults(order, { kind: 'rate_limited', retry_after_s: 25, on: 'order', times: 1 });
  await cashier.advanceUntil('the refusal', async () => (await world.sandbox.order(order)).faults.length === 0, 8_000);
  await world.sandbox.forgetLog(order);
  await cashier.advance(24_500, { step: 1_000 });
  assert.deepEqual(await cashier.statusRequests(), []);
});

const policy = (script) => ({ url }) => ({
  'content-security-policy':
    `default-src 'none'; script-src 'self' ${OWN_SCRIPT} ${script}; style-src 'self'; img-src 'self'; connect-src 'self' ${url}; base-uri 'none'; form-action 'none'`,
});

elsewhere('it pays under a strict content security policy', { headers: policy('\'wasm-unsafe-eval\'') }, async (world, cashier) => {
  const { sandbox } = world;
  await cashier.shows('scan');
  assert.deepEqual(world.complaints(), []);
  await cashier.advance(30_000, { step: 1_000 });
  await finishAnimations(cashier.page);
  const share = await cashier.page.locator('.wc-rest').evaluate((rest) => new DOMMatrix(getComputedStyle(rest).transform).a);
  assert.ok(share < 0.99, `the bar of the time left has moved: ${share}`);
  await sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

elsewhere('under a policy that forbids wasm it pays by the fallback', { headers: policy('') }, async (world, cashier) => {
  world.allow(/WebAssembly|wasm/); // the page asks whether it may, which the browser reports
  await cashier.shows('scan');
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});
