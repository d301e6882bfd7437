// The page as the merchant's own program serves it: with the answer and the code in it, under the strict policy.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { World, closeBrowser } from './support/cashier.mjs';
import { Merchant } from './support/merchant.mjs';
import { readQrFromScreenshot } from './support/qr.mjs';

let merchant;

before(async () => {
  merchant = await Merchant.start();
});
after(() => Promise.all([closeBrowser(), merchant.end()]));

/** A test in a browser whose clock runs. */
const behaviour = (name, body) => test(name, { timeout: 60_000 }, async () => {
  const world = new World(undefined);
  try {
    await body(world);
    assert.deepEqual(world.complaints(), [], 'the browser complained');
  } finally {
    await world.close();
  }
});

behaviour('before any script the code can be scanned, and paying it pays', async (world) => {
  const page = await world.newPage({ clock: false, javaScript: false });
  const address = await merchant.order('S20261130001');
  await page.goto(address);
  const code = await readQrFromScreenshot(page);
  assert.match(code, /^weixin:\/\/wxpay\//);
  const text = await page.locator('.wc').innerText();
  for (const part of ['清叶茶舍', '¥19.99', '乌龙茶 250 g', 'S20261130001']) {
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  // What would need a script to be true or to answer is not there, and that is said where it is seen.
  assert.equal(await page.locator('.wc-time:visible, .wc-actions:visible').count(), 0);
  const said = page.locator('noscript p').first();
  assert.match(await said.innerText(), /收银台需要 JavaScript/);
  const { y, height } = await said.boundingBox();
  assert.ok(y + height <= page.viewportSize().height, `${y} ${height}`);
  await merchant.pay(code);
  const other = await world.newPage({ clock: false });
  await other.goto(address);
  await other.waitForSelector('.wc[data-screen="paid"]');
});

behaviour('the code stays from the HTML to the program, with no request for it, and paid is shown', async (world) => {
  const page = await world.newPage({ clock: false });
  const address = await merchant.order('S20261130002');
  const asked = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/api/')) {
      asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
    }
  });
  await page.addInitScript(() => {
    self.codes = [];
    new MutationObserver(() => {
      const codes = [...document.querySelectorAll('[data-qr]')].map((code) => code.getAttribute('data-qr'));
      if (String(self.codes.at(-1)) !== String(codes)) {
        self.codes.push(codes);
      }
    }).observe(document, { subtree: true, childList: true });
  });
  await page.goto(address);
  await page.waitForSelector('.wc[lang="zh-CN"]:not([data-first])[data-screen="scan"]');
  assert.deepEqual(asked.filter((one) => !one.endsWith('/events')), []);
  const [code] = await page.locator('[data-qr]').evaluateAll((codes) => codes.map((one) => one.getAttribute('data-qr')));
  // Nothing, while the HTML comes, and from then on the one code.
  assert.deepEqual((await page.evaluate(() => self.codes)).filter((codes) => codes.length > 0), [[code]]);
  assert.equal(await readQrFromScreenshot(page), code);
  await merchant.pay(code);
  await page.waitForSelector('.wc[data-screen="paid"]');
  // Opened again, it says paid, and no code is drawn on the way.
  await page.reload();
  await page.waitForSelector('.wc[data-screen="paid"]');
  assert.deepEqual((await page.evaluate(() => self.codes)).flat(), []);
});
