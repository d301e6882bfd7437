// What telemetry sends, when, and what it keeps: `node --test tests/js/*.test.mjs`.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { measure } from '../../src/embed/telemetry.js';
import { Browser, Storage } from './support/page.mjs';

const ORDER = 'T20261121001';
const OPTIONS = { url: 'https://shop.example/telemetry', order: ORDER, lang: 'zh-CN', layout: 'page', since: 250 };
const SECRET = /T20261121001|13800138000|secret|tenpay|1999/;

/** A cashier that is measured in a page of its own, and has drawn its code after 700 ms. */
function scanning(browser = new Browser(), tab) {
  const page = browser.page(tab);
  const stop = measure(page.target, OPTIONS, page);
  page.pass(700);
  page.status('scan');
  return { browser, page, stop };
}

const names = (records) => records.map(({ name }) => name);

test('a batch is sent ten seconds after its first record', () => {
  const { browser, page } = scanning();
  page.pass(9_999);
  assert.deepEqual(browser.sent, []);
  page.pass(1);
  assert.equal(browser.sent.length, 1);
  assert.equal(browser.sent[0].url, OPTIONS.url);
  assert.equal(typeof browser.sent[0].body, 'string', 'text needs no preflight');
  assert.deepEqual(browser.batches()[0], {
    v: 1,
    batch_id: '000000000000000000000002',
    visit: '000000000000000000000001',
    lang: 'zh-CN',
    layout: 'page',
    sent_at_ms: 10_700,
    dropped: 0,
    events: [
      { name: 'shown', at_ms: 0 },
      { name: 'method', at_ms: 700, method: 'native', screen: undefined },
      { name: 'qr', at_ms: 700, method: 'native', screen: 'scan' },
    ].map((record) => JSON.parse(JSON.stringify(record))),
  });
  page.pass(3_600_000);
  assert.equal(browser.sent.length, 1, 'nothing new, nothing sent');
  assert.equal(page.timers, 0);
});

test('twenty records do not wait', () => {
  const { browser, page } = scanning();
  for (let index = 0; index < 17; index += 1) {
    assert.equal(browser.sent.length, 0);
    page.says('error', { code: `code_${index}`, fatal: false });
  }
  assert.equal(browser.records().length, 20);
  assert.equal(page.timers, 0);
});

test('a page that is hidden or left sends what it has', () => {
  const { browser, page } = scanning();
  page.hide();
  assert.deepEqual(names(browser.records()), ['shown', 'method', 'qr']);
  page.show();
  assert.equal(browser.sent.length, 1);
  page.tell('pagehide', { persisted: false });
  assert.deepEqual(names(browser.records()), ['shown', 'method', 'qr', 'abandoned']);
});

test('what came before this file is told with its own time', () => {
  const browser = new Browser();
  const page = browser.page();
  page.pass(5_000);
  const past = [
    { type: 'cashier-ready', timeStamp: 900, detail: { order: ORDER } },
    { type: 'cashier-status', timeStamp: 910, detail: { order: ORDER, status: 'pending', screen: 'scan', method: 'native' } },
  ];
  measure(page.target, { ...OPTIONS, past }, page);
  page.hide();
  assert.deepEqual(browser.records().map(({ name, at_ms }) => [name, at_ms]), [['shown', 0], ['method', 660], ['qr', 660]]);
});

test('an old kernel that counts from 1970 does not put an event into the future', () => {
  const browser = new Browser();
  const page = browser.page();
  page.pass(5_000);
  const past = [{ type: 'cashier-status', timeStamp: browser.wall, detail: { status: 'pending', screen: 'scan', method: 'native' } }];
  measure(page.target, { ...OPTIONS, past }, page);
  page.hide();
  assert.deepEqual(browser.records().map(({ at_ms }) => at_ms), [0, 5_000, 5_000]);
});

test('nothing travels that says who, what or how much', () => {
  const { browser, page } = scanning();
  page.says('error', { code: 'unreachable', detail: 'https://shop.example/?token=secret 13800138000', fatal: false });
  page.says('navigate', { url: 'https://wx.tenpay.com/?prepay_id=wx1999', reason: 'pay' });
  page.says('paid', { amount: 1999 });
  page.hide();
  assert.equal(browser.records().length, 6);
  assert.doesNotMatch(browser.sent[0].body, SECRET);
});

// ── Visits ───────────────────────────────────────────────────────────────────────────────────────────────────────────

test('a visit goes on over a reload and over the way to WeChat, and in no other tab', () => {
  const { browser, page } = scanning();
  page.says('navigate', { reason: 'pay' });
  page.tell('pagehide', { persisted: false });
  browser.wall += 60_000;
  const back = browser.page({ sessionStorage: page.sessionStorage });
  measure(back.target, OPTIONS, back);
  back.pass(500);
  back.status('returned');
  back.says('paid');
  back.hide();
  const other = browser.page();
  measure(other.target, OPTIONS, other);
  other.status('scan');
  other.hide();

  const [first, second, third] = browser.batches();
  assert.equal(second.visit, first.visit);
  assert.notEqual(third.visit, first.visit);
  assert.deepEqual(names(first.events), ['shown', 'method', 'qr', 'opened']);
  assert.deepEqual(second.events.map(({ name, at_ms }) => [name, at_ms]), [['shown', 60_700], ['returned', 61_200], ['paid', 61_200]]);
  assert.deepEqual(names(third.events), ['shown', 'method', 'qr']);
});

test('another order in the same tab is another visit, and a tab remembers eight', () => {
  const browser = new Browser();
  const page = browser.page();
  for (let index = 0; index < 500; index += 1) {
    const stop = measure(page.target, { ...OPTIONS, order: `T${index}` }, page);
    page.status('scan');
    page.says('paid');
    stop();
  }
  assert.equal(new Set(browser.batches().map(({ visit }) => visit)).size, 500);
  assert.equal(JSON.parse(page.sessionStorage.getItem('wechat-cashier.visits')).length, 8);
  assert.equal(page.listeners + page.timers, 0);
});

test('a paid page that is loaded again adds nothing', () => {
  const { browser, page } = scanning();
  page.says('paid');
  page.tell('pagehide', { persisted: false });
  const again = browser.page({ sessionStorage: page.sessionStorage });
  measure(again.target, OPTIONS, again);
  again.status('paid', 'native', 'paid');
  again.says('paid');
  again.tell('pagehide', { persisted: false });
  assert.deepEqual(names(browser.records()), ['shown', 'method', 'qr', 'paid']);
});

test('a clock that was set back, a tab of yesterday and a damaged memory make new visits', () => {
  for (const spoil of [
    (browser) => (browser.wall -= 3_600_000),
    (browser) => (browser.wall += 25 * 3_600_000),
    (_, { sessionStorage }) => sessionStorage.setItem('wechat-cashier.visits', '{"not":"ours"}'),
    (_, { sessionStorage }) => sessionStorage.setItem('wechat-cashier.visits', '[{"order":"T20261121001"}]'),
    (_, { sessionStorage }) => sessionStorage.setItem('wechat-cashier.visits', '[null]'),
    (_, { sessionStorage }) => Storage.full.add(sessionStorage),
  ]) {
    const { browser, page } = scanning();
    page.hide();
    if (spoil.length < 2) {
      spoil(browser);
    } else {
      page.sessionStorage.removeItem('wechat-cashier.visits');
      spoil(browser, page);
    }
    const again = browser.page({ sessionStorage: page.sessionStorage });
    measure(again.target, OPTIONS, again);
    again.status('scan');
    again.hide();
    const [first, second] = browser.batches();
    assert.notEqual(first.visit, second.visit, String(spoil));
    assert.equal(second.events[0].at_ms, 0);
  }
});

// ── Offline ──────────────────────────────────────────────────────────────────────────────────────────────────────────

for (const [what, cut, mend] of [
  ['offline', (browser) => (browser.online = false), (browser) => (browser.online = true)],
  ['refused by the browser', (browser) => (browser.takes = false), (browser) => (browser.takes = true)],
  ['without sendBeacon', (browser) => (browser.takes = null), (browser) => (browser.takes = true)],
]) {
  test(`${what}: batches are kept, and sent when the browser is online again, once`, () => {
    const browser = new Browser();
    cut(browser);
    const { page } = scanning(browser);
    page.pass(10_000);
    page.says('error', { code: 'offline', fatal: false });
    page.pass(10_000);
    assert.equal(browser.kept().length, 2);
    assert.equal(browser.sent.length, 0);
    page.pass(100_000);
    mend(browser);
    page.tell('online');
    page.tell('online');
    assert.equal(browser.kept().length, 0);
    assert.deepEqual(browser.batches().map(({ sent_at_ms, events }) => [sent_at_ms, names(events)]), [
      [120_700, ['shown', 'method', 'qr']], // kept at 10,700, sent 110,000 later
      [120_700, ['error']],
    ]);
  });
}

test('the next visit sends what the last one could not, each tab what is left', () => {
  const browser = new Browser();
  browser.online = false;
  const { page, stop } = scanning(browser);
  stop();
  assert.equal(page.listeners + page.timers, 0);
  browser.online = true;
  browser.wall += 24 * 3_600_000;
  for (let tab = 0; tab < 2; tab += 1) {
    const next = browser.page();
    measure(next.target, OPTIONS, next);
  }
  assert.equal(browser.sent.length, 1);
  assert.equal(browser.batches()[0].sent_at_ms, 700 + 24 * 3_600_000);
});

test('forty batches are kept; the oldest go, and are counted', () => {
  const browser = new Browser();
  browser.online = false;
  const page = browser.page();
  for (let index = 0; index < 50; index += 1) {
    const stop = measure(page.target, { ...OPTIONS, order: `T${index}` }, page);
    page.status('scan');
    page.pass(1000);
    stop();
  }
  assert.equal(browser.kept().length, 40);
  browser.online = true;
  const next = browser.page();
  measure(next.target, OPTIONS, next);
  const batches = browser.batches();
  const told = batches.reduce((sum, { events, dropped }) => sum + events.length + dropped, 0);
  assert.equal(told, 50 * 4, 'every record was sent or is counted');
  assert.equal(batches.length, 40);
});

test('what is kept is small in characters too', () => {
  const browser = new Browser();
  browser.online = false;
  const page = browser.page();
  const url = `https://shop.example/telemetry?ticket=${'x'.repeat(5000)}`;
  for (let index = 0; index < 50; index += 1) {
    const stop = measure(page.target, { ...OPTIONS, url, order: `T${index}` }, page);
    page.status('scan');
    stop();
  }
  const chars = browser.kept().reduce((sum, name) => sum + browser.localStorage.getItem(name).length, 0);
  assert.ok(chars <= 60_000 && chars > 50_000, `${chars}`);
});

test('what was kept for over a week, or cannot be read, is thrown away', () => {
  const browser = new Browser();
  browser.online = false;
  scanning(browser).stop();
  browser.wall += 8 * 24 * 3_600_000;
  browser.localStorage.setItem(`wechat-cashier.batch.${browser.wall.toString(36)}.x`, 'not JSON');
  browser.online = true;
  const { page } = scanning(browser);
  page.hide();
  assert.equal(browser.kept().length, 0);
  assert.equal(browser.sent.length, 1);
  assert.equal(browser.batches()[0].dropped, 4);
});

test('what was lost is told once, whatever made it so', () => {
  const browser = new Browser();
  browser.online = false;
  for (let tab = 0; tab < 2; tab += 1) {
    scanning(browser).stop();
  }
  browser.wall += 8 * 24 * 3_600_000;
  browser.online = true;
  const { page } = scanning(browser);
  for (let index = 0; index < 9; index += 1) {
    page.says('error', { code: 'unreachable', fatal: false });
  }
  page.tell('online'); // nothing is kept, nothing more is lost
  page.status('confirming');
  page.hide();
  assert.deepEqual(browser.batches().map(({ dropped }) => dropped), [2 * 4 + 4, 0]);
});

test('what grows too old while a page stands is told too', () => {
  const browser = new Browser();
  browser.online = false;
  const { page } = scanning(browser);
  page.pass(10_000);
  for (let index = 0; index < 9; index += 1) {
    page.says('error', { code: 'unreachable', fatal: false });
  }
  page.pass(8 * 24 * 3_600_000);
  browser.online = true;
  page.tell('online');
  assert.equal(browser.sent.length, 0);
  page.status('confirming');
  page.hide();
  assert.deepEqual(browser.batches().map(({ dropped }) => dropped), [3 + 5 + 4]);
});

test('a large batch takes the room of several small ones', () => {
  const browser = new Browser();
  browser.online = false;
  const visit = (order, size) => {
    const page = browser.page();
    const url = `https://shop.example/telemetry?ticket=${'x'.repeat(size)}`;
    const stop = measure(page.target, { ...OPTIONS, url, order }, page);
    page.status('scan');
    stop();
    browser.wall += 1_000;
  };
  for (let index = 0; index < 5; index += 1) {
    visit(`T${index}`, 10_000);
  }
  visit('T5', 40_000);
  assert.equal(browser.kept().length, 2);
  browser.online = true;
  measure(browser.page().target, OPTIONS, browser.page());
  assert.deepEqual(browser.batches().map(({ dropped }) => dropped), [0, 4 * 4]);
});

test('a batch that is refused once more stays, and so do those after it', () => {
  const browser = new Browser();
  browser.online = false;
  const { page } = scanning(browser);
  page.pass(10_000);
  page.says('error', { code: 'offline', fatal: false });
  page.pass(10_000);
  const kept = { ...browser.localStorage };
  browser.online = true;
  browser.takes = false;
  page.tell('online');
  assert.deepEqual({ ...browser.localStorage }, kept);
});

for (const [what, spoil] of [
  ['full', (browser) => Storage.full.add(browser.localStorage)],
  ['forbidden', (browser) => (browser.localStorage = null)],
]) {
  test(`storage is ${what}: records wait in the page, so many, and nothing breaks`, () => {
    const browser = new Browser();
    spoil(browser);
    browser.takes = false;
    const { page } = scanning(browser);
    page.pass(10_000);
    for (let index = 0; index < 100; index += 1) {
      page.says('error', { code: `code_${index}`, fatal: false });
    }
    page.says('paid');
    page.pass(10_000);
    browser.takes = true;
    page.tell('online');
    assert.equal(browser.sent.length, 1);
    const [{ events, dropped }] = browser.batches();
    assert.equal(events.length, 60);
    assert.equal(events.at(-1).name, 'paid');
    assert.equal(dropped, 3 + 100 + 1 - 60);
  });
}

// ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────────────

test('stopping says that the order was left, sends what there is, and leaves nothing', () => {
  const { browser, page, stop } = scanning();
  assert.ok(page.listeners > 0 && page.timers === 1);
  stop();
  stop();
  page.tell('pagehide', { persisted: false });
  page.status('expired');
  assert.deepEqual(names(browser.records()), ['shown', 'method', 'qr', 'abandoned']);
  assert.equal(page.listeners + page.timers, 0);
});

test('a page that the browser brings back goes on', () => {
  const { browser, page } = scanning();
  page.tell('pagehide', { persisted: true });
  page.pass(5_000);
  page.tell('pageshow', { persisted: true });
  page.says('paid');
  page.hide();
  assert.deepEqual(names(browser.records()), ['shown', 'method', 'qr', 'abandoned', 'shown', 'paid']);
  assert.equal(new Set(browser.batches().map(({ visit }) => visit)).size, 1);
});

test('a counter that stands for weeks with a bad line sends little and keeps little', () => {
  const { browser, page } = scanning();
  for (let hour = 0; hour < 24 * 21; hour += 1) {
    browser.online = hour % 2 === 0;
    page.tell(browser.online ? 'online' : 'offline');
    page.says('error', { code: 'offline', fatal: false });
    page.status(hour % 2 ? 'expired' : 'scan');
    page.pass(3_600_000);
  }
  assert.ok(browser.records().length <= 60, `${browser.records().length}`);
  assert.ok(browser.kept().length <= 40);
  assert.equal(page.timers, 0);
});
