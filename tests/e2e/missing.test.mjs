// A file of the cashier's own that comes only at the second time, or never: the order is paid, and the host knows what is missing.

import assert from 'node:assert/strict';

import { Cashier, FAILED_REQUESTS, behaviour } from './support/test.mjs';
import { spy } from './support/counter.mjs';
import { decode } from './support/qr.mjs';
import { attributes, hear, openShop } from './support/shop.mjs';

/** A shop's page on which what is asked for at this address fails so often, by this status. */
async function stumbling(world, path, { times = 1, status = 503, extra = '', content = '', ...options } = {}) {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  let asked = 0;
  const page = await openShop(world, `<wechat-cashier id="it" ${attributes(order)} ${extra}>${content}</wechat-cashier>`, {
    ...options,
    before: async (page) => {
      await hear(page);
      await page.addInitScript(spy, {});
      await page.route(`**/npm/${path}`, (route) => (++asked > times ? route.fallback() : route.fulfill({ status })));
      await options.before?.(page);
    },
  });
  return { page, order, cashier: new Cashier(page, world.sandbox, order), asked: () => asked };
}

const told = (page) => page.evaluate(() => window.heard.filter(([name]) => name === 'error').map(([, { code, fatal }]) => [code, fatal]));

async function pays(world, cashier) {
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 11_000);
}

for (const path of ['glue.js', 'cashier.wasm', 'words/zh-CN.js']) {
  behaviour(`${path} answered 503 twice: the QR all the same, and nothing is told`, async (world) => {
    const { cashier, page, asked } = await stumbling(world, path, { times: 2 });
    await cashier.reaches('scan', 4_000);
    assert.equal(asked(), 3);
    await pays(world, cashier);
    assert.deepEqual(await told(page), []);
  });
}

behaviour('fallback.js and texts of the shop\'s own come at the second time', async (world) => {
  const { cashier } = await stumbling(world, '{fallback,words/replace}.js', {
    times: 2,
    before: (page) => page.addInitScript(() => {
      delete window.WebAssembly;
      customElements.whenDefined('wechat-cashier').then(() => {
        document.querySelector('wechat-cashier').texts = { HavePaid: '付好了' };
      });
    }),
  });
  await cashier.reaches('scan', 4_000);
  assert.match(await cashier.text(), /付好了/);
});

behaviour('counter.js answered 503: it is told once, and the counter speaks and goes idle', async (world) => {
  const { cashier, page } = await stumbling(world, 'counter.js', { times: 4, extra: 'layout="counter" speech idle-after="5"' });
  await cashier.shows('scan');
  await cashier.advance(12_000, { step: 1_000 });
  assert.deepEqual(await told(page), [['counter_unavailable', false]]);
  await pays(world, cashier);
  assert.deepEqual((await page.evaluate(() => window.spied)).said, ['微信支付收款19.99元']);
  await cashier.reaches('idle', 6_000);
});

behaviour('counter.js comes as soon as there is a network', async (world) => {
  const { cashier, page } = await stumbling(world, 'counter.js', { extra: 'layout="counter" channel="till-1"' });
  await cashier.shows('scan');
  assert.equal(await page.evaluate(() => window.spied.locks.length), 0);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.waitForFunction(() => window.spied.locks.length > 0);
});

behaviour('counter.css answered 503: it is told once, and comes', async (world) => {
  const { cashier, page } = await stumbling(world, 'counter.css', { times: 2, extra: 'layout="counter"' });
  await cashier.shows('scan');
  const place = () => page.locator('wechat-cashier .wc').evaluate((card) => getComputedStyle(card).position);
  assert.equal(await place(), 'relative');
  await cashier.advanceUntil('its style', async () => (await place()) === 'fixed', 4_000);
  assert.deepEqual(await told(page), [['style_missing', false]]);
});

for (const theme of ['light', 'dark']) {
  behaviour(`cashier.css is gone: it is told once, and the QR can be read and paid on a ${theme} page`, async (world) => {
    const { cashier, page, asked } = await stumbling(world, 'cashier.css', {
      times: Infinity, status: 404, theme, extra: 'return="none"', head: '<meta name="color-scheme" content="light dark">',
    });
    await cashier.shows('scan');
    assert.equal(await page.locator('.wc-root').evaluate((root) => getComputedStyle(root).opacity), '1');
    await page.locator('[data-qr]').scrollIntoViewIfNeeded();
    await pays(world, cashier);
    await cashier.advance(20_000, { step: 1_000 });
    assert.ok(asked() > 3);
    assert.deepEqual(await told(page), [['style_missing', false]]);
  });
}

// As a bundler's own rule for style sheets leaves it (`next build --webpack`, of a file `.css`).
behaviour('cashier.css comes empty: it is told, and the QR can be read and paid', async (world) => {
  const { cashier, page } = await stumbling(world, 'cashier.css', {
    times: 0, before: (page) => page.route('**/npm/cashier.css', (route) => route.fulfill({ contentType: 'text/css', body: '' })),
  });
  await cashier.shows('scan');
  assert.deepEqual(await told(page), [['style_missing', false]]);
  await pays(world, cashier);
});

behaviour('the hosted page\'s own sheet answered 503: it is told, and comes', async (world) => {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, {
    before: async ({ page }) => {
      await hear(page);
      // `times: 1` would end the interception with other requests held by it.
      let failures = 0;
      await page.route('**/cashier-*.css', (route) => (failures++ ? route.fallback() : route.fulfill({ status: 503 })));
    },
  });
  await cashier.shows('scan');
  assert.deepEqual(await told(cashier.page), [['style_missing', false]]);
  const weight = () => cashier.page.locator('.wc-title').evaluate((title) => getComputedStyle(title).fontWeight);
  await cashier.advanceUntil('its style', async () => (await weight()) === '600', 2_000);
});

behaviour('an element that was taken out asks for nothing any more', async (world) => {
  const { cashier, page, asked } = await stumbling(world, 'c*r.{css,js}', { times: Infinity, extra: 'layout="counter"' });
  await cashier.shows('scan');
  await page.evaluate(() => document.querySelector('wechat-cashier').remove());
  await cashier.settle();
  const before = asked();
  await cashier.advance(70_000, { step: 10_000 });
  assert.equal(asked(), before);
});

behaviour('files pinned by an import map are had under their own address or not at all', async (world) => {
  const { cashier, page } = await stumbling(world, 'glue.js', {
    head: '<script type="importmap">{ "integrity": {} }</script>',
  });
  await cashier.advanceUntil('three tries', async () => (await told(page)).length > 0, 4_000);
  const [[code]] = await told(page);
  assert.equal(code, 'file_missing');
});

// ── Old engines ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** What Chromium 64 does not have, of all that a script of today takes for granted. */
const chromium64 = () => {
  for (const name of ['AbortController', 'AbortSignal', 'globalThis', 'queueMicrotask', 'structuredClone', 'FinalizationRegistry', 'WeakRef', 'ResizeObserver', 'BigInt', 'trustedTypes']) {
    delete window[name];
  }
  delete Intl.PluralRules;
  delete Intl.RelativeTimeFormat;
  delete Object.fromEntries;
  delete Object.hasOwn;
  delete Promise.allSettled;
  delete Promise.any;
  delete Promise.withResolvers;
  for (const [{ prototype }, names] of [
    [Array, ['flat', 'flatMap', 'at', 'findLast', 'toSorted', 'toReversed', 'with']],
    [String, ['matchAll', 'replaceAll', 'trimStart', 'trimEnd', 'at']],
    [Promise, ['finally']],
    [Element, ['replaceChildren', 'checkVisibility', 'toggleAttribute', 'getHTML', 'setHTMLUnsafe']],
    [DocumentFragment, ['replaceChildren']],
    [Document, ['replaceChildren']],
    [Blob, ['text', 'arrayBuffer']],
  ]) {
    names.forEach((name) => delete prototype[name]);
  }
};

behaviour('an engine of Chromium 64\'s age, by what it does not have: an order is paid', async (world) => {
  const { cashier, page } = await stumbling(world, 'none', { clock: false, before: (page) => page.addInitScript(chromium64) });
  await cashier.shows('scan');
  // Nothing is evaluated in the page: Playwright could not without what was taken out.
  await world.sandbox.payByText(decode(await page.screenshot()));
  await cashier.shows('paid');
});
