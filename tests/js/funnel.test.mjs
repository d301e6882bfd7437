// From the cashier's events to records: `node --test tests/js/*.test.mjs`.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { nothingSeen, take } from '../../src/embed/telemetry/funnel.js';

const order = 'T20261121001';
const status = (screen, method = 'native', word = 'pending', more) => ['cashier-status', { order, status: word, screen, method, ...more }];
const error = (code, fatal = false) => ['cashier-error', { order, code, detail: 'https://shop.example/?token=secret', fatal }];
const navigate = (reason) => ['cashier-navigate', { order, url: 'https://wx.tenpay.com/?prepay_id=1', reason }];

/** What follows from this news, one piece each second. */
function follow(news, seen = nothingSeen(), from = 0) {
  const records = news.flatMap(([type, detail], index) => take(seen, type, detail, from + index * 1000));
  return JSON.parse(JSON.stringify(records)); // as they travel
}

const names = (records) => records.map(({ name }) => name);

test('a payer scans and pays', () => {
  const records = follow([
    ['shown'], status('loading', null, 'loading'), status('loading'), status('scan'), status('confirming', 'native', 'confirming'),
    status('paid', 'native', 'paid'), ['cashier-paid', { order }], ['left'],
  ]);
  assert.deepEqual(records, [
    { name: 'shown', at_ms: 0 },
    { name: 'method', at_ms: 2000, method: 'native', screen: 'loading' },
    { name: 'qr', at_ms: 3000, method: 'native', screen: 'scan' },
    { name: 'confirming', at_ms: 4000, method: 'native', screen: 'confirming' },
    { name: 'paid', at_ms: 6000, method: 'native', screen: 'confirming' },
  ]);
});

test('no record holds anything but words, numbers and the method', () => {
  const records = follow([
    ['shown'], status('scan', '支付宝 13800138000'), error('Fail: 13800138000'), error('unreachable', true), error(undefined),
    status('a screen of https://shop.example', null), ['left'],
  ]);
  assert.deepEqual(records.map(({ at_ms, ...rest }) => rest), [
    { name: 'shown' },
    { name: 'method', method: 'other' },
    { name: 'qr', method: 'other', screen: 'scan' },
    { name: 'error', method: 'other', screen: 'scan', code: 'other' },
    { name: 'error', method: 'other', screen: 'scan', code: 'unreachable', fatal: true },
    { name: 'error', method: 'other', screen: 'scan', code: 'other' },
    { name: 'abandoned', method: 'other', screen: 'other' },
  ]);
});

test('the ways to be opened: a tap in WeChat, an address to go to, a code that was taken', () => {
  const jsapi = [['shown'], status('pay', 'jsapi', 'pending', { stage: 'ready' }), status('pay', 'jsapi', 'pending', { stage: 'opening' })];
  assert.deepEqual(names(follow(jsapi)), ['shown', 'method', 'opened']);
  const twice = [...jsapi, status('pay', 'jsapi', 'pending', { stage: 'ready' }), status('pay', 'jsapi', 'pending', { stage: 'opening' })];
  assert.deepEqual(names(follow(twice)), ['shown', 'method', 'opened', 'opened']);
  const h5 = [['shown'], status('pay', 'h5', 'pending', { stage: 'opening' }), navigate('pay')];
  assert.deepEqual(names(follow(h5)), ['shown', 'method', 'opened']);
  const till = [['shown'], status('take-code', 'payment_code'), status('await-payer', 'payment_code')];
  assert.deepEqual(names(follow(till)), ['shown', 'method', 'opened']);
});

test('who goes to WeChat or to log in has not given up; who goes to the shop has', () => {
  const begun = [['shown'], status('pay', 'h5')];
  assert.deepEqual(names(follow([...begun, navigate('pay'), ['left']])), ['shown', 'method', 'opened']);
  assert.deepEqual(names(follow([...begun, navigate('login'), ['left']])), ['shown', 'method', 'login']);
  assert.deepEqual(names(follow([...begun, navigate('unframe'), ['left']])), ['shown', 'method']);
  assert.deepEqual(names(follow([...begun, navigate('shop'), ['left']])), ['shown', 'method', 'abandoned']);
  const sheet = [['shown'], status('pay', 'jsapi', 'pending', { stage: 'opening' })];
  assert.deepEqual(names(follow([...sheet, ['left']])), ['shown', 'method', 'opened'], 'WeChat closed the page');
  const cancelled = [...sheet, status('pay', 'jsapi', 'pending', { stage: 'ready' }), ['left']];
  assert.deepEqual(names(follow(cancelled)), ['shown', 'method', 'opened', 'abandoned']);
  const stays = [...begun, navigate('pay'), status('returned', 'h5'), ['left']];
  assert.deepEqual(names(follow(stays)), ['shown', 'method', 'opened', 'returned', 'abandoned']);
});

test('a page that comes back takes back that it was abandoned', () => {
  const records = follow([['shown'], status('scan'), ['left'], ['back'], ['cashier-paid', { order }]]);
  assert.deepEqual(names(records), ['shown', 'method', 'qr', 'abandoned', 'shown', 'paid']);
});

test('a reload draws anew what it draws, and chooses nothing', () => {
  const seen = nothingSeen();
  follow([['shown'], status('scan'), ['left']], seen);
  const kept = JSON.parse(JSON.stringify(seen));
  const records = follow([['shown'], status('scan')], kept, 5000);
  assert.deepEqual(records.map(({ name, at_ms }) => [name, at_ms]), [['shown', 5000], ['qr', 6000]]);
});

test('a new page knows nothing of a sheet that was open, nor of a way that was gone', () => {
  const opening = status('pay', 'h5', 'pending', { stage: 'opening' });
  const reloaded = [['shown'], opening, navigate('pay'), ['left'], ['shown'], opening, ['left']];
  assert.deepEqual(names(follow(reloaded)), ['shown', 'method', 'opened', 'shown', 'opened']);
  const here = [['shown'], status('pay', 'h5'), navigate('login'), ['left'], ['shown'], status('pay', 'h5'), ['left']];
  assert.deepEqual(names(follow(here)), ['shown', 'method', 'login', 'shown', 'abandoned']);
  const unmoved = [['shown'], status('pay', 'h5'), navigate('login'), ['left'], ['shown'], ['left']];
  assert.deepEqual(names(follow(unmoved)), ['shown', 'method', 'login', 'shown', 'abandoned']);
  const back = [['shown'], status('pay', 'h5'), navigate('login'), ['left'], ['back'], ['left']];
  assert.deepEqual(names(follow(back)), ['shown', 'method', 'login', 'shown', 'abandoned']);
});

test('the payer chooses another way', () => {
  const records = follow([['shown'], status('scan'), status('pay', 'alipay')]);
  assert.deepEqual(records.filter(({ name }) => name === 'method').map(({ method }) => method), ['native', 'alipay']);
});

test('an order that is over when the page opens is no visit', () => {
  for (const word of ['paid', 'refunded', 'closed', 'expired']) {
    const event = word === 'refunded' ? [] : [[`cashier-${word}`, { order }]];
    const told = [status(word, null, word), ...event];
    for (const news of [told, [...told].reverse(), told.slice(0, 1)]) {
      assert.deepEqual(follow([['shown'], ...news, ['left'], ['back'], error('offline')]), [], word);
    }
  }
});

test('paid is recorded once, also over a reload and after the order was closed', () => {
  const seen = nothingSeen();
  const first = follow([['shown'], status('scan'), ['cashier-closed', { order }], ['left']], seen);
  assert.deepEqual(names(first), ['shown', 'method', 'qr', 'closed']);
  const reloaded = [['shown'], status('closed', null, 'closed'), ['cashier-closed', { order }]];
  assert.deepEqual(names(follow(reloaded, seen)), []);
  const paid = [['cashier-paid', { order }], ['cashier-paid', { order }], ['left'], ['shown'], status('paid', 'alipay', 'paid'), ['cashier-paid', { order }]];
  assert.deepEqual(names(follow(paid, seen)), ['shown', 'paid']);
  assert.deepEqual(names(follow([status('refunded', null, 'refunded')], seen)), ['shown', 'refunded']);
});

test('a code that expires is not an order that does', () => {
  const records = follow([['shown'], status('scan'), status('expired'), status('scan'), ['cashier-expired', { order }]]);
  assert.deepEqual(names(records), ['shown', 'method', 'qr', 'code_expired', 'qr', 'expired']);
});

test('weeks of trouble stay a few records, what is left out is counted, and the payment is among them', () => {
  const seen = nothingSeen();
  follow([['shown'], status('scan')], seen);
  const before = seen.count;
  const offline = follow(Array.from({ length: 1000 }, () => error('offline')), seen);
  assert.equal(offline.length, 5);
  const codes = follow(Array.from({ length: 1000 }, (_, index) => status(index % 2 ? 'scan' : 'expired')), seen);
  assert.equal(before + offline.length + codes.length, 60);
  const ends = follow(Array.from({ length: 100 }, () => ['left']), seen);
  assert.equal(ends.length, 20);
  assert.deepEqual(names(follow([['cashier-paid', { order }]], seen)), ['paid']);
  assert.equal(seen.dropped, 995 + (1000 - codes.length) + 80);
  assert.ok(JSON.stringify(seen).length < 400, JSON.stringify(seen));
});

test('many kinds of errors do not make the memory grow', () => {
  const seen = nothingSeen();
  follow([['shown'], ...Array.from({ length: 10_000 }, (_, index) => error(`code_${index}`))], seen);
  assert.equal(seen.count, 60);
  assert.ok(JSON.stringify(seen).length < 2000, `${JSON.stringify(seen).length} characters`);
});
