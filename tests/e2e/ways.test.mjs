// The other ways to pay: the merchant's own, and from any way to any other.

import assert from 'node:assert/strict';

import {
  MIDDLE_PAGE, PHONE, WECHAT, button, choose, inWechat, opened, otherWays, payable, payableNow, paymentRequests, press, rewritten, toWechat, waysOf,
} from './support/phone.mjs';
import { FAILED_REQUESTS, behaviour, fault, keepPagesForBack } from './support/test.mjs';

keepPagesForBack();

const DESKTOP = { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false, userAgent: undefined };
const WALLET = /\/alipay\/pay\?/;

const ways = (page) => page.locator('details.wc-ways');
const isOpen = async (page) => (await ways(page).getAttribute('open')) !== null;
const method = (page) => page.locator('.wc-method').innerText();
/** On the other wallet's pay page. */
const atWallet = (page, outcome) => page.locator(`[data-outcome="${outcome}"]`).click();

// ── Where they are ───────────────────────────────────────────────────────────────────────────────────────────────────

behaviour('they are folded away, under their own words, with the merchant\'s label and icon', async (world) => {
  const { page } = await opened(world, 'scan', DESKTOP);
  assert.equal(await isOpen(page), false);
  assert.equal(await ways(page).locator('summary').innerText(), '其他付款方式');
  assert.equal(await page.locator('.wc-way').first().isVisible(), false);
  assert.deepEqual(await waysOf(page), ['支付宝', '云闪付', '打开微信支付']);
  assert.equal(await page.locator('.wc-way[aria-current="true"]').innerText(), '扫码支付');
  const icon = page.locator('.wc-way', { hasText: '支付宝' }).locator('img');
  assert.equal(await icon.getAttribute('src'), '/assets/alipay.svg');
  assert.ok(await icon.evaluate((image) => image.complete && image.naturalWidth > 0));
});

behaviour('by the keyboard: fold, choose, and nothing is chosen by what follows', async (world) => {
  const { cashier, page } = await opened(world, 'scan', DESKTOP);
  await button(page, 'again').focus();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'summary');
  await page.keyboard.press('Enter');
  await page.locator('.wc-way').first().waitFor();
  const names = [];
  while (names.at(-1) !== '云闪付' && names.length < 5) {
    await page.keyboard.press('Tab');
    names.push(await page.evaluate(() => document.activeElement.innerText));
  }
  assert.ok(names.includes('支付宝'), `${names}`);
  await page.keyboard.press('Enter');
  await page.getByText('请打开云闪付扫一扫付款').first().waitFor();
  assert.equal((await paymentRequests(cashier)).length, 2);
  // A key that is held down, or pressed once more, is not another choice.
  await page.keyboard.press('Enter');
  await page.evaluate(() => window.observed.turn());
  assert.equal(await method(page), '云闪付');
});

behaviour('for a screen reader they are a group of buttons with names, and what a choice leads to is told', async (world) => {
  const { page } = await opened(world, 'scan', DESKTOP);
  await waysOf(page);
  for (const name of ['支付宝', '云闪付', '打开微信支付']) {
    assert.equal(await page.getByRole('button', { name, exact: true }).count(), 1, name);
  }
  const tree = await page.locator('.wc-ways').ariaSnapshot();
  assert.match(tree, /group/);
  assert.doesNotMatch(tree, /img/, 'icons say nothing that the label does not');
  const news = page.locator('[role="status"].wc-unseen');
  const before = await news.innerText();
  await choose(page, '云闪付');
  await page.locator('.wc-method', { hasText: '云闪付' }).waitFor();
  assert.notEqual(await news.innerText(), before, 'another wallet has to be opened');
});

behaviour('they are opened where WeChat has failed twice, and stay open', async (world) => {
  const { sandbox } = world;
  await sandbox.call('PUT', '/wechat/phone', { answer: 'get_brand_wcpay_request:fail', answer_count: 0 });
  const order = await sandbox.newOrder();
  const cashier = await world.openCashier(order, { ...WECHAT, path: order.wechat_url });
  const { page } = cashier;
  const ready = () => page.locator('[data-tap="pay"]').waitFor();
  await ready();
  assert.equal(await isOpen(page), false);
  await press(page, 'pay');
  await cashier.shows('trouble');
  assert.equal(await isOpen(page), true, 'where there is nothing else on the screen');
  await press(page, 'retry');
  await cashier.advance(2_000);
  await ready();
  assert.equal(await isOpen(page), false, 'once may be by chance');
  await press(page, 'pay');
  await cashier.shows('trouble');
  await press(page, 'retry');
  await cashier.advance(2_000);
  await ready();
  assert.equal(await isOpen(page), true);
  assert.equal(await otherWays(page).first().innerText(), '扫码支付');
});

behaviour('they are opened where WeChat Pay is down, says the backend, and lead out of it', async (world) => {
  const { sandbox } = world;
  world.allow(FAILED_REQUESTS);
  const order = await sandbox.newOrder();
  await sandbox.setFaults(order, fault('upstream_unavailable', { on: 'payment', times: 1 }));
  const cashier = await world.openCashier(order, DESKTOP);
  await cashier.shows('trouble');
  assert.match(await cashier.text(), /upstream_unavailable/);
  assert.equal(await isOpen(cashier.page), true);
  await choose(cashier.page, '支付宝');
  await cashier.page.waitForURL(WALLET);
  await atWallet(cashier.page, 'pay');
  await cashier.shows('paid');
});

behaviour('they are opened over a code too, where the backend cannot reach WeChat Pay', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'scan', DESKTOP);
  world.allow(FAILED_REQUESTS);
  await sandbox.setFaults(order, fault('upstream_unavailable', { on: 'order' }));
  await cashier.advanceUntil('the ways open', () => isOpen(page), 12_000);
  assert.equal(await cashier.screen(), 'scan');
});

behaviour('what the payer folds or opens stays so while time passes', async (world) => {
  const { cashier, page } = await opened(world, 'scan', DESKTOP);
  await waysOf(page);
  await cashier.advance(5_000);
  assert.equal(await isOpen(page), true);
  await ways(page).locator('summary').click();
  await cashier.advance(5_000);
  assert.equal(await isOpen(page), false);
});

behaviour('there is no second way while a payment is being confirmed', async (world) => {
  const { cashier, page } = await opened(world, 'scan', DESKTOP);
  await press(page, 'have-paid');
  await cashier.shows('confirming');
  assert.equal(await ways(page).count(), 0);
});

// ── The merchant's own ───────────────────────────────────────────────────────────────────────────────────────────────

behaviour('Alipay: there, paid, and back', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'scan', DESKTOP);
  await choose(page, '支付宝');
  await page.waitForURL(WALLET);
  assert.deepEqual((await payable(cashier)).map(({ trade_type: type }) => type), ['WALLET']);
  await atWallet(page, 'pay');
  await page.waitForURL(/\/cashier\/\?/);
  await cashier.shows('paid');
  assert.equal((await sandbox.order(order)).status, 'paid');
});

behaviour('Alipay: there, not paid, and back: the page asks, "pay again" leads there once more', async (world) => {
  const { cashier, page } = await opened(world, 'scan', DESKTOP);
  await choose(page, '支付宝');
  await page.waitForURL(WALLET);
  await atWallet(page, 'cancel');
  await cashier.shows('returned');
  assert.equal(await method(page), '支付宝');
  await press(page, 'again');
  await page.waitForURL(WALLET);
  await atWallet(page, 'pay');
  await cashier.shows('paid');
});

behaviour('UnionPay: its code is drawn under its name, and paid by the phone', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'scan', DESKTOP);
  const wechat = await cashier.code();
  await choose(page, '云闪付');
  await page.getByText('请打开云闪付扫一扫付款').first().waitFor();
  assert.equal(await method(page), '云闪付');
  assert.ok((await waysOf(page)).includes('扫码支付'));
  const code = await cashier.readQr();
  assert.match(code, /^https:\/\/qr\.95516\.com\//);
  assert.equal((await sandbox.scan(wechat)).result, 'refused', 'WeChat\'s code is dead');
  await sandbox.payByText(code);
  await cashier.reaches('paid', 8_000);
  assert.equal((await sandbox.order(order)).status, 'paid');
});

behaviour('a code of an origin that the integrator does not list is not drawn (field problem 26)', async (world) => {
  const only = (html) => html.replace(' https://qr.95516.com', '');
  const { cashier, page } = await opened(world, 'scan', { ...DESKTOP, before: rewritten(only) });
  await choose(page, '云闪付');
  await cashier.shows('trouble');
  assert.match(await cashier.text(), /address_not_allowed[^]*qr\.95516\.com/);
  assert.equal(await cashier.code(), null);
  await choose(page, '扫码支付');
  await cashier.shows('scan');
});

// ── From any to any ──────────────────────────────────────────────────────────────────────────────────────────────────

behaviour('back and forth between all ways, one trade at a time can be paid (field problem 56)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay');
  const codes = new Map();
  const only = async (type) => {
    const open = await payable(cashier);
    assert.deepEqual(open.map(({ trade_type: type }) => type), [type]);
  };
  const toCode = async (name, type) => {
    await choose(page, name);
    await page.waitForFunction((known) => {
      const shown = document.querySelector('[data-qr]')?.getAttribute('data-qr');
      return shown && !known.includes(shown);
    }, [...codes.keys()]);
    codes.set(await cashier.code(), type);
    await only(type);
  };
  await toWechat(page);
  await only('MWEB');
  await inWechat(page, 'cancel');
  await cashier.shows('returned');
  await toCode('扫码支付', 'NATIVE');
  await toCode('云闪付', 'UNIONPAY');
  await choose(page, '支付宝');
  await page.waitForURL(WALLET);
  await only('WALLET');
  await atWallet(page, 'cancel');
  await cashier.shows('returned');
  await toCode('扫码支付', 'NATIVE');
  await choose(page, '打开微信支付');
  await page.waitForURL(MIDDLE_PAGE);
  await only('MWEB');
  await inWechat(page, 'cancel');
  await cashier.shows('returned');
  await toCode('云闪付', 'UNIONPAY');
  await toCode('扫码支付', 'NATIVE');
  const shown = await cashier.code();
  for (const code of codes.keys()) {
    assert.equal((await sandbox.scan(code)).result, code === shown ? 'bill' : 'refused', code);
  }
  await sandbox.payByText(shown);
  await cashier.reaches('paid', 8_000);
  const { trades } = await sandbox.order(order);
  assert.equal(trades.filter(({ trade_state: state }) => state === 'SUCCESS').length, 1);
  assert.ok(trades.every(({ trade_state: state }) => state === 'SUCCESS' || state === 'CLOSED'));
});

behaviour('in WeChat, back and forth between JSAPI, the QR and Alipay, one trade at a time can be paid (field problem 56)', async (world) => {
  const { sandbox } = world;
  const order = await sandbox.newOrder();
  const cashier = await world.openCashier(order, { ...WECHAT, path: order.wechat_url });
  const { page } = cashier;
  const only = async (type) => {
    assert.deepEqual((await payable(cashier)).map(({ trade_type: type }) => type), [type]);
  };
  await button(page, 'pay').waitFor();
  await only('JSAPI');
  await choose(page, '扫码支付');
  await cashier.shows('scan');
  const old = await cashier.code();
  await only('NATIVE');
  await choose(page, '在微信中支付');
  await button(page, 'pay').waitFor();
  await only('JSAPI');
  assert.equal((await sandbox.scan(old)).result, 'refused');
  await choose(page, '支付宝');
  await page.waitForURL(WALLET);
  await atWallet(page, 'cancel');
  await cashier.shows('returned');
  await choose(page, '在微信中支付');
  await button(page, 'pay').waitFor();
  await only('JSAPI');
  await press(page, 'pay');
  await inWechat(page, 'pay');
  await inWechat(page, 'done');
  await cashier.reaches('paid', 8_000);
  assert.equal((await sandbox.order(order)).trades.filter(({ trade_state: state }) => state === 'SUCCESS').length, 1);
});

behaviour('at a till, from the QR to a scanned code: the QR can be paid no more (field problem 56)', async (world) => {
  const { sandbox } = world;
  const order = await sandbox.newOrder();
  const cashier = await world.openCashier(order, { path: order.till_url });
  const { page } = cashier;
  await cashier.shows('take-code');
  await choose(page, '扫码支付');
  await cashier.shows('scan');
  const qr = await cashier.code();
  await choose(page, '付款码');
  await cashier.shows('take-code');
  const { code } = await sandbox.get('/wechat/payment-code?account=A');
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  await cashier.reaches('paid', 8_000);
  assert.equal((await sandbox.scan(qr)).result, 'refused');
  assert.deepEqual(await payable(cashier), []);
});

behaviour('a double tap on a way chooses it, and not the one that comes to its place (field problem 55)', async (world) => {
  const { cashier, page } = await opened(world, 'pay');
  await waysOf(page);
  const here = page.url();
  await otherWays(page).filter({ hasText: '扫码支付' }).dblclick({ force: true });
  await cashier.shows('scan');
  await cashier.settle();
  assert.equal(await cashier.screen(), 'scan');
  assert.equal(page.url(), here);
  assert.equal((await paymentRequests(cashier)).length, 1);
});

behaviour('a choice while the one before is being answered: the last counts, and one trade can be paid', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay');
  world.allow(FAILED_REQUESTS);
  await sandbox.setFaults(order, fault('slow', { ms: 60_000, on: 'payment', times: 1 }));
  await choose(page, '扫码支付');
  await cashier.advanceUntil('the first payment', async () => (await payableNow(cashier)).length === 1, 2_000, { settle: false });
  await choose(page, '云闪付');
  await page.getByText('请打开云闪付扫一扫付款').first().waitFor();
  assert.deepEqual((await payable(cashier)).map(({ trade_type: type }) => type), ['UNIONPAY']);
  await sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
});

behaviour('a code that has just been paid is not paid a second time by another way', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'scan', DESKTOP);
  world.allow(FAILED_REQUESTS);
  await sandbox.setFaults(order, fault('notify_lost'));
  await sandbox.payByText(await cashier.code());
  await choose(page, '支付宝');
  await cashier.reaches('paid', 8_000);
  assert.deepEqual(await payable(cashier), []);
});

behaviour('a reload keeps the way that was chosen, and its code', async (world) => {
  const { cashier, page } = await opened(world, 'scan', DESKTOP);
  await choose(page, '云闪付');
  await page.getByText('请打开云闪付扫一扫付款').first().waitFor();
  const code = await cashier.code();
  await page.reload();
  await cashier.shows('scan');
  assert.equal(await method(page), '云闪付');
  assert.equal(await cashier.code(), code);
});

// ── The QR on a phone ────────────────────────────────────────────────────────────────────────────────────────────────

behaviour('the QR on a phone says that it is for another device, and its link can be copied (field problems 19 and 23)', async (world) => {
  const { cashier, page } = await opened(world, 'pay', { permissions: ['clipboard-read', 'clipboard-write'] });
  await choose(page, '扫码支付');
  await cashier.shows('scan');
  assert.match(await cashier.text(), /另一台设备/);
  await button(page, 'copy-link').click();
  await page.getByText('已复制').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());
  await cashier.advance(4_000);
  assert.equal(await cashier.notice(), null);
});

behaviour('a browser that lets no page copy does not leave the payer without the link (field problem 19)', async (world) => {
  const { cashier, page } = await opened(world, 'pay', {
    before: ({ page }) => page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })),
  });
  await choose(page, '扫码支付');
  await cashier.shows('scan');
  await page.evaluate(() => document.addEventListener('copy', () => (window.copied = getSelection().toString() || document.activeElement.value)));
  await button(page, 'copy-link').click();
  await page.getByText('已复制').waitFor();
  assert.equal(await page.evaluate(() => window.copied), page.url());
});

behaviour('where nothing copies, the link is shown to be copied by hand (field problem 19)', async (world) => {
  const { cashier, page } = await opened(world, 'pay', {
    before: ({ page }) => page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined });
      document.execCommand = () => false;
    }),
  });
  await choose(page, '扫码支付');
  await cashier.shows('scan');
  await button(page, 'copy-link').click();
  await page.locator('.wc-notice', { hasText: page.url() }).waitFor();
});

behaviour('a code that another account has spoilt is replaced, also on a phone (field problem 24)', async (world) => {
  const { cashier, page, sandbox } = await opened(world, 'pay');
  await choose(page, '扫码支付');
  await cashier.shows('scan');
  const first = await cashier.code();
  await sandbox.scan(first, 'B');
  assert.match((await sandbox.scan(first, 'A')).text, /商家订单信息有误/);
  await press(page, 'again');
  await page.waitForFunction((first) => document.querySelector('[data-qr]') && document.querySelector('[data-qr]').getAttribute('data-qr') !== first, first);
  await sandbox.payByText(await cashier.readQr(), 'A');
  await cashier.reaches('paid', 8_000);
});
