// The screen on a counter.

import assert from 'node:assert/strict';

import { Cashier, FAILED_REQUESTS, behaviour, fault } from './support/test.mjs';
import { attributes, hear, openShop } from './support/shop.mjs';
import { ofTill, spy, withExample } from './support/counter.mjs';

const TAG = '<wechat-cashier layout="counter" lang="zh-CN" channel="till-1" speech></wechat-cashier>';

/** A counter with this tag, and what the tests ask of it. */
async function counter(world, tag = TAG, { stubs = {}, before, ...options } = {}) {
  const page = await openShop(world, tag, {
    ...options,
    before: async (page) => {
      await hear(page);
      await page.addInitScript(spy, stubs);
      await before?.(page);
    },
  });
  return { page, cashier: new Cashier(page, world.sandbox), spied: () => page.evaluate(() => window.spied) };
}

/** One that shows this order. */
async function counterOf(world, wish, rest = 'channel="till-1" speech', options = {}) {
  const order = await world.sandbox.newOrder(wish);
  const stand = await counter(world, `<wechat-cashier ${attributes(order)} layout="counter" lang="zh-CN" ${rest}></wechat-cashier>`, options);
  stand.cashier.order = order;
  await stand.cashier.shows('scan');
  return { ...stand, order };
}

behaviour('a till in another page sends orders: each is paid and spoken, and the screen is idle again', async (world) => {
  const { page, cashier, spied } = await counter(world);
  await cashier.shows('idle');
  const till = await ofTill(world, page);
  const all = [];
  for (const [value, said] of [[1250, '微信支付收款12.50元'], [10000, '微信支付收款100元']]) {
    const order = await world.sandbox.newOrder({ value });
    cashier.order = order;
    await till.send({ type: 'order', order: order.order_id, token: order.token });
    await cashier.shows('scan');
    await world.sandbox.payByText(await cashier.readQr());
    await cashier.reaches('paid', 8_000);
    all.push(said);
    assert.deepEqual((await spied()).said, all);
    await cashier.reaches('idle', 10_500);
    assert.equal(await page.getAttribute('wechat-cashier', 'token'), null);
    assert.deepEqual((await till.statuses(order)).slice(-2), ['pending', 'paid']);
    assert.ok(!(await till.heard()).includes(order.token), 'the token stays where it is');
  }
});

behaviour('without a voice there is a sound, and without a wish for either there is silence', async (world) => {
  for (const [rest, stubs, notes] of [['speech', { voices: ['en-US'] }, 2], ['speech', { speech: 'none' }, 2], ['speech', { speech: 'refused' }, 2], ['', {}, 0]]) {
    const { cashier, spied } = await counterOf(world, {}, rest, { stubs });
    await world.sandbox.payByText(await cashier.code());
    await cashier.reaches('paid', 8_000);
    const { said, notes: heard } = await spied();
    assert.deepEqual([said, heard], [[], notes]);
  }
});

behaviour('the integrator has other words for it, among those of the screen', async (world) => {
  const { cashier, page, spied } = await counterOf(world, {}, 'speech', {
    before: (page) => page.addInitScript(() => addEventListener('DOMContentLoaded', () => {
      document.querySelector('wechat-cashier').texts = { SpokenPaid: '已收{}，多谢', ScanHint: '请扫码' };
    })),
  });
  assert.match(await cashier.text(), /请扫码/);
  await world.sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  assert.deepEqual((await spied()).said, ['已收19.99元，多谢']);
  assert.deepEqual(await page.evaluate(() => window.heard.filter(([name]) => name === 'error')), []);
});

behaviour('hidden, it goes on asking, and says what was paid', async (world) => {
  const { cashier, spied, order } = await counterOf(world);
  const code = await cashier.code();
  await cashier.hide();
  await world.sandbox.forgetLog(order);
  await cashier.advance(10_000, { step: 1_000 });
  assert.ok((await cashier.statusRequests()).length >= 3);
  await world.sandbox.payByText(code);
  await cashier.reaches('paid', 10_000);
  assert.deepEqual((await spied()).said, ['微信支付收款19.99元']);
  await cashier.reaches('idle', 10_500);
});

behaviour('what was paid before it came is shown and not spoken', async (world) => {
  const order = await world.sandbox.newOrder();
  const first = await world.openCashier(order);
  await first.shows('scan');
  await world.sandbox.payByText(await first.code());
  const { cashier, spied } = await counter(world, `<wechat-cashier ${attributes(order)} layout="counter" speech></wechat-cashier>`);
  await cashier.shows('paid');
  await cashier.settle();
  const { said, notes } = await spied();
  assert.deepEqual([said, notes], [[], 0]);
  await cashier.reaches('idle', 10_500);
});

behaviour('it stays where it is after a payment, for as long as it is told to', async (world) => {
  const { page, cashier } = await counterOf(world, {}, 'idle-after="30" return="auto 5"');
  await world.sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  await cashier.advance(29_000);
  assert.equal(await cashier.screen(), 'paid');
  assert.match(page.url(), /\/shop\/$/);
  await cashier.reaches('idle', 1_500);
});

behaviour('an order that is closed, and one that has expired, leave the screen to the next', async (world) => {
  const { cashier, page, order } = await counterOf(world);
  await world.sandbox.close(order);
  await cashier.reaches('closed', 10_000);
  await cashier.reaches('idle', 10_500);
  const next = await world.sandbox.newOrder({ expires_in_ms: 20_000 });
  await page.evaluate(({ order_id, token }) => Object.assign(document.querySelector('wechat-cashier'), { order: order_id, token }), next);
  await cashier.shows('scan');
  await cashier.reaches('expired', 30_000);
  // The merchant closes it soon after, which is another screen.
  await cashier.reaches('idle', 20_500);
});

behaviour('messages that are not ours change nothing', async (world) => {
  const { page, cashier, order } = await counterOf(world);
  const till = await ofTill(world, page);
  const requests = (await cashier.statusRequests()).length;
  for (const message of [null, 'idle', { type: 'order' }, { type: 'order', order: '' }, { type: 'order', order: 'x', token: 'a\nb' }, { type: 'status', order: '', status: 'idle' }]) {
    await till.send(message);
  }
  const deaf = await ofTill(world, page, 'till-2');
  await deaf.send({ type: 'idle' });
  await cashier.settle();
  assert.equal(await page.getAttribute('wechat-cashier', 'order'), order.order_id);
  assert.equal((await cashier.statusRequests()).length, requests);
});

behaviour('the screen stays on while the element is there; moved, it stays; removed, it leaves nothing', async (world) => {
  const { page, cashier, spied } = await counterOf(world);
  const state = async () => {
    await cashier.settle();
    const { held, channels, contexts } = await spied();
    return { held, channels, contexts };
  };
  assert.deepEqual(await state(), { held: 1, channels: 1, contexts: ['running'] });
  await cashier.hide();
  assert.equal((await spied()).held, 0);
  await cashier.show();
  assert.deepEqual([(await spied()).held, (await spied()).locks], [1, ['screen', 'screen']]);
  await page.evaluate(() => {
    const box = document.body.appendChild(document.createElement('div'));
    box.appendChild(document.querySelector('wechat-cashier'));
  });
  assert.deepEqual(await state(), { held: 1, channels: 1, contexts: ['running'] });
  await page.evaluate(() => (window.gone = document.querySelector('wechat-cashier')).remove());
  assert.deepEqual(await state(), { held: 0, channels: 0, contexts: ['closed'] });
  await page.evaluate(() => document.body.appendChild(window.gone));
  await cashier.shows('scan');
  await page.waitForFunction(() => window.spied.held === 1);
  await page.evaluate(() => window.gone.setAttribute('layout', 'panel'));
  await page.waitForFunction(() => window.spied.held === 0 && window.spied.channels === 0);
});

behaviour('where the browser waits for a gesture, sound is offered, by one tap', async (world) => {
  const { page, cashier, spied } = await counterOf(world, {}, 'speech', { stubs: { audio: 'suspended' } });
  await cashier.advance(1_000);
  const offer = page.getByRole('button', { name: '点按开启声音' });
  await offer.click();
  await offer.waitFor({ state: 'detached' });
  assert.deepEqual((await spied()).contexts, ['running']);
});

behaviour("Chromium's own: a page that nobody has touched waits for a gesture, and the tap opens it", async (world) => {
  const page = await openShop(world, TAG, {
    before: (page) => page.addInitScript(() => {
      const { AudioContext } = window;
      window.AudioContext = class extends AudioContext {
        constructor() {
          super();
          window.context = this;
        }
      };
    }),
  });
  const cashier = new Cashier(page, world.sandbox);
  await cashier.shows('idle');
  await page.waitForFunction(() => window.context);
  await cashier.advance(1_000);
  assert.equal(await page.evaluate(() => window.context.state), 'suspended');
  await page.getByRole('button', { name: '点按开启声音' }).click();
  await page.waitForFunction(() => window.context.state === 'running');
  await page.waitForFunction(() => !document.querySelector('wechat-cashier').shadowRoot.querySelector('.wc-sound'));
});

behaviour('paid while the network was gone: spoken when it is back', async (world) => {
  world.allow(FAILED_REQUESTS);
  const { cashier, page, spied } = await counterOf(world);
  const code = await cashier.code();
  await page.context().setOffline(true);
  await cashier.advance(20_000, { step: 1_000 });
  assert.equal(await cashier.screen(), 'scan');
  assert.ok(await cashier.notice());
  await world.sandbox.payByText(code);
  await page.context().setOffline(false);
  await cashier.reaches('paid', 31_000);
  assert.deepEqual((await spied()).said, ['微信支付收款19.99元']);
});

behaviour('a backend that says no is asked again, with nobody to press the button', async (world) => {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  await world.sandbox.setFaults(order, fault('method_unavailable', { times: 1 }));
  const { cashier } = await counter(world, `<wechat-cashier ${attributes(order)} layout="counter"></wechat-cashier>`);
  await cashier.shows('trouble');
  await cashier.reaches('scan', 31_000);
});

behaviour('without its program the page loads itself again, once it can', async (world) => {
  world.allow(FAILED_REQUESTS);
  let broken = true;
  const { cashier, page } = await counter(world, TAG, {
    before: (page) => page.route('**/npm/cashier.wasm', (route) => (broken ? route.fulfill({ status: 404 }) : route.fallback())),
  });
  for (const isBroken of [true, false]) {
    await page.waitForFunction(() => document.querySelector('wechat-cashier').status === 'error');
    await page.waitForFunction(() => window.spied.channels === 1);
    broken = isBroken;
    const loaded = page.waitForEvent('load');
    await cashier.advance(31_000, { step: 1_000 });
    await loaded;
  }
  await cashier.shows('idle');
});

behaviour('a strict policy has nothing to say against it', async (world) => {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; require-trusted-types-for 'script'";
  const { cashier, page } = await counterOf(world, {}, 'channel="till-1" speech', {
    stubs: { audio: 'suspended' },
    headers: { 'content-security-policy': policy },
    before: (page) => page.addInitScript(() => {
      window.violations = [];
      addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));
    }),
  });
  await cashier.advance(1_000);
  const box = await page.getByRole('button', { name: '点按开启声音' }).boundingBox();
  assert.ok(box.height >= 44 && box.y < 100, 'it has its style');
  assert.deepEqual(await page.evaluate(() => window.violations), []);
});

behaviour('a double click and the key F fill the screen', async (world) => {
  const { page } = await counterOf(world);
  const isFull = () => page.waitForFunction(() => document.fullscreenElement);
  await page.dblclick('wechat-cashier .wc-amount');
  await isFull();
  await page.evaluate(() => document.exitFullscreen());
  await page.keyboard.press('f');
  await isFull();
});

behaviour('the hosted page stands on a counter too', async (world) => {
  const page = await world.newPage();
  await page.addInitScript(spy, {});
  await page.goto(`${world.sandbox.url}/cashier/?surface=counter&channel=till-1&speech&idle-after=5&lang=zh-CN`);
  const cashier = new Cashier(page, world.sandbox);
  await cashier.shows('idle');
  const till = await ofTill(world, page);
  for (const value of [1250, 300]) {
    cashier.order = await world.sandbox.newOrder({ value });
    const { order_id: order, token } = cashier.order;
    await till.send({ type: 'order', order, token });
    await cashier.shows('scan');
    await world.sandbox.payByText(await cashier.readQr());
    await cashier.reaches('paid', 8_000);
    await cashier.reaches('idle', 5_500);
  }
  assert.deepEqual((await page.evaluate(() => window.spied)).said, ['微信支付收款12.50元', '微信支付收款3元']);
});

behaviour('the example: a till and a screen in two windows, no build, the order of a screen started anew, paid', async (world) => {
  await withExample(world, async (url) => {
    const page = await world.newPage({ clock: false });
    await page.addInitScript(spy, {});
    await page.goto(`${url}/`);
    const cashier = new Cashier(page, world.sandbox);
    await cashier.shows('idle');
    const till = await page.context().newPage();
    await till.goto(`${url}/till.html`);
    await till.fill('#amount', '12.5');
    await till.click('button[type=submit]');
    await cashier.shows('scan');
    await till.getByText('等待付款').waitFor();
    await page.reload(); // the till sends it again
    await cashier.shows('scan');
    assert.match(await cashier.text(), /12\.50/);
    await world.sandbox.payByText(await cashier.code());
    await cashier.shows('paid');
    await till.getByText('已付款').waitFor();
    assert.deepEqual((await page.evaluate(() => window.spied)).said, ['微信支付收款12.50元']);
    await till.click('#clear');
    await cashier.shows('idle');
    await till.getByText('空闲').waitFor();
  });
});
