// What the page around the element gives it, asks of it, and hears from it.

import assert from 'node:assert/strict';

import { Cashier, FAILED_REQUESTS, behaviour, fault } from './support/test.mjs';
import { PACKAGE, attributes, firstAnswer, hear, openShop } from './support/shop.mjs';

const tag = (order, content = '', more = '') => `<wechat-cashier id="it" ${attributes(order)} ${more}>${content}</wechat-cashier>`;
const inline = (answer) => `<script type="application/json">${answer.replaceAll('<', '\\u003c')}</script>`;

/** The element for a new order in a shop's page; `write` makes the page's body. */
async function element(world, write = (order) => tag(order), { wish, faults = [], head, ...options } = {}) {
  const order = await world.sandbox.newOrder(wish);
  await world.sandbox.setFaults(order, ...faults);
  const asked = [];
  const page = await openShop(world, await write(order), {
    ...options, head: await head?.(order),
    before: async (page) => {
      await hear(page);
      page.on('request', (request) => /\/api\/orders\//.test(request.url()) && asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
      await options.before?.(page);
    },
  });
  return { order, page, asked, cashier: new Cashier(page, world.sandbox, order) };
}

/** For `before`: no question is answered until then, so that what is shown by then needed none. */
function held() {
  let release;
  const released = new Promise((resume) => (release = resume));
  return [(page) => page.route('**/api/orders/**', async (route) => (await released, route.fallback())), release];
}

const call = (page, name) => page.evaluate((name) => document.getElementById('it')[name](), name);
const status = (page) => page.evaluate(() => document.getElementById('it').status);
const fired = (page, name) => page.evaluate((name) => window.heard.filter(([fired]) => fired === name).map(([, detail]) => detail), name);

// ── What is given with the page ──────────────────────────────────────────────────────────────────────────────────────

behaviour('the first answer stands in the page as JSON: the code is there before anything is asked, and is paid', async (world) => {
  const [before, release] = held();
  const { cashier, page } = await element(world, async (order) => {
    return tag(order, inline(await firstAnswer(world.sandbox, order, { payment: true })));
  }, { before, clock: false }); // a held clock knows of no visit
  await cashier.shows('scan');
  release();
  assert.deepEqual((await fired(page, 'status')).map(({ screen }) => screen), ['loading', 'scan']);
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.shows('paid');
  assert.equal((await fired(page, 'paid')).length, 1);
});

behaviour('the first answer is given as a property, before or after the element is there: the same', async (world) => {
  const [before, release] = held();
  const { cashier, page, order } = await element(world, () => '<main></main>', { before, clock: false });
  const first = JSON.parse(await firstAnswer(world.sandbox, order, { payment: true }));
  await page.evaluate(([order, first]) => {
    const element = Object.assign(document.createElement('wechat-cashier'), { id: 'it', api: '/api', token: order.token, first });
    document.querySelector('main').append(element);
    element.order = order.order_id;
  }, [order, first]);
  await cashier.shows('scan');
  release();
});

/** Lines of the page's head that ask for the order (docs/embedding.md), and what else is done there. */
const early = ({ order_id: id, token }, also = '') => `<script>
  self.wechatCashierEarly = {
    url: '/api/orders/${id}', asked: performance.now(),
    answer: fetch('/api/orders/${id}', { headers: { accept: 'application/json', authorization: 'Bearer ${token}' }, cache: 'no-store' }),
  };
  wechatCashierEarly.answer.catch(() => {});
  ${also}
</script>`;
const methods = (asked) => asked.map((request) => request.split(' ')[0]);

behaviour('the order that the page has asked for in its head is not asked for again', async (world) => {
  const { cashier, asked } = await element(world, undefined, { head: early });
  await cashier.shows('scan');
  assert.deepEqual(methods(asked), ['GET', 'POST']);
});

behaviour('what stands there of another order, of another time, or is no answer at all is passed over', async (world) => {
  for (const also of [
    'wechatCashierEarly.url = "/api/orders/another"', 'delete wechatCashierEarly.url', 'wechatCashierEarly.url = "http://["',
    'wechatCashierEarly.asked -= 10000', 'wechatCashierEarly.asked += 60000', 'wechatCashierEarly.asked = "x"',
    'wechatCashierEarly.answer = { ok: true }', 'delete wechatCashierEarly.answer', 'wechatCashierEarly = null', 'wechatCashierEarly = 1',
    'Object.defineProperty(self, "wechatCashierEarly", { get() { throw new Error("of the page"); } })',
  ]) {
    const { cashier, page, asked } = await element(world, undefined, { head: (order) => early(order, also) });
    await cashier.shows('scan');
    assert.deepEqual(methods(asked), ['GET', 'GET', 'POST'], also);
    assert.deepEqual(await fired(page, 'error'), [], also);
    await page.context().close();
  }
});

behaviour('a first answer out of the browser\'s store is not believed: the backend is asked', async (world) => {
  const { cashier, asked } = await element(world, async (order) => {
    return tag(order, inline(await firstAnswer(world.sandbox, order, { payment: true })));
  }, {
    clock: false,
    // As for a page that costs nothing, or its headers alone.
    before: (page) => page.addInitScript(() => {
      performance.getEntriesByType = () => [{ type: 'back_forward', transferSize: 0, encodedBodySize: 1_000 }];
    }),
  });
  await cashier.shows('scan');
  assert.match(asked[0], /^GET/);
});

behaviour('a first answer that is none, or another order\'s: it is asked for at once, and the code comes', async (world) => {
  const other = await world.sandbox.newOrder();
  const answer = await firstAnswer(world.sandbox, other, { payment: true });
  for (const first of ['{"order_id": 1}', '{', '', answer]) {
    const { cashier, page, asked, order } = await element(world, (order) => tag(order, inline(first)), { clock: false });
    await cashier.shows('scan');
    assert.match(asked[0], /^GET/);
    assert.equal(await page.locator('.wc-order').innerText().then((text) => text.includes(order.order_id)), true);
    // What the page brought and cannot be taken is told, once; what it takes away again is nothing to tell.
    await page.locator('wechat-cashier').evaluate((element) => {
      element.first = undefined;
      return new Promise(requestAnimationFrame);
    });
    const told = (await fired(page, 'error')).map(({ code, detail, fatal }) => `${code} ${detail.slice(0, 6)} ${fatal}`);
    assert.deepEqual(told, first ? ['unreadable_answer first: false'] : []);
    await page.context().close();
  }
});

behaviour('a first answer that the page has had for long is asked for again before anything is concluded from it', async (world) => {
  // A shop in one page: that was opened long ago, and what it says of the order was asked for then, or just now.
  for (const [age, young] of [[undefined, false], [600_000, false], [3_000, true], [-5_000, false]]) {
    const { page, asked, cashier } = await element(world, () => '<main></main>');
    await cashier.advance(20 * 60_000, { settle: false, step: 10 * 60_000 });
    const order = await world.sandbox.newOrder();
    const first = JSON.parse(await firstAnswer(world.sandbox, order, { payment: true }));
    asked.length = 0;
    await page.evaluate(([order, first, age]) => {
      const firstAsked = age === undefined ? undefined : performance.now() - age;
      const element = Object.assign(document.createElement('wechat-cashier'), { id: 'it', order: order.order_id, token: order.token, first, firstAsked });
      document.querySelector('main').append(element);
    }, [order, first, age]);
    await cashier.shows('scan');
    assert.equal(asked.length === 0, young, String(age));
    assert.deepEqual(await fired(page, 'expired'), []);
    await page.context().close();
  }
}, { timeout: 90_000 });

behaviour('given while it runs, token, first answer, ways and words are taken in place: nothing starts over', async (world) => {
  const { cashier, page, asked, order } = await element(world);
  await cashier.shows('scan');
  const code = await cashier.code();
  const tokens = [];
  await page.route('**/api/orders/**', (route) => {
    tokens.push(route.request().headers().authorization);
    return route.fallback({ headers: { ...route.request().headers(), authorization: `Bearer ${order.token}` } });
  });
  const before = asked.length;
  const first = JSON.parse(await firstAnswer(world.sandbox, order));
  await page.evaluate((first) => {
    const element = document.getElementById('it');
    window.drawn = element.shadowRoot.querySelector('.wc');
    Object.assign(element, { token: 'renewed', first, firstAsked: performance.now(), lang: 'en', methods: 'native' });
  }, first);
  await page.waitForSelector('#it .wc[lang="en"]:not([data-first])[data-screen="scan"]');
  assert.equal(asked.length, before, 'nothing is asked');
  assert.equal(await page.evaluate(() => window.drawn === document.getElementById('it').shadowRoot.querySelector('.wc')), true, 'nothing is drawn anew');
  assert.equal(await cashier.code(), code);
  await page.locator('.wc-ways').waitFor({ state: 'detached' });
  await world.sandbox.payByText(code);
  await cashier.reaches('paid', 8_000);
  assert.ok(tokens.length > 0 && tokens.every((token) => token === 'Bearer renewed'), String(tokens));
  const names = await page.evaluate(() => window.heard.map(([name]) => name));
  assert.deepEqual(['ready', 'paid'].map((name) => names.filter((heard) => heard === name).length), [1, 1]);
  assert.equal((await fired(page, 'status')).filter(({ screen }) => screen === 'loading').length, 1);
});

behaviour('eight in a page, with events: four streams, and all eight are paid', async (world) => {
  const orders = await Promise.all(Array.from({ length: 8 }, () => world.sandbox.newOrder({ events: true })));
  const body = orders.map((order, index) => tag(order).replace('id="it"', `id="e${index}" return="manual"`)).join('');
  const page = await openShop(world, body, {
    before: (page) => page.addInitScript(() => {
      const { close } = EventSource.prototype;
      window.streams = window.streamsMax = 0;
      window.EventSource = class extends EventSource {
        constructor(...given) {
          super(...given);
          window.streams += 1;
          window.streamsMax = Math.max(window.streamsMax, window.streams);
        }
        close() {
          window.streams -= 1;
          close.call(this);
        }
      };
    }),
  });
  const clock = new Cashier(page, world.sandbox, orders[0]);
  for (const index of orders.keys()) {
    await page.waitForSelector(`#e${index} .wc[lang]:not([data-first])[data-screen="scan"]`, { state: 'attached' });
  }
  await clock.advance(4_000, { settle: false });
  assert.deepEqual(await page.evaluate(() => [window.streams, window.streamsMax]), [4, 4]);
  for (const order of orders) {
    await world.sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
  }
  await clock.advanceUntil('all to be paid', () => page.evaluate(() => [...document.querySelectorAll('wechat-cashier')].every(({ status }) => status === 'paid')), 30_000, { settle: false });
  assert.equal(await page.evaluate(() => window.streams), 0);
});

behaviour('properties set before there is a class to take them', async (world) => {
  const { cashier, page, order } = await element(world, (order) => `<wechat-cashier id="it"></wechat-cashier><script>
    Object.assign(document.getElementById('it'), {
      order: '${order.order_id}', token: '${order.token}', api: '/api', lang: 'en', theme: 'dark', allowOrigins: 'https://shop.example', texts: { HavePaid: 'Done!' },
    });
  </script>`);
  await cashier.shows('scan');
  const seen = await page.evaluate(() => {
    const element = document.getElementById('it');
    return [element.getAttribute('order'), element.theme, element.getAttribute('allow-origins'), Object.keys(element).filter((name) => !name.startsWith('_') && name.length > 2)];
  });
  assert.deepEqual(seen, [order.order_id, 'dark', 'https://shop.example', []]);
  await page.getByRole('button', { name: 'Done!' }).waitFor();
});

behaviour('made by a script, filled one by one, then put in: one question, not one for each', async (world) => {
  const { cashier, page, asked, order } = await element(world, () => '<main></main>');
  await page.evaluate(({ order_id: id, token }) => {
    const element = document.createElement('wechat-cashier');
    element.lang = 'en';
    document.querySelector('main').append(element);
    element.order = id;
    element.token = token;
    element.setAttribute('return', 'manual');
  }, order);
  await cashier.shows('scan');
  assert.deepEqual(asked, [`GET /api/orders/${order.order_id}`, `POST /api/orders/${order.order_id}/payments`]);
});

// ── What is asked of it ──────────────────────────────────────────────────────────────────────────────────────────────

behaviour('refresh() asks at once, and has WeChat asked', async (world) => {
  const { cashier, page } = await element(world);
  await cashier.shows('scan');
  // Two questions are never closer than this.
  await cashier.advance(1_000);
  const before = (await cashier.statusRequests()).length;
  await call(page, 'refresh');
  await cashier.advance(100);
  const after = await cashier.statusRequests();
  assert.equal(after.length, before + 1);
  assert.match(after.at(-1).path, /verify=1/);
});

behaviour('retry() is the payer\'s "try again"', async (world) => {
  world.allow(FAILED_REQUESTS);
  const { cashier, page, order } = await element(world, undefined, { faults: [fault('method_unavailable')] });
  await cashier.shows('trouble');
  assert.equal(await status(page), 'error');
  assert.deepEqual((await fired(page, 'error')).map(({ code, fatal }) => [code, fatal]), [['method_unavailable', false]]);
  await world.sandbox.clearFaults(order);
  await call(page, 'retry');
  await cashier.shows('scan');
  assert.equal(await status(page), 'pending');
});

behaviour('close() gives the order up: the backend closes it, and the page hears of it once', async (world) => {
  const { cashier, page, order } = await element(world);
  await cashier.shows('scan');
  await call(page, 'close');
  await cashier.reaches('closed', 8_000);
  assert.deepEqual(await fired(page, 'closed'), [{ order: order.order_id }]);
  assert.equal(await status(page), 'closed');
  assert.equal((await world.sandbox.order(order)).status, 'closed');
});

behaviour('what is asked of it before the program is there is done when it is', async (world) => {
  const { cashier, page, order } = await element(world, (order) => `${tag(order)}<script type="module">
    await customElements.whenDefined('wechat-cashier');
    await 0;
    document.getElementById('it').close();
  </script>`);
  await cashier.reaches('closed', 8_000);
  assert.deepEqual(await fired(page, 'closed'), [{ order: order.order_id }]);
});

// ── What it tells ────────────────────────────────────────────────────────────────────────────────────────────────────

behaviour('events leave every shadow root; the element that fired them is not told apart from outside', async (world) => {
  const { cashier, page } = await element(world, (order) => `<div id="outer"></div><script>
    const root = document.getElementById('outer').attachShadow({ mode: 'open' });
    root.innerHTML = '${tag(order)}';
  </script>`);
  await cashier.shows('scan');
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
  assert.deepEqual(await page.evaluate(() => window.heard.filter(([name]) => name === 'paid').map(([, , id]) => id)), ['outer']);
});

behaviour('an order that expires is told of once, and one paid late is still told of', async (world) => {
  const { cashier, page, order } = await element(world, undefined, { wish: { expires_in_ms: 10_000 } });
  await cashier.shows('scan');
  await world.sandbox.setFaults(order, fault('paid_after_expiry'));
  const { scan_id } = await world.sandbox.scan(await cashier.code());
  await cashier.reaches('expired', 11_000);
  assert.deepEqual(await fired(page, 'expired'), [{ order: order.order_id }]);
  await world.sandbox.post('/wechat/pay', { scan_id });
  await cashier.reaches('paid', 10_000);
  assert.deepEqual([(await fired(page, 'expired')).length, (await fired(page, 'paid')).length], [1, 1]);
});

behaviour('a shop that leads the payer on by itself: no way out is taken, each is told of', async (world) => {
  const { cashier, page, order } = await element(world, undefined, { wish: { methods: ['native', { id: 'alipay', label: 'Alipay' }] } });
  await page.evaluate(() => (window.stay = true));
  const url = page.url();
  await cashier.shows('scan');
  await page.locator('details.wc-ways summary').click();
  await page.locator('.wc-way[data-tap]').click();
  await cashier.settle();
  await cashier.advanceUntil('the way out', async () => (await fired(page, 'navigate')).length > 0, 3_000);
  const [pay] = await fired(page, 'navigate');
  assert.equal(pay.reason, 'pay');
  assert.match(pay.url, /\/alipay\/pay/);
  assert.equal(page.url(), url);

  await world.sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
  await cashier.reaches('paid', 12_000);
  await page.locator('a.wc-button').click();
  await cashier.advance(8_000);
  const told = await fired(page, 'navigate');
  assert.deepEqual(told.slice(1).map(({ reason }) => reason), ['shop'], 'by the payer\'s tap, and not once more by itself');
  assert.equal(page.url(), url);
});

behaviour('a number of seconds that is none leads nobody away sooner than without it', async (world) => {
  const { cashier, page } = await element(world, (order) => tag(order, '', 'return="auto soon"'));
  await page.evaluate(() => (window.stay = true));
  await cashier.shows('scan');
  await world.sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  await cashier.advance(4_000);
  assert.deepEqual(await fired(page, 'navigate'), []);
  await cashier.advance(2_000);
  assert.deepEqual((await fired(page, 'navigate')).map(({ reason }) => reason), ['shop']);
});

// As React keeps a page in `<Activity>` that was left; and a shop that shows something else in the cashier's place.
behaviour('put away, it takes nobody along to the shop; shown again, it has the button', async (world) => {
  const { cashier, page } = await element(world);
  const url = page.url();
  await cashier.shows('scan');
  await world.sandbox.payByText(await cashier.code());
  await page.evaluate(() => (document.body.style.display = 'none'));
  await cashier.reaches('paid', 12_000);
  await cashier.advance(8_000);
  assert.deepEqual([(await fired(page, 'paid')).length, await fired(page, 'navigate'), page.url()], [1, [], url]);
  await page.evaluate(() => (document.body.style.display = ''));
  await cashier.advance(8_000);
  assert.deepEqual(await fired(page, 'navigate'), [], 'not by itself');
  await page.evaluate(() => (window.stay = true));
  await page.locator('a.wc-button').click();
  assert.deepEqual((await fired(page, 'navigate')).map(({ reason }) => reason), ['shop']);
});

behaviour('what the shop\'s own listener throws stops nothing', async (world) => {
  world.allow(/the shop's own/);
  const { cashier, page } = await element(world, undefined, {
    before: (page) => page.addInitScript(() => {
      for (const name of ['ready', 'status', 'paid']) {
        addEventListener(`cashier-${name}`, () => {
          throw new Error('the shop\'s own');
        });
      }
    }),
  });
  await cashier.shows('scan');
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
  assert.equal((await fired(page, 'paid')).length, 1);
});

behaviour('a listener that takes the element away, or gives it the next order, in the middle of being told', async (world) => {
  const next = await world.sandbox.newOrder();
  const { cashier, page } = await element(world);
  await page.evaluate(({ order_id: order, token }) => addEventListener('cashier-paid', ({ target }) => {
    if (target.order === order) {
      target.remove();
    } else {
      Object.assign(target, { order, token });
    }
  }), next);
  await cashier.shows('scan');
  const first = await cashier.code();
  await world.sandbox.payByText(first);
  await cashier.advanceUntil('the next code', async () => ![null, first].includes(await cashier.code()), 12_000);
  await world.sandbox.payByText(await cashier.code());
  await cashier.advanceUntil('it to be gone', async () => (await page.locator('wechat-cashier').count()) === 0, 12_000);
  assert.equal((await fired(page, 'paid')).length, 2);
});

behaviour('imported on a server it does nothing', async () => {
  const { WechatCashier } = await import(`${PACKAGE}/wechat-cashier.js`);
  assert.equal(typeof WechatCashier, 'function');
});

// ── How it starts ────────────────────────────────────────────────────────────────────────────────────────────────────

behaviour('a skeleton is drawn after 80 ms without a code, and not where one is there sooner', async (world) => {
  const [before, release] = held();
  const { cashier, page } = await element(world, undefined, { before });
  await page.waitForFunction(() => document.getElementById('it').status === 'loading');
  await page.clock.runFor(79);
  assert.equal(await cashier.has('.wc'), false);
  await page.clock.runFor(1);
  assert.equal(await cashier.has('.wc[aria-busy] .wc-shimmer'), true);
  release();
  await cashier.shows('scan');
  const { cashier: sooner, page: other } = await element(world);
  await sooner.shows('scan');
  const code = await sooner.code();
  await other.clock.runFor(80);
  assert.deepEqual([await sooner.code(), await sooner.has('[aria-busy]')], [code, false]);
});

/** Installed by `addInitScript`: what goes on in a task of its own (src/embed/next-task.js) waits, until `hold(false)`. */
function holdTasks() {
  const { postMessage } = MessagePort.prototype;
  window.waiting = [];
  window.hold = (holds) => {
    MessagePort.prototype.postMessage = holds ? function post(...given) {
      const send = () => postMessage.apply(this, given);
      given[0] === 'turn' ? send() : window.waiting.push(send); // a turn is what the test waits for (observe.mjs)
    } : postMessage;
    window.waiting.splice(0).forEach((send) => send());
  };
  window.hold(true);
}

behaviour('an answer that the page brings is not drawn in the task that reads the script', async (world) => {
  const [answers] = held();
  const { cashier, page } = await element(world, async (order) => {
    return tag(order, inline(await firstAnswer(world.sandbox, order, { payment: true })));
  }, { clock: false, before: (page) => Promise.all([answers(page), page.addInitScript(holdTasks)]) });
  await page.waitForFunction(() => window.waiting.length === 1);
  await cashier.settle();
  assert.equal(await cashier.has('.wc[data-first]'), false);
  await page.evaluate(() => window.hold(false));
  await cashier.shows('scan');
});

behaviour('taken away between the two tasks of its start it asks for nothing, and put in again it is paid', async (world) => {
  const { cashier, page, asked } = await element(world, undefined, { before: (page) => page.addInitScript(holdTasks) });
  const made = () => page.waitForFunction(() => window.waiting.length === 1);
  const goOn = () => page.evaluate(() => window.hold(false));
  await made();
  const before = asked.length;
  await page.evaluate(() => (window.it = document.getElementById('it')).remove());
  await goOn();
  await cashier.advance(20_000);
  assert.equal(asked.length, before);
  await page.evaluate(() => (window.hold(true), document.body.append(window.it)));
  await made();
  await goOn();
  await cashier.shows('scan');
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});
