// Every fault that the sandbox can set: what the payer sees, and that the cashier gets over it. Each kind once on its way
// from the wire to the screen; that each does the same at every step is in tests/core/traces/{troubles,plan,qr}.rs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { keysOf, nextDay, paidOrder, today } from './support/console.mjs';
import { FAILED_REQUESTS, ORDER, behaviour, fault } from './support/test.mjs';

const tested = new Set();

/** A behaviour under this kind of fault. */
function under(kind, name, body) {
  tested.add(kind);
  behaviour(`${kind}: ${name}`, body);
}

const STILL = { on: 'order' };

/** Sets a fault of status answers under the shown code: a notice after two of them, the code stays, and it is got over. */
function noticed(kind, rest, notice, { mostMs = 20_000, settle = true } = {}) {
  const told = rest.status ? ` ${rest.status}` : '';
  under(kind, `while the code shows${told}: a notice, the code stays, and it goes on by itself`, async (world) => {
    world.allow(FAILED_REQUESTS);
    const { cashier, order, sandbox } = await world.scanning();
    const code = await cashier.code();
    await sandbox.setFaults(order, fault(kind, { ...STILL, ...rest }));
    await cashier.advanceUntil('a notice', async () => (await cashier.notice()) !== null, mostMs, { settle });
    assert.match(await cashier.notice(), notice);
    assert.equal(await cashier.readQr(), code);
    await sandbox.clearFaults(order);
    await pastSlowOnes(cashier, settle);
    await sandbox.payByText(code);
    await cashier.reaches('paid', 31_000);
  });
}

/** Sets a fault of all answers before the page opens: what it says then, and that it shows the code once it is over. */
function atStart(kind, rest, words, { mostMs = 20_000, settle = true } = {}) {
  under(kind, 'from the start: the payer is told, and the code comes by itself when it is over', async (world) => {
    world.allow(FAILED_REQUESTS);
    const order = await world.sandbox.newOrder();
    await world.sandbox.setFaults(order, fault(kind, rest));
    const cashier = await world.openCashier(order);
    await cashier.reaches('trouble', mostMs, { settle });
    assert.match(await cashier.text(), words);
    assert.equal(await cashier.code(), null);
    await world.sandbox.clearFaults(order);
    await pastSlowOnes(cashier, settle);
    await cashier.reaches('scan', 31_000);
    await world.sandbox.payByText(await cashier.readQr());
    await cashier.reaches('paid', 8_000);
  });
}

/** A request that is still slow is given up after its time, and those after it need not be. */
async function pastSlowOnes(cashier, settle) {
  if (!settle) {
    await cashier.advance(10_250, { settle: false });
  }
}

/** Sets a fault of answers to payments: the payment is asked for again with the same key, and is one. */
function onPayment(kind, rest, { mostMs = 31_000, settle = true } = {}) {
  under(kind, 'on the payment: it is asked for again with the same key', async (world) => {
    world.allow(FAILED_REQUESTS);
    const order = await world.sandbox.newOrder();
    await world.sandbox.setFaults(order, fault(kind, { ...rest, on: 'payment', times: 1 }));
    // Else the next answer about the order would bring the payment, and there would be nothing to ask again.
    const cashier = await world.openCashier(order, { before: ({ page }) => page.route(ORDER, stripPayment) });
    await cashier.reaches('scan', mostMs, { settle });
    const asked = (await cashier.log()).requests.filter(({ call }) => call === 'payment');
    assert.equal(asked.length, 2);
    assert.equal(asked[0].idempotency_key, asked[1].idempotency_key);
    assert.equal((await world.sandbox.order(order)).payments.length, 1);
    await world.sandbox.payByText(await cashier.readQr());
    await cashier.reaches('paid', 8_000);
  });
}

async function stripPayment(route) {
  const response = await route.fetch();
  const { payment, ...rest } = await response.json();
  void payment;
  await route.fulfill({ response, json: rest });
}

// ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

noticed('answer_status', { status: 502 }, /商家暂时无法告知付款结果，正在重试（server_error）/);
onPayment('answer_status', { status: 500 });

under('answer_status', 'once: no word about it', async (world) => {
  world.allow(FAILED_REQUESTS);
  const { cashier, order, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('answer_status', { status: 500, on: 'order', times: 1 }));
  const before = (await cashier.statusRequests()).length;
  await cashier.advanceUntil('two more answers', async () => {
    assert.equal(await cashier.notice(), null);
    return (await cashier.statusRequests()).length >= before + 2;
  }, 10_000);
  assert.deepEqual((await sandbox.order(order)).faults, []);
});

atStart('rate_limited', { retry_after_s: 2 }, /商家繁忙/);

under('rate_limited', '"Retry-After" is obeyed, also when the payer taps and the page is looked at again', async (world) => {
  world.allow(FAILED_REQUESTS);
  const { cashier, order, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('rate_limited', { retry_after_s: 20, on: 'order', times: 1 }));
  await cashier.advanceUntil('the refusal', async () => (await sandbox.order(order)).faults.length === 0, 8_000);
  await sandbox.forgetLog(order);
  await cashier.tap('我已付款');
  await cashier.hide();
  await cashier.show();
  await cashier.advance(19_500, { step: 1_000 });
  assert.deepEqual(await cashier.statusRequests(), []);
  await cashier.advance(1_000);
  assert.equal((await cashier.statusRequests()).length, 1);
});

noticed('slow', { ms: 60_000 }, /暂时连不上商家/, { mostMs: 40_000, settle: false });
onPayment('slow', { ms: 60_000 }, { mostMs: 40_000, settle: false });

under('slow', 'the request is given up after its time, and the sandbox sees it end', async (world) => {
  world.allow(FAILED_REQUESTS);
  const { cashier, order, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('slow', { ms: 60_000, on: 'order', times: 1 }));
  const before = (await cashier.statusRequests()).length;
  await cashier.advanceUntil('a slow request', async () => (await cashier.statusRequests()).length > before, 12_000, { settle: false });
  await cashier.advanceUntil('the next request', async () => (await cashier.statusRequests()).length > before + 1, 15_000, { settle: false });
  const slow = (await cashier.statusRequests())[before];
  assert.equal(slow.aborted, true);
  assert.equal((await cashier.log()).max_concurrent, 1);
});

noticed('malformed_json', {}, /商家暂时无法告知付款结果，正在重试/);

atStart('wrong_content_type', {}, /商家系统出现问题[^]*unreadable_answer/);

noticed('connection_dropped', {}, /暂时连不上商家/);
onPayment('connection_dropped', {});

onPayment('upstream_unavailable', {});

atStart('unauthorized', {}, /页面已失效/);

under('order_not_found', 'on the payment: the payer is told, and "try again" asks afresh', async (world) => {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  await world.sandbox.setFaults(order, fault('order_not_found', { on: 'payment', times: 1 }));
  const cashier = await world.openCashier(order);
  await cashier.shows('trouble');
  await cashier.tap('重试');
  await cashier.reaches('scan', 3_000);
});

under('changed_amount', 'the cashier stops for good, says both amounts, and a reload of the right one pays', async (world) => {
  const { cashier, order, page, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('changed_amount', { value: 1 }));
  await cashier.reaches('trouble', 8_000);
  const text = await cashier.text();
  assert.match(text, /订单金额有变化/);
  assert.match(text, /¥19\.99 → ¥0\.01/);
  assert.equal(await cashier.readQr(), null);
  await sandbox.forgetLog(order);
  await cashier.advance(30_000, { step: 1_000 });
  assert.deepEqual((await cashier.log()).requests, []);
  await sandbox.clearFaults(order);
  await page.reload();
  await cashier.shows('scan');
  await sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

// ── What the platform and the merchant do ────────────────────────────────────────────────────────────────────────────

under('notify_lost', 'the platform is asked before long, and it shows paid', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('notify_lost'));
  await sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 36_000);
});

under('notify_late', 'it shows paid when the notify comes', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  // Sooner than the merchant asks by itself.
  await sandbox.setFaults(order, fault('notify_late', { ms: 3_000 }));
  await sandbox.payByText(await cashier.readQr());
  await cashier.advance(2_500);
  assert.equal(await cashier.screen(), 'scan');
  await cashier.reaches('paid', 8_000);
});

under('quick_code_expiry', 'set before the page opens: the code is covered in time, and the next is good', async (world) => {
  const order = await world.sandbox.newOrder();
  await world.sandbox.setFaults(order, fault('quick_code_expiry', { ms: 5_000, times: 1 }));
  const cashier = await world.openCashier(order);
  await cashier.shows('scan');
  assert.equal(await cashier.secondsLeft(), 5);
  await cashier.reaches('expired', 5_000);
  await cashier.tap('换一个二维码');
  await cashier.settle();
  await cashier.shows('scan');
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

under('quick_order_expiry', 'the countdown follows, and the order ends', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('quick_order_expiry', { ms: 20_000 }));
  await cashier.advance(8_000);
  assert.ok((await cashier.secondsLeft()) <= 12);
  await cashier.reaches('expired', 13_000);
  assert.match(await cashier.text(), /订单已过期/);
  assert.equal(await cashier.readQr(), null);
});

under('closed_by_merchant', 'the payer is told not to pay, and nothing can be scanned', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('closed_by_merchant'));
  await cashier.reaches('closed', 8_000);
  assert.match(await cashier.text(), /订单已关闭[^]*请勿再付款/);
  assert.equal(await cashier.readQr(), null);
});

under('paid_after_expiry', 'a payment after the merchant closed the order is shown as paid, late', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  const { scan_id } = await sandbox.scan(await cashier.readQr());
  await sandbox.setFaults(order, fault('paid_after_expiry'), fault('closed_by_merchant'));
  await cashier.reaches('closed', 8_000);
  assert.equal((await sandbox.post('/wechat/pay', { scan_id })).result, 'paid');
  await cashier.reaches('paid', 8_000);
  assert.match(await cashier.text(), /付款时订单已过期/);
});

under('second_account', 'the phone refuses the code, and a new one pays', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('second_account', { times: 1 }));
  const refused = await sandbox.scan(await cashier.readQr());
  assert.equal(refused.result, 'refused');
  assert.match(refused.text, /商家订单信息有误/);
  await cashier.tap('换一个二维码');
  await cashier.settle();
  await cashier.shows('scan');
  await sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

under('method_unavailable', 'the payer is told, and another way is at hand, or the same again', async (world) => {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  await world.sandbox.setFaults(order, fault('method_unavailable', { times: 1 }));
  const cashier = await world.openCashier(order);
  await cashier.shows('trouble');
  assert.match(await cashier.text(), /此付款方式暂不可用[^]*method_unavailable/);
  assert.ok(await cashier.page.locator('.wc-ways').evaluate((ways) => ways.open));
  await cashier.tap('重试');
  await cashier.reaches('scan', 3_000);
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

// What the day's report says of each fault of the bill.
for (const [kind, rest, named] of [
  ['bill_line_missing', {}, 'missing_there'],
  ['bill_wrong_amount', { total: 1 }, 'amount'],
  ['bill_wrong_state', {}, 'state'],
]) {
  under(kind, 'the day differs, and its report names the order', async ({ sandbox }) => {
    await nextDay(sandbox, 12);
    const day = await today(sandbox);
    const order = await paidOrder(sandbox);
    await sandbox.setFaults(order, fault(kind, rest));
    await nextDay(sandbox);
    const { shop: key } = await keysOf(sandbox);
    const address = `${sandbox.url}/admin/v1/reconciliations/${day}`;
    const { compared } = await (await fetch(address, { method: 'POST', headers: { authorization: `Bearer ${key}` } })).json();
    assert.deepEqual(compared.differences.map(({ kind: what, out_trade_no: number }) => [what, number]), [[named, order.order_id]]);
  });
}

behaviour('every kind of fault that the sandbox knows is tested', async ({ sandbox }) => {
  const kinds = (await sandbox.get('/sandbox/faults')).map(({ fault: { kind } }) => kind);
  const insideWechat = readFileSync(new URL('jsapi-parameters.test.mjs', import.meta.url), 'utf8');
  assert.deepEqual(kinds.filter((kind) => !tested.has(kind) && !insideWechat.includes(`'${kind}'`)), []);
});
