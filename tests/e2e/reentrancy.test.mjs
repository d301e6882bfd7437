// Whatever the page does from inside of what it is told, or of a callback, is taken in after what is being carried out.

import assert from 'node:assert/strict';

import { Cashier, FAILED_REQUESTS, behaviour } from './support/test.mjs';
import { attributes, hear, openShop } from './support/shop.mjs';
import { browserIn, logIn } from './support/wechat.mjs';

const tag = (order, id = 'it', more = '') => `<wechat-cashier id="${id}" ${attributes(order)}${more}></wechat-cashier>`;
/** A press that no change of the focus comes before: this page takes the element out at that, and a button with it. */
const press = (page, selector) => page.locator(selector).evaluate((pressed) => pressed.click());

/** Installed by `addInitScript`: does all that a host can do, from inside every event and every change of the focus. */
function interfere() {
  const TIMES = 4; // of each kind: what it does may bring about what it is called from
  const counts = (window.interfered = {});
  window.everything = (why, element = document.getElementById('it')) => {
    counts[why] = (counts[why] || 0) + 1;
    if (counts[why] > TIMES) {
      return;
    }
    const { order, parentNode: parent, nextSibling: next } = element;
    element.refresh();
    element.retry();
    element.close();
    element.token = `${element.token}.`; // every one of them is good here
    element.first = { order_id: order };
    element.first = { order_id: 'another' };
    element.firstAsked = performance.now();
    element.lang = element.lang === 'en' ? 'zh-CN' : 'en';
    element.texts = element.texts ? undefined : { HavePaid: 'Done!' };
    element.methods = element.methods ? null : 'jsapi native';
    element.order = order;
    element.theme = 'dark';
    element.remove();
    parent.insertBefore(element, next);
  };
  for (const name of ['ready', 'status', 'paid', 'expired', 'closed', 'error', 'navigate']) {
    addEventListener(`cashier-${name}`, (event) => {
      event.preventDefault();
      window.everything(name, event.target);
      throw new Error('the shop\'s own');
    });
  }
  for (const name of ['focusin', 'focusout']) {
    addEventListener(name, () => {
      window.everything(name);
      throw new Error('the shop\'s own');
    });
  }
}

/** The page of a shop that interferes with everything. Its backend takes any token, and closes nothing. */
async function meddling(world, order, options) {
  world.allow(/the shop's own/, FAILED_REQUESTS);
  const page = await openShop(world, `<button id="other">Other</button>${tag(order)}`, {
    ...options,
    before: async (page) => {
      await hear(page);
      await page.addInitScript(interfere);
      await page.route('**/api/orders/**', (route) => {
        const headers = { ...route.request().headers(), authorization: `Bearer ${order.token}` };
        return /\/close$/.test(route.request().url()) ? route.fulfill({ status: 404, body: '' }) : route.fallback({ headers });
      });
      await options?.before?.(page);
    },
  });
  return { page, cashier: new Cashier(page, world.sandbox, order) };
}

/** How often each was fired; of `status`, what it said. */
const fired = async (page) => {
  const heard = await page.evaluate(() => window.heard);
  const of = (wanted) => heard.filter(([name]) => name === wanted).map(([, detail]) => detail);
  return { ready: of('ready').length, paid: of('paid').length, over: of('expired').length + of('closed').length, status: of('status'), error: of('error') };
};

/** The end: paid, each thing told once, and in an order that can be. */
async function paidOnce(page, kinds) {
  const { ready, paid, over, status, error } = await fired(page);
  assert.deepEqual([ready, paid, over], [1, 1, 0]);
  assert.deepEqual(error.filter(({ fatal }) => fatal), []);
  status.slice(1).forEach(({ previous }, index) => assert.equal(previous, status[index].status, 'told in order'));
  assert.equal(status.at(-1).status, 'paid');
  assert.equal(await page.locator('.boot-trouble').count(), 0);
  const interfered = await page.evaluate(() => window.interfered);
  assert.deepEqual(kinds.filter((kind) => !interfered[kind]), [], 'it was called from inside of these');
}

behaviour('everything is done from inside every event and every change of the focus: the code is paid, each thing is told once', async (world) => {
  const order = await world.sandbox.newOrder({ events: true });
  const { page, cashier } = await meddling(world, order);
  await cashier.shows('scan');
  // The focus is on what goes with the screen, and so moves as the next is painted.
  await page.locator('[data-tap="have-paid"]').focus();
  await press(page, '[data-tap="have-paid"]');
  await cashier.shows('confirming');
  await world.sandbox.payByText(await cashier.code() || (await world.sandbox.order(order)).payments.at(-1).action.content);
  await cashier.reaches('paid', 15_000);
  await cashier.advance(8_000);
  await paidOnce(page, ['ready', 'status', 'paid', 'navigate', 'focusin', 'focusout']);
});

behaviour('everything is done from inside the bridge\'s call and its callback: one call, paid, each thing told once', async (world) => {
  const order = await world.sandbox.newOrder();
  await logIn(world.sandbox, order);
  const { page, cashier } = await meddling(world, order, {
    ...browserIn('android'),
    before: (page) => page.addInitScript((url) => {
      window.calls = 0;
      window.WeixinJSBridge = {
        invoke(name, params, callback) {
          window.calls += 1;
          const said = { err_msg: 'get_brand_wcpay_request:ok' };
          window.everything('bridge');
          callback(said);
          window.everything('bridge');
          fetch(url, { method: 'POST' }).then(() => {
            window.everything('callback');
            callback(said);
          });
        },
      };
    }, `/sandbox/orders/${order.order_id}/pay`),
  });
  await cashier.shows('pay');
  await page.locator('[data-tap="pay"]').focus();
  await press(page, '[data-tap="pay"]');
  await cashier.reaches('paid', 15_000);
  assert.equal(await page.evaluate(() => window.calls), 1);
  await paidOnce(page, ['ready', 'status', 'paid', 'bridge', 'callback']);
});

behaviour('a way back that the shop keeps is told once for each time, whatever the shop does meanwhile', async (world) => {
  const order = await world.sandbox.newOrder();
  const { page, cashier } = await meddling(world, order);
  await cashier.shows('scan');
  await world.sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  await press(page, 'a.wc-button');
  const told = () => page.evaluate(() => window.heard.filter(([name]) => name === 'navigate').map(([, { reason }]) => reason));
  assert.deepEqual(await told(), ['shop']);
  await cashier.advance(20_000, { step: 1_000 });
  assert.deepEqual(await told(), ['shop'], 'and not once more by itself');
});

behaviour('one of two traps: it stops and asks for nothing any more, the other is paid', async (world) => {
  world.allow(/a fault of the browser/, /unwrap_throw/, /the shop's own/);
  const [broken, good] = [await world.sandbox.newOrder({ events: true }), await world.sandbox.newOrder({ events: true })];
  const page = await openShop(world, tag(broken, 'a', ' return="none"') + tag(good, 'b', ' return="none"'), { before: hear });
  const shows = (id, screen) => page.waitForSelector(`#${id} .wc[lang]:not([data-first])[data-screen="${screen}"]`, { state: 'attached' });
  await shows('a', 'scan');
  await shows('b', 'scan');
  const clock = new Cashier(page, world.sandbox, good);
  const codes = await Promise.all(['a', 'b'].map((id) => page.locator(`#${id} [data-qr]`).getAttribute('data-qr')));
  // Another program's error, named as ours would be, and one of a listener in the midst of ours: neither is ours.
  await page.evaluate(() => {
    const error = new WebAssembly.RuntimeError('the shop\'s own: unreachable');
    error.stack = 'RuntimeError: unreachable\n at https://shop.example/cashier/cashier.wasm';
    queueMicrotask(() => { throw error; });
    addEventListener('cashier-status', () => { throw error; });
    document.getElementById('b').refresh();
  });
  await clock.advance(100);
  assert.equal(await page.locator('.boot-trouble').count(), 0);
  await page.evaluate(() => {
    const { createElement } = Document.prototype;
    Document.prototype.createElement = function faulty() {
      Document.prototype.createElement = createElement;
      throw new Error('a fault of the browser');
    };
    document.getElementById('a').shadowRoot.querySelector('[data-tap="have-paid"]').click();
  });
  await page.waitForSelector('#a .boot-trouble');
  const states = () => page.evaluate(() => ['a', 'b'].map((id) => document.getElementById(id).status));
  assert.deepEqual(await states(), ['error', 'pending']);
  await clock.settle();
  const asked = async () => (await world.sandbox.log(broken)).requests.length;
  const before = await asked();
  for (const code of codes) {
    await world.sandbox.payByText(code);
  }
  await clock.advanceUntil('the other to be paid', async () => (await states())[1] === 'paid', 12_000);
  await page.evaluate(() => document.getElementById('a').remove());
  await clock.advance(30_000, { step: 1_000 });
  assert.equal(await asked(), before, 'what has stopped asks for nothing');
  const told = await page.evaluate(() => window.heard.filter(([name]) => /paid|error/.test(name)).map(([name, { code, fatal }, id]) => [id, name, code, fatal]));
  assert.deepEqual(told, [['a', 'error', 'stopped', true], ['b', 'paid', undefined, undefined]]);
});

behaviour('put in again, or given another way back: what was told of the order is not told again', async (world) => {
  const order = await world.sandbox.newOrder();
  const page = await openShop(world, `<main>${tag(order)}</main>`, { before: hear });
  const cashier = new Cashier(page, world.sandbox, order);
  await cashier.shows('scan');
  await world.sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  await page.evaluate(async () => {
    window.taken = document.getElementById('it');
    window.taken.remove();
    await window.observed.turn();
    document.querySelector('main').append(window.taken);
  });
  await cashier.shows('paid');
  await page.evaluate(() => (document.getElementById('it').setAttribute('return', 'none')));
  await page.waitForSelector('#it .wc[data-screen="loading"], #it .wc:not(:has(.wc-ways-back))');
  await cashier.shows('paid');
  await cashier.settle();
  const { ready, paid } = await fired(page);
  assert.deepEqual([ready, paid], [1, 1]);
  assert.equal(await page.evaluate(() => window.taken.status), 'paid');
});

behaviour('a language tag that is none, or written otherwise, with texts of the shop\'s own: it is said, and paid', async (world) => {
  world.allow(/texts_incomplete/);
  for (const lang of ['fr_FR', 'not a language', '--', 'zh_CN.UTF-8']) {
    const order = await world.sandbox.newOrder();
    const page = await openShop(world, '<main></main>', { before: hear });
    await page.evaluate(([{ order_id, token }, lang]) => {
      const element = document.createElement('wechat-cashier');
      Object.assign(element, { id: 'it', order: order_id, token, lang, texts: { HavePaid: 'C’est payé' } });
      document.querySelector('main').append(element);
    }, [order, lang]);
    const cashier = new Cashier(page, world.sandbox, order);
    await cashier.shows('scan');
    await page.getByRole('button', { name: 'C’est payé' }).waitFor();
    assert.match(await page.locator('.wc-amount').innerText(), /19[.,]99/, lang);
    assert.notEqual(await page.locator('#it .wc').getAttribute('lang'), lang);
    await world.sandbox.payByText(await cashier.code());
    await cashier.reaches('paid', 8_000);
    await page.context().close();
  }
}, { timeout: 120_000 });
