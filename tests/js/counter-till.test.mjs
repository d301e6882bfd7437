// The till's messages; the screen that stays on; the page that mends itself; and that nothing of it stays when it is stopped.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { read } from '../../src/embed/counter/orders.js';
import { NOTHING, settled, standing } from './support/counter.mjs';

const sent = ({ channels }) => [...channels].flatMap((channel) => channel.sent);

test('a message is read, or it is not one of ours', () => {
  assert.deepEqual(read({ type: 'order', order: 'T1', token: 't' }), { order: 'T1', token: 't' });
  assert.deepEqual(read({ type: 'order', order: 'T1' }), { order: 'T1', token: undefined });
  assert.deepEqual(read({ type: 'order', order: '订单 1/2?x#y', amount: 5 }), { order: '订单 1/2?x#y', token: undefined });
  assert.deepEqual(read({ type: 'idle' }), { order: '' });
  const others = [
    null, undefined, 0, 'order', [], {}, { type: 'status', order: 'T1', status: 'paid' }, { order: 'T1' }, { type: 'order' },
    { type: 'order', order: '' }, { type: 'order', order: ' T1' }, { type: 'order', order: 12 }, { type: 'order', order: ['T1'] },
    { type: 'order', order: { toString: () => 'T1' } }, { type: 'order', order: 'T\n1' }, { type: 'order', order: 'T'.repeat(201) },
    { type: 'order', order: 'T1', token: '' }, { type: 'order', order: 'T1', token: 5 }, { type: 'order', order: 'T1', token: null },
    { type: 'order', order: 'T1', token: 'a\r\nCookie: b' }, { type: 'order', order: 'T1', token: 'a b' },
    { type: 'order', order: 'T1', token: 'é' }, { type: 'order', order: 'T1', token: 't'.repeat(4097) }, { type: 'ORDER', order: 'T1' },
  ];
  for (const message of others) {
    assert.equal(read(message), undefined, JSON.stringify(message));
  }
});

test('the next order comes with its token, and the last one leaves none behind', async () => {
  const { browser, element } = await standing();
  await browser.send({ type: 'order', order: 'B', token: 'secret-b' });
  assert.deepEqual([element.order, element.token], ['B', 'secret-b']);
  await browser.send({ type: 'order', order: 'C', token: 'secret-c' });
  assert.deepEqual([element.order, element.token], ['C', 'secret-c']);
  await browser.send({ type: 'idle' });
  assert.deepEqual([element.order, element.token], [null, null]);
});

test('a token of the element itself is there again for orders that bring none', async () => {
  const { browser, element } = await standing({ set: ({ element }) => (element.token = 'of the shop') });
  await browser.send({ type: 'order', order: 'B' });
  assert.deepEqual([element.order, element.token], ['B', 'of the shop']);
  await browser.send({ type: 'order', order: 'C', token: 'secret-c' });
  assert.equal(element.token, 'secret-c');
  element.pays(1250);
  await browser.pass(10_000);
  assert.deepEqual([element.order, element.token], [null, 'of the shop']);
});

test('the till hears how its order stands, and never a token', async () => {
  const { browser, element } = await standing();
  await browser.send({ type: 'order', order: 'B', token: 'secret-b' });
  element.becomes('pending');
  element.pays(1250);
  await browser.pass(10_000);
  element.becomes('idle');
  assert.deepEqual(sent(browser).slice(-3), [
    { type: 'status', order: 'B', status: 'pending' },
    { type: 'status', order: 'B', status: 'paid' },
    { type: 'status', order: '', status: 'idle' },
  ]);
  assert.ok(!JSON.stringify(sent(browser)).includes('secret'));
});

test('a channel can be changed and left', async () => {
  const { browser } = await standing();
  browser.set({ channel: 'till-2' });
  assert.deepEqual([...browser.channels].map(({ name }) => name), ['till-2']);
  browser.set({ channel: null });
  assert.equal(browser.channels.size, 0);
});

test('a browser without channels, speech, sound and wake locks shows orders all the same', async () => {
  const bare = (browser) => {
    browser.BroadcastChannel = browser.AudioContext = browser.speechSynthesis = browser.SpeechSynthesisUtterance = undefined;
    browser.navigator = {};
    browser.document.documentElement.requestFullscreen = undefined;
  };
  const { browser, element, stop } = await standing({ set: bare });
  await browser.touch();
  element.fire('dblclick');
  element.pays(1250);
  await browser.pass(10_000);
  assert.deepEqual(element.shown, [null]);
  stop();
  assert.deepEqual(browser.left(), NOTHING);
});

test('the screen stays on, also after it was hidden', async () => {
  const { browser, stop } = await standing();
  assert.equal(browser.locks.size, 1);
  await browser.sees('hidden');
  assert.equal(browser.locks.size, 0);
  await browser.sees('visible');
  assert.equal(browser.locks.size, 1);
  await browser.sees('visible');
  assert.equal(browser.locks.size, 1, 'one is enough');
  stop();
  assert.equal(browser.locks.size, 0);
});

test('a wake lock that is refused is asked for again when the page is next seen', async () => {
  let refusals = 1;
  const { browser } = await standing({
    set: ({ navigator: { wakeLock } }) => {
      const { request } = wakeLock;
      wakeLock.request = async (type) => {
        if (refusals-- > 0) {
          throw new DOMException('battery', 'NotAllowedError');
        }
        return request(type);
      };
    },
  });
  assert.equal(browser.locks.size, 0);
  await browser.sees('visible');
  assert.equal(browser.locks.size, 1);
});

test('full screen by a double click or the key F, not by a letter in a field', async () => {
  const { browser, element } = await standing({ attributes: {} });
  const asked = () => browser.asked.filter((what) => what === 'fullscreen').length;
  element.fire('dblclick');
  browser.fire('keydown', { key: 'f' });
  browser.fire('keydown', { key: 'F' });
  assert.equal(asked(), 3);
  browser.fire('keydown', { key: 'g' });
  browser.fire('keydown', { key: 'f', ctrlKey: true });
  browser.fire('keydown', { key: 'f', composedPath: () => [{ nodeName: 'INPUT' }] });
  browser.fire('keydown', { key: 'f', composedPath: () => [{ nodeName: 'DIV', isContentEditable: true }] });
  browser.document.fullscreenElement = {};
  element.fire('dblclick');
  assert.equal(asked(), 3);
});

const lost = (code = 'file_unreachable', fatal = true) => ({ detail: { order: 'A', code, detail: '', fatal } });

test('a page that has lost its program loads itself again, once there is a network', async () => {
  const { browser, element } = await standing();
  browser.online = false;
  element.fire('cashier-error', lost());
  await browser.pass(30_000);
  await browser.pass(30_000);
  assert.equal(browser.reloads, 0, 'where there is nothing to load, the page would be lost too');
  browser.online = true;
  await browser.pass(30_000);
  assert.equal(browser.reloads, 1);
});

test('whoever has more on the page than the counter can keep it from being loaded again', async () => {
  const { browser, element } = await standing();
  const reasons = [];
  element.addEventListener('cashier-navigate', (event) => {
    reasons.push(event.detail.reason);
    event.preventDefault();
  });
  element.fire('cashier-error', lost());
  await browser.pass(30_000);
  assert.deepEqual([reasons, browser.reloads], [['reload'], 0]);
});

test('a program that was lost before this file was here is missed all the same', async () => {
  const { browser } = await standing({ order: null, set: ({ element }) => Object.assign(element, { status: 'error', painted: '' }) });
  const { element } = browser;
  element.status = 'error';
  await browser.pass(30_000);
  assert.deepEqual([element.retries, browser.reloads], [0, 1]);
});

test('what a payer would press a button for is tried again by itself, until something else is told', async () => {
  const { browser, element } = await standing();
  element.becomes('error');
  await browser.pass(29_999);
  assert.equal(element.retries, 0);
  await browser.pass(1);
  await browser.pass(30_000);
  assert.equal(element.retries, 2);
  element.becomes('pending');
  await browser.pass(120_000);
  assert.deepEqual([element.retries, browser.reloads], [2, 0]);
});

test('a page that goes on is not loaded again', async () => {
  const { browser, element } = await standing();
  element.fire('cashier-error', lost());
  element.becomes('loading');
  await browser.pass(60_000);
  element.fire('cashier-error', lost('unreachable', false));
  element.fire('cashier-error', lost('amount_changed'));
  await browser.pass(60_000);
  assert.equal(browser.reloads, 0);
});

test('a program that came back is asked to try again, not loaded', async () => {
  const { browser, element } = await standing();
  element.fire('cashier-error', lost());
  element.becomes('loading');
  element.becomes('error');
  await browser.pass(30_000);
  assert.deepEqual([element.retries, browser.reloads], [1, 0]);
});

test('stopped while it looks whether there is a network, it does not load the page again', async () => {
  const { browser, element, stop } = await standing();
  element.fire('cashier-error', lost());
  const passed = browser.pass(30_000);
  stop();
  await passed;
  assert.equal(browser.reloads, 0);
});

test('when it is stopped, nothing of it stays', async () => {
  const moments = {
    'at once': () => {},
    'while it speaks': ({ browser, element }) => {
      browser.speech = 'hangs';
      element.pays(1250);
    },
    'while a sound waits': ({ browser, element }) => {
      browser.speech = 'refused';
      element.pays(1250);
    },
    'while it offers sound': async ({ browser }) => browser.pass(700),
    'before the order is taken away': ({ element }) => element.becomes('expired'),
    'in trouble': ({ element }) => element.becomes('error'),
    'with its program lost': ({ element }) => element.fire('cashier-error', lost()),
    'with an order of the till': ({ browser }) => browser.send({ type: 'order', order: 'B', token: 't' }),
    'hidden': ({ browser }) => browser.sees('hidden'),
  };
  for (const [moment, reach] of Object.entries(moments)) {
    const stood = await standing({ set: (browser) => (browser.mayPlay = false) });
    await reach(stood);
    const { browser, element, stop } = stood;
    const { order } = element;
    stop();
    stop();
    await settled();
    assert.deepEqual(browser.left(), NOTHING, moment);
    assert.deepEqual([element.order, element.listeners], [order, []], moment);
  }
});

test('stopped before its wake lock has come, it lets go of it', async () => {
  const { browser, stop } = await standing({
    set: (browser) => {
      const { request } = browser.navigator.wakeLock;
      browser.navigator.wakeLock.request = (type) => request(type);
    },
  });
  await browser.sees('hidden');
  browser.document.visibilityState = 'visible';
  browser.document.fire('visibilitychange');
  stop();
  await settled();
  assert.deepEqual(browser.left(), NOTHING);
});

test('what speaks when one is stopped is silenced, unless another counter speaks too', async () => {
  const one = await standing({ set: (browser) => (browser.speech = 'hangs') });
  const two = await standing({ set: (browser) => (browser.speech = 'hangs') });
  one.element.pays(100);
  two.element.pays(200);
  one.stop();
  assert.equal(one.browser.cancelled, 0);
  two.stop();
  assert.equal(two.browser.cancelled, 1);
});
