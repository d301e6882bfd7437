// Strict content security policies and Trusted Types: an order is paid, and nothing is reported. Where WebAssembly is forbidden
// or missing the fallback pays it; where nothing can be had the shop's own words stand there (field problem 60).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after } from 'node:test';

import { shopFolder } from './support/embedded.mjs';
import { PHONE, rewritten } from './support/phone.mjs';
import { OWN_SCRIPT } from './support/policy.mjs';
import { Cashier, FAILED_REQUESTS, behaviour } from './support/test.mjs';
import { attributes, firstAnswer, hear, openShop } from './support/shop.mjs';

/** The lines of docs/embedding.md. */
const policy = (script) => [
  "default-src 'none'", `script-src ${script} ${OWN_SCRIPT}`, "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
].join('; ');
const STRICT = policy("'self' 'wasm-unsafe-eval'");
const NO_WASM = policy("'self'");
/** No policy may be made either: nothing is ever handed to a sink that asks for one. */
const TRUSTED_TYPES = "require-trusted-types-for 'script'; trusted-types 'none'";

const shop = await shopFolder();
after(shop.remove);
const PLACES = { 'the hosted page': {}, 'an element in a shop\'s page': { dist: shop.folder } };

const POLICIES = {
  'a strict policy': STRICT,
  'a strict policy with Trusted Types': `${STRICT}; ${TRUSTED_TYPES}`,
  'Trusted Types alone': TRUSTED_TYPES,
};

/** From its first document on, what the browser reports goes to `window.violations`. */
const watch = (page) => page.addInitScript(() => {
  window.violations = [];
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber, sample }) => {
    window.violations.push([effectiveDirective, blockedURI, `${sourceFile}:${lineNumber}`, sample].join(' '));
  }, true);
});

const violations = (page) => page.evaluate(() => window.violations);

/** The cashier of a new order under this policy. */
async function under(world, policy, { before, ...options } = {}) {
  const order = await world.sandbox.newOrder();
  return world.openCashier(order, {
    ...options,
    before: async (cashier) => {
      await watch(cashier.page);
      await rewritten((html) => html, policy && { 'content-security-policy': policy })(cashier);
      await before?.(cashier);
    },
  });
}

/** Through all that draws something else: a question that finds nothing, a lost network, a new code, the payment. */
async function pay(cashier) {
  const { page, sandbox } = cashier;
  await cashier.shows('scan');
  await cashier.tap('我已付款');
  await cashier.shows('confirming');
  await cashier.reaches('scan', 12_000);
  assert.match(await cashier.notice(), /还没有收到/);
  await cashier.tap('换一个二维码');
  await cashier.shows('scan');
  await cashier.settle();
  await page.locator('details.wc-ways summary').click();
  await sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 11_000);
  assert.equal(await cashier.paidEvents(), 1);
}

behaviour('the documentation has the hash of the hosted page\'s own script', async () => {
  assert.ok(readFileSync(new URL('../../docs/embedding.md', import.meta.url), 'utf8').includes(OWN_SCRIPT), OWN_SCRIPT);
});

for (const [place, sandbox] of Object.entries(PLACES)) {
  for (const [name, policy] of Object.entries(POLICIES)) {
    behaviour(`${name}: an order is paid with nothing reported, ${place} (field problem 60)`, async (world) => {
      const cashier = await under(world, policy);
      await pay(cashier);
      assert.deepEqual(await violations(cashier.page), []);
      const styled = await cashier.page.locator('.wc-title').evaluate((title) => getComputedStyle(title).fontWeight);
      assert.equal(styled, '600', 'the style sheet is in force');
    }, sandbox);
  }

  behaviour(`a policy without 'wasm-unsafe-eval': the fallback pays the order, ${place}`, async (world) => {
    world.allow(/WebAssembly.*Content Security Policy|violates the following Content Security/);
    const files = [];
    const cashier = await under(world, `${NO_WASM}; ${TRUSTED_TYPES}`, {
      before: ({ page }) => page.on('request', (request) => files.push(request.url())),
    });
    await pay(cashier);
    assert.ok(files.some((url) => /fallback.*\.js$/.test(url)));
    // The one that was asked whether it would do.
    assert.deepEqual((await violations(cashier.page)).map((what) => what.split(' ', 2).join(' ')), ['script-src wasm-eval']);
  }, sandbox);

  behaviour(`WebAssembly is deleted: the fallback pays the order, also under a strict policy, ${place}`, async (world) => {
    const cashier = await under(world, `${NO_WASM}; ${TRUSTED_TYPES}`, {
      before: ({ page }) => page.addInitScript(() => delete window.WebAssembly),
    });
    await pay(cashier);
    assert.deepEqual(await violations(cashier.page), []);
  }, sandbox);
}

behaviour('the first answer inside the element, as JSON: a strict policy lets it through', async (world) => {
  const order = await world.sandbox.newOrder();
  const first = await firstAnswer(world.sandbox, order);
  const page = await openShop(world, `<wechat-cashier ${attributes(order)}><script type="application/json">${first}</script></wechat-cashier>`, {
    headers: { 'content-security-policy': `${STRICT}; ${TRUSTED_TYPES}` },
    before: watch,
  });
  const cashier = new Cashier(page, world.sandbox, order);
  await cashier.shows('scan');
  assert.deepEqual(await violations(page), []);
});

// ── Nothing can be had, nor was a code drawn before (first.test.mjs has that) ───────────────────────────────────────────────────────────────────────────────────────────────

const OWN_WORDS = '<p id="own">请到收银台付款，或致电 400-000-0000。</p>';
const element = (order, content) => `<wechat-cashier id="it" ${attributes(order)}>${content}</wechat-cashier>`;

/** The page with files gone: how often it was loaded, and a way to bring them back. */
async function gone(world, pattern, { content = OWN_WORDS, answer = { status: 404, body: 'gone' }, ...options } = {}) {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  const loads = [];
  const page = await openShop(world, element(order, content), {
    ...PHONE,
    ...options,
    before: async (page) => {
      await hear(page);
      await options.before?.(page);
      page.on('request', (request) => request.isNavigationRequest() && loads.push(request.url()));
      await page.route(pattern, (route) => route.fulfill(answer));
    },
  });
  return { page, order, loads, cashier: new Cashier(page, world.sandbox, order) };
}

const errors = (page) => page.evaluate(() => window.heard.filter(([name]) => name === 'error').map(([, { code, fatal }]) => [code, fatal]));

const PROGRAM = /\/npm\/(glue\.js|cashier\.wasm|fallback\.js)$/;
const ALL_BUT_THE_LOADER = /\/npm\/(?!wechat-cashier\.js)[^?]+$/;

behaviour('glue, wasm and fallback answered 404: the shop\'s own words and a button, with no reload', async (world) => {
  const { page, loads, cashier } = await gone(world, PROGRAM);
  await page.locator('.boot-reload').waitFor();
  assert.equal(await page.locator('#own').isVisible(), true);
  assert.equal(await page.locator('.wc').count(), 0, 'no skeleton goes on shimmering');
  assert.equal(loads.length, 1);
  assert.deepEqual(await errors(page), [['file_missing', true]]);
  assert.equal(await page.evaluate(() => document.querySelector('#it').status), 'error');
  await page.unroute(PROGRAM);
  await page.locator('.boot-reload').click();
  await cashier.shows('pay');
  assert.equal(await page.locator('#own').isVisible(), false);
});

behaviour('everything but the loader answered 404, what says so included: the shop\'s own words, with no reload', async (world) => {
  const { page, loads } = await gone(world, ALL_BUT_THE_LOADER);
  await page.locator('wechat-cashier slot').waitFor({ state: 'attached' });
  assert.equal(await page.locator('#own').isVisible(), true);
  assert.equal(await page.locator('.wc').count(), 0, 'no skeleton goes on shimmering');
  assert.equal(loads.length, 1);
  assert.deepEqual((await errors(page)).sort(), [['file_missing', true], ['style_missing', false]]);
});

behaviour('the files cannot be reached: the shop\'s own words and a button, with no reload', async (world) => {
  const { page, loads, cashier } = await gone(world, /\.wasm$/, { answer: { status: 503 } });
  await cashier.advanceUntil('three tries', () => cashier.has('.boot-reload'), 4_000);
  assert.equal(await page.locator('#own').isVisible(), true);
  assert.equal(loads.length, 1);
  assert.deepEqual(await errors(page), [['file_unreachable', true]]);
});

behaviour('a shop that wrote nothing into the element: our words and a button', async (world) => {
  const { page } = await gone(world, PROGRAM, { content: '' });
  await page.locator('.boot-reload').waitFor();
  assert.match(await page.locator('.boot-trouble').innerText(), /收银台加载失败/);
});

behaviour('neither WebAssembly nor the fallback: the shop\'s own words, and the reason for the shop', async (world) => {
  const { page, loads } = await gone(world, /\/npm\/fallback\.js$/, {
    answer: { contentType: 'text/javascript', body: 'not JavaScript' },
    before: (page) => page.addInitScript(() => delete window.WebAssembly),
  });
  await page.locator('.boot-reload').waitFor();
  assert.equal(await page.locator('#own').isVisible(), true);
  assert.deepEqual(await errors(page), [['no_webassembly', true]]);
  assert.equal(loads.length, 1);
});

behaviour('the button loads the page again, unless the shop keeps it: a form beside it is not lost', async (world) => {
  const { page, loads } = await gone(world, PROGRAM, { content: '<input id="form">' + OWN_WORDS });
  await page.locator('.boot-reload').waitFor();
  await page.fill('#form', '12 bottles');
  await page.evaluate(() => (window.stay = true));
  await page.locator('.boot-reload').click();
  const { reason, order } = await page.evaluate(() => window.heard.find(([name]) => name === 'navigate')[1]);
  assert.deepEqual([reason, typeof order], ['reload', 'string']);
  assert.equal(await page.inputValue('#form'), '12 bottles');
  assert.equal(loads.length, 1);
});

behaviour('two elements whose files are gone: no reload', async (world) => {
  world.allow(FAILED_REQUESTS);
  const orders = await Promise.all([world.sandbox.newOrder(), world.sandbox.newOrder()]);
  let loads = 0;
  const page = await openShop(world, orders.map((order) => element(order, OWN_WORDS)).join(''), {
    before: async (page) => {
      page.on('request', (request) => (loads += request.isNavigationRequest() ? 1 : 0));
      await page.route(PROGRAM, (route) => route.fulfill({ status: 404 }));
    },
  });
  await page.locator('.boot-reload').nth(1).waitFor();
  assert.equal(loads, 1);
});
