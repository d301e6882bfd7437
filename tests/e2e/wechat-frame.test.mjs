// In a frame inside WeChat there is no bridge: the cashier leads out of the frame before it pays (field problems 2 and 3).

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { behaviour } from './support/test.mjs';
import { InWechat, browserIn, logIn } from './support/wechat.mjs';

/** A merchant's page on another origin, with this address in a frame. */
async function frameOn(address, attributes = '') {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<!doctype html><title>Shop</title><link rel="icon" href="data:,"><iframe id="frame" ${attributes} style="width:100%;height:800px;border:0" src="${address.replaceAll('&', '&amp;')}"></iframe>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop: () => (server.closeAllConnections(), server.close()),
  };
}

/** Runs `body` with a cashier in such a frame inside WeChat: the page, the frame's content, and the cashier for the top. */
async function inFrame(world, { agent = 'android', attributes, known = true }, body) {
  const { sandbox } = world;
  const order = await sandbox.newOrder();
  if (known) {
    await logIn(sandbox, order);
  }
  const page = await world.newPage(browserIn(agent));
  const shop = await frameOn(sandbox.url + order.wechat_url, attributes);
  try {
    await page.goto(shop.url);
    await body({ page, order, sandbox, shop, inner: page.frameLocator('#frame'), cashier: new InWechat(page, sandbox, order) });
  } finally {
    shop.stop();
  }
}

for (const [agent, system] of [['ios', 'iOS'], ['harmony', 'HarmonyOS']]) {
  behaviour(`field problems 2 and 3, ${system}: in a frame the cashier shows, the tap leads out of it, and the sheet opens there`, async (world) => {
    await inFrame(world, { agent }, async ({ page, order, sandbox, inner, cashier }) => {
      const button = inner.locator('[data-tap="pay"]');
      await button.waitFor();
      assert.equal(await inner.locator('html').evaluate(() => window.WeixinJSBridge === undefined), true, 'WeChat gives none to frames');
      await button.click();
      await page.waitForURL((url) => url.pathname.startsWith('/wechat/cashier/'));
      assert.equal(page.url(), sandbox.url + order.wechat_url);
      await cashier.ready();
      await cashier.paysInWechat();
      assert.equal(await cashier.tradesPaid(), 1);
    });
  });
}

behaviour('field problem 2, Android: a payer whom the merchant does not know logs in at the top, not in the frame', async (world) => {
  await inFrame(world, { known: false }, async ({ page, order, sandbox, inner, cashier }) => {
    const framed = [];
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() !== page.mainFrame()) {
        framed.push(request.url());
      }
    });
    await inner.locator('[data-tap="pay"]').click();
    await page.waitForURL((url) => url.pathname.startsWith('/wechat/cashier/'));
    await cashier.ready();
    assert.equal(page.url(), sandbox.url + order.wechat_url);
    assert.deepEqual(framed.filter((url) => /open\.weixin/.test(url)), [], 'WeChat\'s login does not go into frames');
    await cashier.paysInWechat();
  });
});

behaviour('field problem 2: a frame that may not lead out (sandbox) still has the QR, and hears that it is paid', async (world) => {
  world.allow(/Unsafe attempt to initiate navigation|not allowed to navigate|sandboxed/i);
  await inFrame(world, { attributes: 'sandbox="allow-scripts allow-same-origin"' }, async ({ page, sandbox, inner, cashier }) => {
    await inner.locator('[data-tap="pay"]').click();
    await inner.locator('.wc-ways summary').click();
    await inner.locator('.wc-way', { hasText: '扫码支付' }).click();
    await inner.locator('.wc:not([data-first])[data-screen="scan"]').waitFor();
    await sandbox.payByText(await inner.locator('[data-qr]').getAttribute('data-qr'));
    await cashier.advanceUntil('paid', async () => (await inner.locator('.wc[data-screen="paid"]').count()) === 1, 8_000, { settle: false });
    assert.equal(new URL(page.url()).pathname, '/');
  });
});
