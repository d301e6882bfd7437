// The counter's screen, against an element and a browser of the test's own: what it says, and when it is idle again.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { settled, standing } from './support/counter.mjs';

test('what is paid here is spoken, once, with its amount', async () => {
  const { browser, element } = await standing();
  element.pays(1250);
  assert.deepEqual(browser.said, ['zh-CN: 微信支付收款12.50元']);
  assert.equal(browser.notes, 0);
});

test('it speaks the language that the screen is in', async () => {
  for (const [painted, said] of [['zh-HK', 'zh-HK: 微信支付收款12.50人民幣'], ['en', 'en: WeChat Pay received 12.50 Chinese yuan']]) {
    const { browser, element } = await standing({ set: ({ element }) => (element.painted = painted) });
    element.pays(1250);
    assert.equal(browser.said[0].replace(/(?<=0)\s(?=人)/, ''), said);
  }
});

test('the integrator has other words, if they have a place for the amount', async () => {
  for (const [SpokenPaid, said] of [['已收{}，谢谢', 'zh-CN: 已收12.50元，谢谢'], ['谢谢', 'zh-CN: 微信支付收款12.50元']]) {
    const { browser, element } = await standing({ options: { texts: { SpokenPaid } } });
    element.pays(1250);
    assert.deepEqual(browser.said, [said]);
  }
});

test('an order that was paid when it came is shown and not spoken', async () => {
  const { browser, element } = await standing();
  element.order = 'B';
  element.becomes('loading');
  element.pays(1250);
  assert.deepEqual([browser.said, browser.notes], [[], 0]);
});

test('an order that was spoken is not spoken again when the till sends it once more', async () => {
  const { browser, element } = await standing();
  element.pays(1250);
  await browser.pass(10_000);
  element.becomes('idle');
  await browser.send({ type: 'order', order: 'A' });
  element.becomes('loading');
  element.pays(1250);
  assert.equal(browser.said.length, 1);
});

test('stopped in the moment of a sound, it is silent', async () => {
  const { browser, element, stop } = await standing({ set: (browser) => (browser.speech = 'refused') });
  element.pays(1250);
  stop();
  await settled();
  assert.equal(browser.notes, 0);
});

test('paid after it had expired, and before the screen was idle, it is spoken', async () => {
  const { browser, element } = await standing();
  element.becomes('expired');
  await browser.pass(9_000);
  element.pays(1250);
  assert.equal(browser.said.length, 1);
  await browser.pass(9_000);
  assert.deepEqual(element.shown, [], 'and has its own time to be seen');
  await browser.pass(1_000);
  assert.deepEqual(element.shown, [null]);
});

test('nothing is spoken, and nothing opened for it, unless asked for', async () => {
  const { browser, element } = await standing({ attributes: {} });
  element.pays(1250);
  assert.deepEqual([browser.said, browser.notes, browser.contexts.length], [[], 0, 0]);
});

const SILENT = {
  'no speech': (browser) => (browser.speechSynthesis = undefined),
  'no voice for the language': (browser) => (browser.voices = ['en-US', 'de-DE']),
  'speech refused': (browser) => (browser.speech = 'refused'),
};
for (const [name, set] of Object.entries(SILENT)) {
  test(`${name}: a sound instead`, async () => {
    const { browser, element } = await standing({ set });
    element.pays(1250);
    await settled();
    assert.deepEqual([browser.said, browser.notes], [[], 2]);
  });
}

test('speech that does not begin in time: a sound instead', async () => {
  const { browser, element } = await standing({ set: (browser) => (browser.speech = 'hangs') });
  element.pays(1250);
  await browser.pass(2_999);
  assert.equal(browser.notes, 0);
  await browser.pass(1);
  assert.equal(browser.notes, 2);
});

test('an amount that nobody can say is a sound', async () => {
  for (const amount of [undefined, { value: 12.5, currency: 'CNY' }, { value: 1250, currency: 'yuan' }, { value: -1, currency: 'CNY' }]) {
    const { browser, element } = await standing();
    element.fire('cashier-paid', { detail: { order: 'A', amount } });
    await settled();
    assert.deepEqual([browser.said, browser.notes], [[], 2]);
  }
});

test('a sound that may not be played now is not played later: it would tell of another payment', async () => {
  const { browser, element } = await standing({ set: (browser) => Object.assign(browser, { mayPlay: false, speech: 'refused' }) });
  element.pays(1250);
  await browser.pass(1_000);
  await browser.touch();
  assert.equal(browser.notes, 0);
});

const offers = ({ shadowRoot }) => shadowRoot.children.filter(({ className }) => className === 'wc-sound');

test('sound is offered where it waits for a gesture, once, until it may be heard', async () => {
  const { browser, element } = await standing({ set: (browser) => (browser.mayPlay = false) });
  const offered = () => offers(element).map(({ textContent }) => textContent);
  assert.deepEqual(offered(), [], 'not before the browser has had its time');
  await browser.pass(700);
  assert.deepEqual(offered(), ['点按开启声音']);
  await browser.touch();
  assert.deepEqual(offered(), []);
  await browser.pass(60_000);
  assert.deepEqual(offered(), []);
});

test('a browser that may play is not asked to', async () => {
  const { browser, element } = await standing();
  await browser.pass(60_000);
  assert.deepEqual(offers(element), []);
});

test('speech can be asked for and forgone while it stands', async () => {
  const { browser, element } = await standing({ attributes: {} });
  browser.set({ speech: '' });
  element.pays(100);
  assert.equal(browser.said.length, 1);
  browser.set({ speech: null });
  assert.equal(browser.left().contexts, 0);
});

for (const status of ['paid', 'expired', 'closed', 'refunded']) {
  test(`${status}: idle after ten seconds`, async () => {
    const { browser, element } = await standing();
    element.becomes(status);
    await browser.pass(9_999);
    assert.deepEqual(element.shown, []);
    await browser.pass(1);
    assert.deepEqual(element.shown, [null]);
  });
}

test('what can still be paid stays, and so does what is wrong', async () => {
  const { browser, element } = await standing();
  for (const status of ['pending', 'confirming', 'error']) {
    element.becomes(status);
    await browser.pass(3_600_000);
    assert.deepEqual(element.shown, []);
  }
});

test('idle after what the attribute says', async () => {
  const cases = [['3', 3], ['0', 0], ['0.5', 0.5], ['', 10], ['soon', 10], ['-1', 10], ['1e9', 2147483.647]];
  for (const [value, seconds] of cases) {
    const { browser, element } = await standing({ attributes: { 'idle-after': value } });
    element.becomes('paid');
    assert.deepEqual([...browser.timers.values()].map(({ at }) => at), [seconds * 1000], value);
  }
  const { browser, element } = await standing({ attributes: { 'idle-after': 'never' } });
  element.becomes('paid');
  assert.equal(browser.timers.size, 0);
});

test('the next order is not taken away by the time of the last one', async () => {
  const { browser, element } = await standing();
  element.pays(1250);
  await browser.pass(9_000);
  element.order = 'B'; // and the program has told nothing of it yet
  element.shown = [];
  await browser.pass(60_000);
  assert.deepEqual(element.shown, []);
});

test('the same order again has its time anew', async () => {
  const { browser, element } = await standing();
  element.pays(1250);
  await browser.pass(9_000);
  element.becomes('loading');
  element.becomes('paid');
  element.shown = [];
  await browser.pass(9_000);
  assert.deepEqual(element.shown, []);
  await browser.pass(1_000);
  assert.deepEqual(element.shown, [null]);
});

test('what was told before this file was here counts', async () => {
  const { browser, element } = await standing({ set: ({ element }) => (element.status = 'pending') });
  element.pays(1250);
  assert.equal(browser.said.length, 1);
});

test('it goes nowhere', async () => {
  const { element } = await standing();
  assert.ok(element.fire('cashier-navigate', { detail: { order: 'A', url: 'https://shop.example/', reason: 'shop' } }).prevented);
});

test('events of another cashier inside are not its own', async () => {
  const { browser, element } = await standing({ attributes: { speech: '' } });
  await browser.pass(1_000);
  element.fire('cashier-status', { target: {}, detail: { order: 'A', status: 'paid' } });
  element.fire('cashier-paid', { target: {}, detail: { order: 'A', amount: { value: 1, currency: 'CNY' } } });
  assert.deepEqual([browser.said, browser.timers.size], [[], 0]);
});
