// At a till: a scanner types the customer's payment code (docs/platform.md, 6).

import assert from 'node:assert/strict';

import { button, choose, otherWays, payable, paymentRequests, waysOf } from './support/phone.mjs';
import { Cashier, FAILED_REQUESTS, behaviour, fault } from './support/test.mjs';

/** A new order at the till, waiting for a code. */
async function atTill(world, { wish, phone, ...options } = {}) {
  const { sandbox } = world;
  if (phone) {
    await sandbox.call('PUT', '/wechat/phone', phone);
  }
  const order = await sandbox.newOrder(wish);
  const cashier = await world.openCashier(order, { path: order.till_url, ...options });
  await cashier.shows('take-code');
  return { sandbox, order, cashier, page: cashier.page };
}

/** The code that the customer's phone shows now. */
const codeOf = async (sandbox, account = 'A') => (await sandbox.get(`/wechat/payment-code?account=${account}`)).code;

/** As a scanner: a keyboard, with Enter at the end. */
async function scan(page, code) {
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

/** Scans the customer's code and waits for the customer: until WeChat knows, too, which the till does not wait for to say so. */
async function asksCustomer(cashier) {
  await scan(cashier.page, await codeOf(cashier.sandbox));
  await cashier.shows('await-payer');
  await cashier.settle();
}

/** The customer, whose phone asks for it, enters the password, or does not. */
async function atPhone(sandbox, outcome, account = 'A') {
  const { sheets: [sheet] } = await sandbox.get(`/wechat/sheets?account=${account}`);
  return sandbox.post('/wechat/pay', { scan_id: sheet.scan_id, outcome });
}

/** Time passes for the till, and not for the backend: that has given nothing up yet. */
async function onlyTheTillWaits(cashier, ms) {
  for (let passed = 0; passed < ms; passed += 500) {
    await cashier.settle();
    await cashier.page.clock.runFor(500);
  }
}

const ASK = { ask_password: true };
const field = (page) => page.locator('.wc-till input');
const problem = (page) => page.locator('.wc-problem').innerText();
const hasFocus = (page) => field(page).evaluate((input) => document.activeElement === input);

behaviour('a scanned code is paid at once, with nothing touched', async (world) => {
  const { cashier, order, page, sandbox } = await atTill(world, { reducedMotion: false });
  assert.match(await cashier.text(), /请扫顾客的付款码/);
  assert.match(await cashier.text(), /收款 ¥19\.99/);
  await scan(page, await codeOf(sandbox));
  await cashier.reaches('paid', 2_000);
  const { trades } = await sandbox.order(order);
  assert.deepEqual(trades.map(({ trade_state: state }) => state), ['SUCCESS']);
  assert.equal(await cashier.paidEvents(), 1);
});

behaviour('a code typed by hand, in groups of digits, is paid by the button', async (world) => {
  const { cashier, page, sandbox } = await atTill(world);
  const code = await codeOf(sandbox);
  await field(page).fill(` ${code.replace(/(\d{4})/g, '$1 ')} `);
  await page.getByRole('button', { name: '收款 ¥19.99' }).click();
  await cashier.reaches('paid', 2_000);
});

behaviour('what is no payment code is not sent, is said, and the next one is taken', async (world) => {
  const { cashier, page, sandbox } = await atTill(world);
  // Too short, too long, Alipay's, a product's bar code, nothing.
  for (const wrong of ['13456789012345678', '1345678901234567890', '281234567890123456', '6901234567892', 'abc', '']) {
    await scan(page, wrong);
    await page.waitForSelector('.wc-problem');
    assert.match(await problem(page), /这不是付款码/);
    assert.equal(await hasFocus(page), true, `after "${wrong}"`);
    assert.equal(await field(page).inputValue(), '', `after "${wrong}"`);
  }
  assert.deepEqual(await paymentRequests(cashier), []);
  await scan(page, await codeOf(sandbox));
  await cashier.reaches('paid', 2_000);
});

behaviour('a code that WeChat does not take is said with its reason, and the next one is paid', async (world) => {
  const { cashier, order, page, sandbox } = await atTill(world);
  world.allow(FAILED_REQUESTS);
  await scan(page, '134567890123456789');
  await page.waitForSelector('.wc-problem');
  assert.match(await problem(page), /付款码未被接受[^]*付款码无效/);
  const old = await codeOf(sandbox);
  await cashier.leap(61_000);
  await scan(page, old);
  await page.getByText('付款码已过期').waitFor();
  assert.equal(await hasFocus(page), true);
  await scan(page, await codeOf(sandbox));
  await cashier.reaches('paid', 2_000);
  assert.equal((await sandbox.order(order)).trades.filter(({ trade_state: state }) => state === 'SUCCESS').length, 1);
});

// ── The password ─────────────────────────────────────────────────────────────────────────────────────────────────────

behaviour('while the customer enters the password the till waits, asks every 5 s, and shows it paid', async (world) => {
  const { cashier, page, sandbox } = await atTill(world, { phone: ASK });
  await asksCustomer(cashier);
  assert.match(await cashier.text(), /等待顾客确认/);
  await cashier.advance(2_000);
  const before = (await cashier.statusRequests()).length;
  await cashier.advance(20_000);
  const asked = (await cashier.statusRequests()).slice(before);
  assert.ok(asked.length >= 3 && asked.length <= 5, `${asked.length} in 20 s`);
  assert.ok(asked.every(({ path }) => path.includes('verify=1')));
  assert.equal(await page.locator('.wc-way').count(), 0, 'and no second way meanwhile');
  await atPhone(sandbox, 'pay');
  await cashier.reaches('paid', 6_000);
});

behaviour('a customer who cancels is asked for the next code, which is paid', async (world) => {
  const { cashier, page, sandbox } = await atTill(world, { phone: ASK });
  await asksCustomer(cashier);
  await cashier.advance(2_000);
  await atPhone(sandbox, 'cancel');
  await cashier.reaches('take-code', 6_000);
  assert.match(await problem(page), /顾客未确认付款/);
  assert.equal(await hasFocus(page), true);
  await asksCustomer(cashier);
  assert.equal((await payable(cashier)).length, 1);
  await atPhone(sandbox, 'pay');
  await cashier.reaches('paid', 6_000);
});

behaviour('a wrong password is no end: the till waits on', async (world) => {
  const { cashier, sandbox } = await atTill(world, { phone: ASK });
  await asksCustomer(cashier);
  await atPhone(sandbox, 'wrong_password');
  await cashier.advance(6_000);
  assert.equal(await cashier.screen(), 'await-payer');
  await atPhone(sandbox, 'pay');
  await cashier.reaches('paid', 6_000);
});

behaviour('nobody confirms: after 45 s the next code is asked for, and takes the place of the one before', async (world) => {
  const { cashier, order, page, sandbox } = await atTill(world, { phone: ASK });
  const sent = [];
  page.on('request', (request) => /\/payments$/.test(request.url()) && sent.push(request.postDataJSON()));
  await asksCustomer(cashier);
  await onlyTheTillWaits(cashier, 46_000);
  await cashier.shows('take-code');
  assert.match(await problem(page), /顾客未确认付款/);
  const [first] = (await sandbox.order(order)).payments;
  await asksCustomer(cashier);
  assert.equal(sent.length, 2);
  assert.equal(sent[1].replaces, first.payment_id);
  const { trades } = await sandbox.order(order);
  assert.deepEqual(trades.map(({ trade_state: state }) => state), ['REVOKED', 'USERPAYING']);
  await atPhone(sandbox, 'pay');
  await cashier.reaches('paid', 6_000);
});

behaviour('a confirmation that comes after the wait is over is shown all the same', async (world) => {
  const { cashier, sandbox } = await atTill(world, { phone: ASK });
  await asksCustomer(cashier);
  await onlyTheTillWaits(cashier, 46_000);
  await cashier.shows('take-code');
  await atPhone(sandbox, 'pay');
  await cashier.reaches('paid', 8_000);
});

behaviour('a reload while the customer is asked goes on waiting, and sends nothing again', async (world) => {
  const { cashier, page, sandbox } = await atTill(world, { phone: ASK });
  await asksCustomer(cashier);
  await page.reload();
  await cashier.shows('await-payer');
  await cashier.settle();
  await atPhone(sandbox, 'pay');
  await cashier.reaches('paid', 6_000);
  assert.equal((await paymentRequests(cashier)).length, 1);
});

// ── Once ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

behaviour('Enter twice, or the code scanned twice, sends it once (field problem 55)', async (world) => {
  const { cashier, order, page, sandbox } = await atTill(world, { phone: ASK });
  const held = [];
  await page.route('**/payments', (route) => held.push(route));
  const code = await codeOf(sandbox);
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await scan(page, code);
  await cashier.shows('await-payer');
  await page.evaluate(() => window.observed.turn());
  assert.equal(held.length, 1);
  await held[0].continue();
  await cashier.settle();
  await scan(page, code);
  await page.evaluate(() => window.observed.turn());
  assert.equal((await paymentRequests(cashier)).length, 1);
  assert.equal((await sandbox.order(order)).payments.length, 1);
});

behaviour('a lost answer to a code is asked for again with the same key, and the customer pays once', async (world) => {
  const { cashier, order, page, sandbox } = await atTill(world);
  world.allow(FAILED_REQUESTS);
  await sandbox.setFaults(order, fault('connection_dropped', { on: 'payment', times: 1 }), fault('notify_lost'));
  await scan(page, await codeOf(sandbox));
  await cashier.reaches('paid', 10_000);
  const keys = (await paymentRequests(cashier)).map((request) => request.idempotency_key);
  assert.equal(new Set(keys).size, 1);
  assert.equal((await sandbox.order(order)).trades.length, 1);
});

// ── The focus ────────────────────────────────────────────────────────────────────────────────────────────────────────

behaviour('the field has the focus from the start, without the keyboard of a phone being of use', async (world) => {
  const { page } = await atTill(world);
  assert.equal(await hasFocus(page), true);
  assert.equal(await field(page).getAttribute('inputmode'), 'numeric');
  assert.equal(await field(page).getAttribute('autocomplete'), 'off');
});

behaviour('a scan after a tap beside the field is taken all the same', async (world) => {
  const { cashier, page, sandbox } = await atTill(world);
  await page.locator('.wc-amount').click();
  assert.equal(await hasFocus(page), false);
  await scan(page, await codeOf(sandbox));
  await cashier.reaches('paid', 2_000);
});

behaviour('a scan while "other ways" has the focus is taken as a code, and chooses nothing', async (world) => {
  const { cashier, page, sandbox } = await atTill(world);
  await waysOf(page);
  await otherWays(page).first().focus();
  await scan(page, await codeOf(sandbox));
  await cashier.reaches('paid', 2_000);
});

behaviour('back from another way the field has the focus again', async (world) => {
  const { cashier, page, sandbox } = await atTill(world);
  await choose(page, '扫码支付');
  await cashier.shows('scan');
  await choose(page, '付款码');
  await cashier.shows('take-code');
  assert.equal(await hasFocus(page), true);
  await scan(page, await codeOf(sandbox));
  await cashier.reaches('paid', 2_000);
});

behaviour('the till offers the QR and the merchant\'s own ways besides', async (world) => {
  const { page } = await atTill(world);
  assert.deepEqual(await waysOf(page), ['扫码支付', '支付宝', '云闪付']);
});

behaviour('the next order at the same till starts with an empty field', async (world) => {
  const { cashier, page, sandbox } = await atTill(world);
  await scan(page, await codeOf(sandbox));
  await cashier.reaches('paid', 2_000);
  const next = await sandbox.newOrder();
  const again = new Cashier(page, sandbox, next);
  await page.goto(sandbox.url + next.till_url);
  await again.shows('take-code');
  assert.equal(await hasFocus(page), true);
  assert.equal(await field(page).inputValue(), '');
  assert.equal(await button(page, 'have-paid').count(), 0);
  await scan(page, await codeOf(sandbox, 'B'));
  await again.reaches('paid', 2_000);
});
