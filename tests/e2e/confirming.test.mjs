// "I have paid": the backend asks the platform, and the payer is never left without an answer.

import assert from 'node:assert/strict';

import { behaviour, fault } from './support/test.mjs';

behaviour('the notify is lost: "I have paid" finds the payment', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('notify_lost'));
  await sandbox.payByText(await cashier.readQr());
  // The merchant asks WeChat Pay by itself after 5 s.
  await cashier.advance(4_500);
  assert.equal((await sandbox.order(order)).status, 'pending', 'the merchant does not know yet');
  assert.equal(await cashier.screen(), 'scan');
  assert.ok((await cashier.statusRequests()).every(({ path }) => !path.includes('verify')));
  await cashier.tap('我已付款');
  await cashier.reaches('paid', 1_250);
  const [asked] = (await cashier.statusRequests()).slice(-1);
  assert.match(asked.path, /verify=1/);
  assert.equal(asked.answered, 'paid');
});

behaviour('the notify is lost and the payer only waits: it shows within half a minute', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('notify_lost'));
  await sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 36_000);
});

behaviour('"I have paid" without a payment: a notice, and the same code again', async (world) => {
  const { cashier } = await world.scanning();
  const code = await cashier.code();
  await cashier.tap('我已付款');
  await cashier.shows('confirming');
  assert.equal(await cashier.code(), null);
  await cashier.reaches('scan', 12_000);
  assert.match(await cashier.notice(), /还没有收到这笔付款/);
  assert.equal(await cashier.code(), code);
  await cashier.advance(21_000);
  assert.equal(await cashier.notice(), null, 'the notice goes by itself');
});

behaviour('"not paid yet" leads from confirming back to the same code at once', async (world) => {
  const { cashier, sandbox } = await world.scanning();
  const code = await cashier.code();
  await cashier.tap('我已付款');
  await cashier.shows('confirming');
  await cashier.tap('还没付款，返回');
  await cashier.shows('scan');
  assert.equal(await cashier.code(), code);
  await sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

behaviour('tapping "I have paid" again and again sends no more than one request a second', async (world) => {
  const { cashier, page } = await world.scanning();
  const before = (await cashier.statusRequests()).length;
  for (let taps = 0; taps < 5; taps += 1) {
    await page.evaluate(() => [...document.querySelectorAll('.wc-button')].find((button) => /我已付款|还没付款/.test(button.textContent)).click());
    await page.evaluate(() => [...document.querySelectorAll('.wc-button')].find((button) => /我已付款|还没付款/.test(button.textContent)).click());
    await cashier.settle();
  }
  await cashier.tap('我已付款');
  await cashier.advance(2_000);
  const sent = (await cashier.statusRequests()).length - before;
  assert.ok(sent >= 1 && sent <= 2, `${sent}`);
});

behaviour('a screen that follows another is a new one: no button becomes another under a finger', async (world) => {
  const { cashier, page } = await world.scanning();
  const parts = await page.locator('.wc-screen, .wc-screen .wc-button, [data-qr]').elementHandles();
  const inPage = () => Promise.all(parts.map((part) => part.evaluate((element) => element.isConnected)));

  const before = await cashier.secondsLeft();
  await cashier.advance(3_000);
  assert.ok((await cashier.secondsLeft()) < before);
  assert.deepEqual(await inPage(), parts.map(() => true), 'while only time passes, everything stays');

  await cashier.tap('我已付款');
  await cashier.shows('confirming');
  assert.deepEqual(await inPage(), parts.map(() => false));
});
