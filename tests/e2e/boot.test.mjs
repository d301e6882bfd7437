// The start (src/embed/start.js): whatever goes wrong, the payer reads why and has a button. What is seen where a code was drawn
// before is tested in first.test.mjs; here, where there is none, it is a phone's browser. Playwright's clock takes away how the
// page came (`performance`), and with it the reload: tests of that are without.

import assert from 'node:assert/strict';

import { PHONE } from './support/phone.mjs';
import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

/** Neither WebAssembly nor what takes its place. */
async function withoutBoth({ page }) {
  await page.addInitScript(() => delete window.WebAssembly);
  await page.route('**/fallback-*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: 'not JavaScript' }));
}

const trouble = (page) => page.locator('.boot-trouble').innerText();

behaviour('a browser that runs neither WebAssembly nor the fallback: the payer is told, with a button', async (world) => {
  const order = await world.sandbox.newOrder();
  const { page } = await world.openCashier(order, { ...PHONE, before: withoutBoth });
  await page.waitForSelector('.boot-trouble');
  assert.match(await trouble(page), /当前浏览器无法运行收银台/);
  assert.equal(await page.locator('.boot-reload').innerText(), '重新加载');
  assert.equal(await page.locator('.wc').count(), 0, 'no skeleton goes on shimmering');
});

behaviour('in a browser that is not Chinese it is told in English', async (world) => {
  const order = await world.sandbox.newOrder();
  const { page } = await world.openCashier(order, { ...PHONE, locale: 'de-DE', before: withoutBoth });
  await page.waitForSelector('.boot-trouble');
  assert.match(await trouble(page), /This browser cannot run the cashier/);
});

behaviour('the wasm is gone: one reload by itself, then a message, and the button works once it is back', async (world) => {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  let documents = 0;
  const cashier = await world.openCashier(order, {
    ...PHONE,
    clock: false,
    before: async ({ page }) => {
      page.on('request', (request) => (documents += request.isNavigationRequest() ? 1 : 0));
      await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'gone' }));
    },
  });
  await cashier.page.waitForSelector('.boot-trouble');
  assert.match(await trouble(cashier.page), /收银台加载失败[^]*404/);
  assert.equal(documents, 2);
  await cashier.page.unroute('**/*.wasm');
  await cashier.page.locator('.boot-reload').click();
  await cashier.shows('pay');
});

behaviour('a page that forgets all that it kept when it starts loads itself again once, too', async (world) => {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  let documents = 0;
  const { page } = await world.openCashier(order, {
    clock: false,
    before: async ({ page }) => {
      page.on('request', (request) => (documents += request.isNavigationRequest() ? 1 : 0));
      await page.addInitScript(() => {
        sessionStorage.clear();
        history.replaceState(null, '');
      });
      await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'gone' }));
    },
  });
  await page.waitForSelector('.boot-trouble');
  assert.equal(documents, 2);
});

behaviour('a single-page server that answers every address with a page: a message, not a loop', async (world) => {
  const order = await world.sandbox.newOrder();
  let documents = 0;
  const { page } = await world.openCashier(order, {
    ...PHONE,
    clock: false,
    before: async ({ page }) => {
      page.on('request', (request) => (documents += request.isNavigationRequest() ? 1 : 0));
      await page.route('**/*.wasm', (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<!doctype html>' }));
    },
  });
  await page.waitForSelector('.boot-trouble');
  assert.match(await trouble(page), /收银台加载失败/);
  assert.equal(documents, 2);
});

behaviour('the glue cannot be fetched: the payer is told to check the network', async (world) => {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, {
    ...PHONE,
    before: ({ page }) => page.route('**/glue-*.js', (route) => route.abort('connectionfailed')),
  });
  await cashier.advanceUntil('three tries', () => cashier.has('.boot-trouble'), 4_000);
  assert.match(await trouble(cashier.page), /收银台加载失败，请检查网络/);
});

behaviour('a wasm that is cut off in the middle: the fallback takes its place', async (world) => {
  world.allow(FAILED_REQUESTS, /WebAssembly/);
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, {
    before: ({ page }) => page.route('**/*.wasm', async (route) => {
      const response = await route.fetch();
      const body = (await response.body()).subarray(0, 5_000);
      await route.fulfill({ status: 200, contentType: 'application/wasm', body });
    }),
  });
  await cashier.shows('scan');
});

behaviour('a browser whose streaming compiler is broken starts all the same', async (world) => {
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, {
    before: ({ page }) => page.addInitScript(() => {
      WebAssembly.compileStreaming = () => Promise.reject(new TypeError('broken WebView'));
    }),
  });
  await cashier.shows('scan');
});

behaviour('a browser that keeps nothing (storage forbidden) pays all the same', async (world) => {
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, {
    before: ({ page }) => page.addInitScript(() => {
      const forbidden = () => {
        throw new DOMException('forbidden', 'SecurityError');
      };
      Object.defineProperty(window, 'sessionStorage', { get: forbidden });
      Object.defineProperty(window, 'localStorage', { get: forbidden });
    }),
  });
  await cashier.shows('scan');
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

behaviour('the program stops by a fault of its own: the payer is told where the truth is', async (world) => {
  world.allow(/unwrap_throw/, /of another program/);
  const { cashier, page } = await world.scanning();
  await page.evaluate(() => void Promise.reject(new WebAssembly.RuntimeError('of another program')));
  await cashier.settle();
  assert.equal(await cashier.screen(), 'scan', 'a fault that is not its own changes nothing');
  await page.evaluate(() => {
    const { createElement } = Document.prototype;
    Document.prototype.createElement = function broken() {
      Document.prototype.createElement = createElement;
      throw new Error('a fault of the browser');
    };
  });
  await cashier.tap('我已付款');
  await page.waitForSelector('.boot-trouble');
  assert.match(await trouble(page), /收银台意外停止。付款结果以商户订单为准/);
});

// ── page.js itself ───────────────────────────────────────────────────────────────────────────────────────────────────

const PAGE = '**/page-*.js';

behaviour('a browser that has modules and does not read ours is too old: the payer is told', async (world) => {
  world.allow(/SyntaxError|Invalid or unexpected/);
  const order = await world.sandbox.newOrder();
  const { page } = await world.openCashier(order, {
    before: ({ page }) => page.route(PAGE, (route) => route.fulfill({ contentType: 'text/javascript', body: 'try {} catch ?? {}' })),
  });
  await page.waitForSelector('.boot-trouble');
  assert.match(await trouble(page), /当前浏览器版本过低/);
  assert.equal(await page.locator('.wc').count(), 0, 'no skeleton goes on shimmering');
});

behaviour('a browser that misses what page.js needs at once is too old, too', async (world) => {
  world.allow(/URLSearchParams/);
  const order = await world.sandbox.newOrder();
  const { page } = await world.openCashier(order, {
    before: ({ page }) => page.addInitScript(() => delete window.URLSearchParams),
  });
  await page.waitForSelector('.boot-trouble');
  assert.match(await trouble(page), /当前浏览器版本过低/);
});

behaviour('page.js stumbles once: the page is loaded again, and pays', async (world) => {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  let failures = 0;
  const cashier = await world.openCashier(order, {
    clock: false,
    before: ({ page }) => page.route(PAGE, (route) => (failures++ ? route.fallback() : route.fulfill({ status: 503 }))),
  });
  await cashier.shows('scan');
});

behaviour('page.js is gone: one reload, then a word and a button', async (world) => {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  let documents = 0;
  const cashier = await world.openCashier(order, {
    clock: false,
    before: async ({ page }) => {
      page.on('request', (request) => (documents += request.isNavigationRequest() ? 1 : 0));
      await page.route(PAGE, (route) => route.fulfill({ status: 404 }));
    },
  });
  await cashier.page.waitForSelector('.boot-trouble');
  assert.match(await trouble(cashier.page), /收银台加载失败/);
  assert.equal(documents, 2);
  await cashier.page.unroute(PAGE);
  await cashier.page.locator('.boot-reload').click();
  await cashier.shows('scan');
});

behaviour('without JavaScript the page says that it needs it', async (world) => {
  const page = await world.newPage({ clock: false, javaScript: false });
  await page.goto(`${world.sandbox.url}/cashier/`);
  assert.match(await page.locator('noscript').first().innerText(), /JavaScript/);
});
