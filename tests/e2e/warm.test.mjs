// The page before the checkout fetches what the cashier needs, while it has nothing to do.

import assert from 'node:assert/strict';

import { Cashier, behaviour } from './support/test.mjs';
import { PACKAGE, attributes } from './support/shop.mjs';
import { serveStatic } from './support/static.mjs';

const FILES = ['wechat-cashier.js', 'cashier.css', 'words/zh-CN.js', 'glue.js', 'cashier.wasm'];

const page = (body) => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,"></head>
<body>${body}</body></html>`;

/** A shop whose files are kept for ever, with a cart and the checkout of this order. `before`: scripts of the cart's browser. */
async function shop(world, body, before) {
  const { sandbox } = world;
  world.allow(/404/); // the sandbox's pictures are beside the hosted page
  const order = await sandbox.newOrder();
  const server = await serveStatic({
    folder: PACKAGE,
    kept: { 'cache-control': 'public, max-age=31536000, immutable' },
    pages: {
      'cart.html': page('<script type="module" src="warm.js"></script>'),
      'pay.html': page(`<script type="module" src="wechat-cashier.js"></script>
        <wechat-cashier ${attributes(order).replace('"/api"', `"${sandbox.url}/api"`)}></wechat-cashier>`),
    },
  });
  try {
    const tab = await world.newPage({ clock: false });
    await tab.addInitScript(before ?? (() => {}));
    const names = () => server.asked.splice(0).map((path) => path.slice(new URL(server.url).pathname.length));
    await body({ tab, server, order, names, cashier: new Cashier(tab, sandbox, order) });
  } finally {
    server.stop();
  }
}

// What else is asked for then: the page, pictures of the shop's, and telemetry after the code.
behaviour('after a cart that has warmed up, the checkout fetches none of that again, and the order is paid', (world) => shop(world, async ({ tab, server, order, names, cashier }) => {
  const wasm = tab.waitForEvent('requestfinished', (request) => request.url().endsWith('.wasm'));
  await tab.goto(`${server.url}cart.html`);
  await wasm;
  assert.deepEqual(names(), ['cart.html', 'warm.js', ...FILES]);
  // No visit, and nothing of an order: the backend has not heard of the cart.
  assert.deepEqual((await world.sandbox.log(order)).requests, []);
  await tab.goto(`${server.url}pay.html`);
  await cashier.shows('scan');
  await tab.waitForFunction(() => document.querySelector('wechat-cashier').status === 'pending');
  assert.deepEqual(names().filter((name) => FILES.includes(name)), []);
  await world.sandbox.payByText(await cashier.readQr());
  await tab.locator('[data-tap="have-paid"]').click();
  await cashier.shows('paid');
}));

for (const connection of [{ saveData: true, effectiveType: '4g' }, { saveData: false, effectiveType: '2g' }, { effectiveType: 'slow-2g' }]) {
  behaviour(`who saves data, or has a slow network, is spared it: ${JSON.stringify(connection)}`, (world) => shop(world, async ({ tab, server, names }) => {
    await tab.goto(`${server.url}cart.html`);
    await tab.evaluate(() => new Promise((resume) => requestIdleCallback(() => requestIdleCallback(resume))));
    assert.deepEqual(names(), ['cart.html', 'warm.js']);
  }, `Object.defineProperty(navigator, 'connection', { value: ${JSON.stringify(connection)} })`));
}
