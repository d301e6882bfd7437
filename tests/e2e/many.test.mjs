// Several elements in one page, and one element that its page changes, moves and takes away.

import assert from 'node:assert/strict';

import { Cashier, FAILED_REQUESTS, behaviour } from './support/test.mjs';
import { attributes, hear, openShop } from './support/shop.mjs';

const tag = (order, id, more = '') => `<wechat-cashier id="${id}" ${attributes(order)} ${more}></wechat-cashier>`;

/** A page with so many elements, `a`, `b`, …, each with an order of its own, and all of them showing a code. */
async function shop(world, count, { more, ...options } = {}) {
  const ids = ['a', 'b', 'c'].slice(0, count);
  const orders = await Promise.all(ids.map(() => world.sandbox.newOrder(options.wish)));
  const body = orders.map((order, index) => tag(order, ids[index], more)).join('\n');
  const page = await openShop(world, `<main>${body}</main><aside></aside>`, { before: hear, ...options });
  for (const id of ids) {
    await shows(page, id, 'scan');
  }
  return { page, orders, clock: new Cashier(page, world.sandbox, orders[0]) };
}

const shows = (page, id, screen) => page.waitForSelector(`#${id} .wc[lang]:not([data-first])[data-screen="${screen}"]`, { state: 'attached' });
const screen = (page, id) => page.locator(`#${id} .wc`).getAttribute('data-screen');
const codeOf = (page, id) => page.locator(`#${id} [data-qr]`).getAttribute('data-qr');
const status = (page, id) => page.evaluate((id) => document.getElementById(id).status, id);
/** What `id` has fired of this name: the details. */
const fired = (page, id, name) => page.evaluate(([id, name]) => {
  return window.heard.filter(([fired, , target]) => fired === name && target === id).map(([, detail]) => detail);
}, [id, name]);
const paidOrders = async (page, id) => (await fired(page, id, 'paid')).map(({ order }) => order);
const reaches = (clock, id, name) => clock.advanceUntil(`${id} to show ${name}`, async () => (await screen(clock.page, id)) === name, 12_000);
const set = (page, id, values) => page.evaluate(([id, values]) => Object.assign(document.getElementById(id), values), [id, values]);

/** A promise, and what keeps it. */
function promise() {
  let keep;
  return [new Promise((resume) => (keep = resume)), keep];
}

/** Requests about this order so far. */
const asked = async ({ sandbox }, order) => (await sandbox.log(order)).requests.length;

behaviour('two cashiers for two orders: paying one leaves the other unpaid, then that is paid too', async (world) => {
  const { page, orders: [first, second], clock } = await shop(world, 2);
  assert.notEqual(await codeOf(page, 'a'), await codeOf(page, 'b'));
  await world.sandbox.payByText(await codeOf(page, 'b'));
  await reaches(clock, 'b', 'paid');
  await clock.advance(3_000);
  assert.deepEqual([await screen(page, 'a'), await status(page, 'a'), await status(page, 'b')], ['scan', 'pending', 'paid']);
  assert.deepEqual([await paidOrders(page, 'a'), await paidOrders(page, 'b')], [[], [second.order_id]]);
  assert.equal((await world.sandbox.order(first)).status, 'pending');

  await set(page, 'b', { return: 'none' });
  await world.sandbox.payByText(await codeOf(page, 'a'));
  await reaches(clock, 'a', 'paid');
  assert.deepEqual(await paidOrders(page, 'a'), [first.order_id]);
});

behaviour('one of two is taken away: it asks for nothing any more, and the other goes on', async (world) => {
  const { page, orders: [gone, kept], clock } = await shop(world, 2, { wish: { events: true } });
  await page.evaluate(() => document.getElementById('a').remove());
  await clock.settle();
  const before = [await asked(world, gone), await asked(world, kept)];
  await clock.advance(60_000, { step: 1_000 });
  const after = [await asked(world, gone), await asked(world, kept)];
  assert.equal(after[0], before[0]);
  assert.ok(after[1] > before[1]);
  await world.sandbox.payByText(await codeOf(page, 'b'));
  await reaches(clock, 'b', 'paid');
});

behaviour('taken away while everything is on its way: nothing comes of it, and put back in it starts afresh', async (world) => {
  const order = await world.sandbox.newOrder();
  const [wasmAsked, wasmIsAsked] = promise();
  const [taken, isTaken] = promise();
  const page = await openShop(world, `<main>${tag(order, 'a')}</main>`, {
    waitUntil: 'commit',
    before: (page) => page.route('**/*.wasm', async (route) => {
      wasmIsAsked();
      await taken;
      await route.fallback();
    }),
  });
  const clock = new Cashier(page, world.sandbox, order);
  await wasmAsked;
  const came = page.waitForResponse('**/*.wasm');
  await page.evaluate(() => (window.taken = document.getElementById('a')).remove());
  isTaken();
  await came;
  const requests = await asked(world, order);
  // The first answer is read by nobody, so there is nothing to wait for.
  await clock.advance(20_000, { step: 1_000, settle: false });
  assert.equal(await asked(world, order), requests);
  assert.deepEqual(await page.evaluate(() => [window.taken.status, window.taken.shadowRoot.querySelectorAll('.wc').length]), ['idle', 0]);
  await page.evaluate(() => document.querySelector('main').append(window.taken));
  await shows(page, 'a', 'scan');
});

behaviour('another order in the same element: it starts afresh, and the one before is left alone', async (world) => {
  const { page, orders: [before], clock } = await shop(world, 1);
  const after = await world.sandbox.newOrder();
  const old = await codeOf(page, 'a');
  await set(page, 'a', { order: after.order_id, token: after.token });
  await page.waitForSelector(`#a [data-qr]:not([data-qr="${old}"])`);
  const requests = await asked(world, before);
  await clock.advance(30_000, { step: 1_000 });
  assert.equal(await asked(world, before), requests);
  const first = (await world.sandbox.log(after)).requests.filter(({ start_ms: start }, index) => index < 2).map(({ call }) => call);
  assert.deepEqual(first, ['order', 'payment'], 'both attributes are one change');

  await world.sandbox.payByText(old);
  await clock.advance(5_000);
  assert.equal(await screen(page, 'a'), 'scan', 'the order before is none of its business');
  await world.sandbox.payByText(await codeOf(page, 'a'));
  await reaches(clock, 'a', 'paid');
  assert.deepEqual(await paidOrders(page, 'a'), [after.order_id]);
});

behaviour('the order is taken out of the element: the shop\'s own content is there again, and nothing is asked', async (world) => {
  const order = await world.sandbox.newOrder();
  const page = await openShop(world, `<wechat-cashier id="a" ${attributes(order)}><p id="own">Choose a tea</p></wechat-cashier>`, { before: hear });
  const clock = new Cashier(page, world.sandbox, order);
  await shows(page, 'a', 'scan');
  assert.equal(await page.locator('#own').isVisible(), false);
  await set(page, 'a', { order: null });
  await page.locator('#own').waitFor();
  assert.equal(await status(page, 'a'), 'idle');
  const requests = await asked(world, order);
  await clock.advance(30_000, { step: 1_000 });
  assert.equal(await asked(world, order), requests);
});

behaviour('moved in the document it stays as it is: the same code, no question, and it is paid', async (world) => {
  const { page, orders: [order], clock } = await shop(world, 1);
  const code = await codeOf(page, 'a');
  const requests = await asked(world, order);
  const isSame = await page.evaluate(async () => {
    const element = document.getElementById('a');
    const drawn = element.shadowRoot.querySelector('.wc');
    document.querySelector('aside').append(element);
    await window.observed.turn();
    document.querySelector('main').prepend(element);
    await window.observed.turn();
    return drawn === element.shadowRoot.querySelector('.wc');
  });
  await clock.settle();
  assert.ok(isSame);
  assert.equal(await codeOf(page, 'a'), code);
  assert.equal(await asked(world, order), requests);
  assert.equal((await fired(page, 'a', 'ready')).length, 1);
  await world.sandbox.payByText(code);
  await reaches(clock, 'a', 'paid');
});

behaviour('set to what it was, or to another look, it goes on as it is', async (world) => {
  const { page, orders: [order], clock } = await shop(world, 1);
  const requests = await asked(world, order);
  const ground = () => page.locator('#a .wc').evaluate((card) => getComputedStyle(card).backgroundColor);
  const light = await ground();
  await set(page, 'a', { order: order.order_id, api: '/api', theme: 'dark' });
  await clock.settle();
  assert.notEqual(await ground(), light);
  await set(page, 'a', { theme: 'light', layout: 'page' });
  await clock.settle();
  assert.equal(await ground(), light);
  assert.equal(await asked(world, order), requests);
  assert.equal((await fired(page, 'a', 'ready')).length, 1);
});

behaviour('another language, other words: at once, with the same order', async (world) => {
  const { page, orders: [order], clock } = await shop(world, 1);
  const title = () => page.locator('#a .wc-title').innerText();
  assert.match(await title(), /微信/);
  await set(page, 'a', { lang: 'en' });
  await page.waitForSelector('#a .wc[lang="en"][data-screen="scan"]');
  assert.match(await title(), /WeChat/);
  await set(page, 'a', { texts: { HavePaid: 'Done!' } });
  await page.getByRole('button', { name: 'Done!' }).waitFor();
  await set(page, 'a', { texts: undefined, lang: 'zh-HK' });
  await page.waitForSelector('#a .wc[lang="zh-HK"][data-screen="scan"]');
  await clock.settle();
  assert.equal(await codeOf(page, 'a'), (await world.sandbox.order(order)).payments.at(-1).action.content);
});

behaviour('only these ways, in this order; and others as soon as they are asked for', async (world) => {
  const { page } = await shop(world, 1, { more: 'methods="native unionpay alipay"' });
  const three = await page.locator('#a .wc-way').allTextContents();
  assert.equal(three.length, 3);
  await set(page, 'a', { methods: 'native alipay unionpay' });
  await page.locator('#a .wc-way').nth(1).filter({ hasText: three[2] }).waitFor({ state: 'attached' });
  assert.deepEqual(await page.locator('#a .wc-way').allTextContents(), [three[0], three[2], three[1]]);
  await set(page, 'a', { methods: 'native' });
  await page.waitForSelector('#a .wc:not(:has(.wc-ways)) [data-qr]');
});

behaviour('files that cannot be had are told of too late: the next order is on the screen, and stays there', async (world) => {
  world.allow(FAILED_REQUESTS);
  const [first, second] = [await world.sandbox.newOrder(), await world.sandbox.newOrder()];
  const [asked, isAsked] = promise();
  const [held, release] = promise();
  const wasm = /\.wasm$/;
  const page = await openShop(world, tag(first, 'a'), {
    waitUntil: 'commit',
    before: async (page) => {
      await page.route(wasm, (route) => route.fulfill({ status: 404 }));
      await page.route('**/trouble.js', async (route) => (isAsked(), await held, route.fallback()));
    },
  });
  await asked;
  await page.unroute(wasm);
  await set(page, 'a', { order: second.order_id, token: second.token });
  await shows(page, 'a', 'scan');
  const came = page.waitForResponse('**/trouble.js');
  release();
  await came;
  // By a question and its answer the script has run, if it is going to.
  await page.evaluate((url) => fetch(url), '/shop/');
  assert.equal(await page.locator('#a .boot-trouble').count(), 0);
  assert.equal(await screen(page, 'a'), 'scan');
});
