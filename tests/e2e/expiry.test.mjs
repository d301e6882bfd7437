// Codes and orders that end: a code that no longer works is never shown as payable, and no payment is lost.

import assert from 'node:assert/strict';

import { behaviour, fault } from './support/test.mjs';

behaviour('an expired code is covered, and a new one pays', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  const old = await cashier.readQr();
  await sandbox.setFaults(order, fault('quick_code_expiry', { ms: 10_000, times: 1 }));
  await cashier.reaches('expired', 10_500);
  assert.match(await cashier.text(), /二维码已过期/);
  assert.equal(await cashier.code(), null);
  assert.equal(await cashier.readQr(), null, 'nothing on the screenshot can be scanned');
  await cashier.tap('换一个二维码');
  await cashier.settle();
  await cashier.shows('scan');
  const fresh = await cashier.readQr();
  assert.notEqual(fresh, old);
  assert.equal((await sandbox.scan(old)).result, 'refused');
  await sandbox.payByText(fresh);
  await cashier.reaches('paid', 8_000);
});

behaviour('a code is covered after a long sleep of the machine, before any answer', async (world) => {
  const { cashier } = await world.scanning();
  await cashier.page.route('**/api/**', () => {}); // nothing is answered from now on
  await cashier.leap(16 * 60_000, { settle: false });
  await cashier.shows('expired');
  assert.equal(await cashier.code(), null);
});

behaviour('"new code" while one is shown replaces it: only the new one pays', async (world) => {
  const { cashier, sandbox } = await world.scanning();
  const old = await cashier.code();
  await cashier.tap('换一个二维码');
  await cashier.settle();
  await cashier.shows('scan');
  assert.notEqual(await cashier.code(), old);
  assert.equal((await sandbox.scan(old)).result, 'refused');
  await sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

behaviour('an expired order says so and offers no code', async (world) => {
  const { cashier } = await world.scanning({ wish: { expires_in_ms: 30_000 } });
  await cashier.reaches('expired', 30_250);
  assert.match(await cashier.text(), /订单已过期/);
  assert.match(await cashier.text(), /请勿再付款/);
  assert.equal(await cashier.readQr(), null);
  assert.equal(await cashier.has('button:text-is("换一个二维码")'), false);
});

behaviour('a payment after the order has expired is shown as paid, late', async (world) => {
  const { cashier, order, sandbox } = await world.scanning({ wish: { expires_in_ms: 30_000 } });
  await sandbox.setFaults(order, fault('paid_after_expiry'));
  const { scan_id } = await sandbox.scan(await cashier.readQr());
  await cashier.reaches('expired', 31_000);
  await cashier.advance(20_000);
  assert.equal((await sandbox.post('/wechat/pay', { scan_id })).result, 'paid');
  await cashier.reaches('paid', 6_000);
  assert.match(await cashier.text(), /付款时订单已过期/);
});

behaviour('when half a minute is left the time is marked as short', async (world) => {
  const { cashier } = await world.scanning({ wish: { expires_in_ms: 65_000 } });
  assert.equal(await cashier.has('.wc-time.wc-short'), false);
  await cashier.advance(35_000, { step: 1_000 });
  assert.equal(await cashier.secondsLeft(), 30);
  assert.equal(await cashier.has('.wc-time.wc-short'), true);
});
