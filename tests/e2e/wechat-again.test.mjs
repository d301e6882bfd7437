// Tapped twice, reloaded, opened twice, left and come back to: one payment for each tap that was meant, and one charge.

import assert from 'node:assert/strict';

import { behaviour, fault } from './support/test.mjs';
import { InWechat, REFUSED_BY_WECHAT, readyInWechat, result } from './support/wechat.mjs';

behaviour('field problem 55: taps in a burst are one call, one sheet, one payment', async (world) => {
  const cashier = await readyInWechat(world);
  // Both within one task, before the page can draw anything else; then as fast as fingers are.
  await cashier.page.evaluate(() => {
    const button = document.querySelector('[data-tap="pay"]');
    button.click();
    button.click();
  });
  await cashier.part('sheet').waitFor();
  assert.equal(await cashier.part('sheet').count(), 1);
  await cashier.tapIn('cancel');
  await cashier.readyAgain();
  await cashier.payButton().dblclick();
  await cashier.part('sheet').waitFor();
  assert.equal(await cashier.part('sheet').count(), 1);
  await cashier.payOnSheet();
  await cashier.reaches('paid', 8_000);
  assert.equal((await cashier.callsForPayment()).length, 2);
  assert.equal((await cashier.paymentRequests()).length, 1);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('field problem 55: "try again" and other ways tapped in a burst ask for one payment each', async (world) => {
  const cashier = await readyInWechat(world, { phone: { answer: result('fail') } });
  const burst = (selector) => cashier.page.evaluate((selector) => {
    const button = document.querySelector(selector);
    button.click();
    button.click();
    button.click();
  }, selector);
  await cashier.call();
  await cashier.shows('trouble');
  await cashier.sandbox.forgetLog(cashier.order);
  await burst('[data-tap="retry"]');
  await cashier.settle();
  await cashier.readyAgain();
  assert.equal((await cashier.paymentRequests()).length, 1);
  await burst('[data-tap="choose"]');
  await cashier.settle();
  await cashier.shows('scan');
  assert.equal((await cashier.paymentRequests()).length, 2);
  await cashier.sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('a reload at every step: the same payment goes on, and one is asked for in all', async (world) => {
  const cashier = await readyInWechat(world);
  const { page, sandbox, order } = cashier;
  // With the button.
  await page.reload();
  await cashier.ready();
  // With the sheet open, which goes with the page.
  await cashier.openSheet();
  await page.reload();
  await cashier.ready();
  // After the payer cancelled.
  await cashier.openSheet();
  await cashier.tapIn('cancel');
  await cashier.readyAgain();
  await page.reload();
  await cashier.ready();
  // Paid on the sheet, but gone before WeChat answered, and the merchant has not heard of it.
  await sandbox.setFaults(order, fault('notify_lost'));
  await cashier.openSheet();
  await cashier.tapIn('pay');
  await cashier.part('done').waitFor();
  await page.reload();
  await cashier.reaches('paid', 36_000, { step: 1_000 });
  await page.reload();
  await cashier.shows('paid');
  assert.equal((await cashier.paymentRequests()).length, 1);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('a reload while it is being confirmed ends in paid', async (world) => {
  const cashier = await readyInWechat(world);
  const { page, sandbox, order } = cashier;
  world.allow(/Failed to load resource/);
  await cashier.openSheet();
  await sandbox.setFaults(order, fault('notify_lost'), fault('answer_status', { status: 503, on: 'order' }));
  await cashier.payOnSheet();
  await cashier.shows('confirming');
  await page.reload();
  await sandbox.clearFaults(order);
  await cashier.reaches('paid', 36_000, { step: 1_000 });
  assert.equal((await cashier.paymentRequests()).length, 1);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('a reload on the screen that tells of a failure brings the button again, and it pays', async (world) => {
  const cashier = await readyInWechat(world, { phone: { answer: result('fail') } });
  await cashier.call();
  await cashier.shows('trouble');
  await cashier.page.reload();
  await cashier.ready();
  await cashier.paysInWechat();
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('the QR chosen inside WeChat stays after a reload, and back at the sheet it is one order still', async (world) => {
  const cashier = await readyInWechat(world);
  await cashier.choose('扫码支付');
  await cashier.shows('scan');
  const code = await cashier.code();
  await cashier.page.reload();
  await cashier.shows('scan');
  assert.equal(await cashier.code(), code);
  await cashier.choose('在微信中支付');
  await cashier.readyAgain();
  assert.equal((await cashier.sandbox.scan(code)).result, 'refused', 'the code of before is dead');
  await cashier.paysInWechat();
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('field problem 56: from the sheet to the QR and back: one order, and what was left cannot be paid', async (world) => {
  world.allow(REFUSED_BY_WECHAT);
  const cashier = await readyInWechat(world);
  const [params] = await jsapiPayments(cashier);
  await cashier.choose('扫码支付');
  await cashier.shows('scan');
  const refused = await cashier.sandbox.call('POST', '/wechat/jsapi', { params, url: cashier.page.url() });
  assert.equal(refused.result, 'refused');
  await cashier.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
  assert.equal(await cashier.tradesPaid(), 1);
});

/** The parameters of the payments by JSAPI that the merchant has answered with. */
async function jsapiPayments({ sandbox, order }) {
  const { payments } = await sandbox.order(order);
  return payments.map(({ action }) => action?.params).filter(Boolean);
}

behaviour('the same order open in two pages, both with the sheet: the second is told that it is paid', async (world) => {
  world.allow(REFUSED_BY_WECHAT);
  const cashier = await readyInWechat(world);
  const { page, sandbox, order } = cashier;
  const second = new InWechat(await page.context().newPage(), sandbox, order);
  await second.page.goto(page.url());
  await second.ready();
  await cashier.openSheet();
  await second.openSheet();
  await cashier.payOnSheet();
  await second.tapIn('pay');
  await second.part('dialog').getByText('已支付').waitFor();
  await second.tapIn('confirm');
  await second.reaches('paid', 8_000);
  await cashier.reaches('paid', 8_000);
  assert.equal(await cashier.tradesPaid(), 1);
  assert.equal((await cashier.paymentRequests()).length, 1);
});

behaviour('a slow answer: the payer waits for one payment, and a tap too early makes none', async (world) => {
  const cashier = await readyInWechat(world, { phone: { answer: result('fail') } });
  const { page, sandbox, order } = cashier;
  await cashier.call();
  await cashier.shows('trouble');
  await sandbox.forgetLog(order);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/payments', async (route) => {
    await held;
    await route.continue();
  });
  await cashier.send('retry');
  await page.locator('.wc-title', { hasText: '正在准备付款' }).waitFor();
  assert.ok(await page.locator('.wc-stage button', { hasText: '立即支付' }).isDisabled());
  await cashier.advance(5_000, { settle: false });
  release();
  await cashier.readyAgain();
  assert.equal((await cashier.paymentRequests()).length, 1);
  await cashier.paysInWechat();
});
