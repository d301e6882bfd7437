// `WeixinJSBridge` comes when it likes, or never, or twice.

import assert from 'node:assert/strict';

import { TO_PAY_MS } from './support/sandbox.mjs';
import { behaviour, fault } from './support/test.mjs';
import { inWechat, readyInWechat } from './support/wechat.mjs';

/** Whether the phone has put it into the page. */
const hasBridge = (cashier) => cashier.page.evaluate(() => window.WeixinJSBridge !== undefined);

behaviour('field problem 1: the bridge comes 1.5 s late: the button waits for it, and pays', async (world) => {
  const cashier = await inWechat(world, { phone: { bridge: 'late', late_ms: 1_500 } });
  await cashier.shows('pay');
  assert.equal(await cashier.title(), '正在准备付款…');
  assert.ok(await cashier.page.locator('.wc-stage button', { hasText: '立即支付' }).isDisabled());
  await cashier.advance(1_000);
  assert.equal(await hasBridge(cashier), false);
  assert.equal(await cashier.title(), '正在准备付款…');
  await cashier.readyAgain(1_000);
  await cashier.paysInWechat();
});

behaviour('field problems 1 and 19: no bridge within 4 s is said, the QR is offered, and it pays', async (world) => {
  const cashier = await inWechat(world, { phone: { bridge: 'missing' } });
  await cashier.shows('pay');
  await cashier.advance(3_500);
  assert.equal(await cashier.screen(), 'pay');
  await cashier.reaches('trouble', 500);
  assert.equal(await cashier.title(), '这里打不开微信支付');
  assert.match(await cashier.text(), /请更新微信后重试，或用其他付款方式/);
  assert.equal(await cashier.supportCode(), 'no_bridge');
  assert.ok(await cashier.waysAreOpen());
  await cashier.paysByQr();
});

behaviour('field problem 1: "try again" waits for the bridge for 4 s more', async (world) => {
  const cashier = await inWechat(world, { phone: { bridge: 'missing' } });
  await cashier.shows('pay');
  await cashier.reaches('trouble', 4_000);
  await cashier.send('retry');
  await cashier.settle();
  assert.equal(await cashier.title(), '正在准备付款…');
  await cashier.reaches('trouble', 4_500);
  assert.equal(await cashier.supportCode(), 'no_bridge');
});

behaviour('field problem 1: a bridge that comes after it was given up is taken all the same', async (world) => {
  const cashier = await inWechat(world, { phone: { bridge: 'late', late_ms: 6_000 } });
  await cashier.shows('pay');
  await cashier.reaches('trouble', 4_500);
  await cashier.readyAgain(4_000);
  await cashier.paysInWechat();
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('a bridge that comes while the QR shows does not take the QR away', async (world) => {
  const cashier = await inWechat(world, { phone: { bridge: 'late', late_ms: 6_000 } });
  await cashier.shows('pay');
  await cashier.reaches('trouble', 4_500);
  await cashier.choose('扫码支付');
  await cashier.shows('scan');
  await cashier.advance(5_000);
  assert.ok(await hasBridge(cashier));
  assert.equal(await cashier.screen(), 'scan');
  await cashier.choose('在微信中支付');
  await cashier.readyAgain();
  await cashier.paysInWechat();
});

behaviour('a doubled bridge: its event and every answer come twice, and one payment is made', async (world) => {
  const cashier = await readyInWechat(world, { phone: { bridge: 'doubled' } });
  await cashier.openSheet();
  await cashier.tapIn('cancel');
  await cashier.readyAgain();
  assert.equal(await cashier.title(), '付款未完成');
  await cashier.paysInWechat();
  assert.equal((await cashier.heard()).answers.length, 4);
  assert.equal((await cashier.callsForPayment()).length, 2);
  assert.equal((await cashier.paymentRequests()).length, 1);
  assert.equal(await cashier.tradesPaid(), 1);
  assert.equal(await cashier.paidEvents(), 1);
});

behaviour('field problem 16: on HarmonyOS the call is made within the tap; one from a script is refused and told', async (world) => {
  const cashier = await readyInWechat(world, { agent: 'harmony' });
  const said = await cashier.page.evaluate(() => new Promise((resolve) => {
    window.WeixinJSBridge.invoke('getBrandWCPayRequest', {}, resolve);
  }));
  assert.deepEqual(said, { err_msg: 'get_brand_wcpay_request:fail', err_desc: 'WeixinJSBridge already exists' });
  // A tap that is none: a script's.
  await cashier.page.evaluate(() => document.querySelector('[data-tap="pay"]').click());
  await cashier.shows('trouble');
  assert.equal(await cashier.supportCode(), 'no_gesture');
  assert.match(await cashier.text(), /请更新微信后重试/);
  await cashier.send('retry');
  await cashier.readyAgain();
  await cashier.paysInWechat();
});

behaviour('field problem 6: in WeChat proper the bridge is called, and no JS-SDK is loaded', async (world) => {
  const loaded = [];
  const cashier = await readyInWechat(world, { before: ({ page }) => page.on('request', (request) => loaded.push(request.url())) });
  await cashier.paysInWechat();
  assert.deepEqual(loaded.filter((url) => /jssdk|jweixin/.test(url)), []);
  assert.deepEqual((await cashier.heard()).calls.map(([name]) => name), ['getBrandWCPayRequest']);
});

/** A bridge of the test's own: `window.bridge` says what it does with a call; calls are in `window.held`. Runs in the page. */
function oddBridge() {
  window.held = [];
  window.bridge = (call) => window.held.push(call);
  window.WeixinJSBridge = { invoke: (name, args, callback) => window.bridge(callback) };
}

/** A cashier with that bridge, at the button. */
const withOddBridge = (world) => readyInWechat(world, { phone: { bridge: 'missing' }, before: ({ page }) => page.addInitScript(oddBridge) });

behaviour('a bridge that throws is a failure that is told; the next tap calls again', async (world) => {
  const cashier = await withOddBridge(world);
  await cashier.page.evaluate(() => {
    window.bridge = () => {
      throw new Error('kernel gone');
    };
  });
  await cashier.send('pay');
  await cashier.shows('trouble');
  assert.equal(await cashier.supportCode(), 'failed');
  assert.match(await cashier.detail(), /kernel gone/);
  await cashier.send('retry');
  await cashier.readyAgain();
  await cashier.page.evaluate(() => (window.bridge = (callback) => callback({ err_msg: 'get_brand_wcpay_request:cancel' })));
  await cashier.send('pay');
  await cashier.readyAgain();
  assert.equal(await cashier.title(), '付款未完成', 'also where the answer comes within the call');
});

behaviour('field problem 10: answers that are a bare text, and answers that say nothing', async (world) => {
  const cashier = await withOddBridge(world);
  const { page } = cashier;
  await page.evaluate(() => (window.bridge = (callback) => setTimeout(() => callback('get_brand_wcpay_request:cancel'))));
  await cashier.send('pay');
  await cashier.readyAgain();
  assert.equal(await cashier.title(), '付款未完成');
  await page.evaluate(() => (window.bridge = (callback) => [undefined, null, {}, { err_msg: null }, 7, ''].forEach((said) => callback(said))));
  await cashier.send('pay');
  await cashier.settle();
  assert.equal(await cashier.title(), '正在打开付款页面…');
  await page.evaluate(() => (window.bridge = (callback) => callback({ err_msg: 7, errMsg: 'getBrandWCPayRequest:ok' })));
  await cashier.send('retry');
  await cashier.readyAgain();
  await cashier.send('pay');
  await cashier.shows('confirming');
});

behaviour('an answer to a call that was given up says nothing about the next, and "ok" has the backend asked', async (world) => {
  const cashier = await withOddBridge(world);
  const { page, sandbox, order } = cashier;
  await cashier.send('pay');
  await cashier.send('retry');
  await cashier.readyAgain();
  await cashier.send('pay');
  assert.equal(await page.evaluate(() => window.held.length), 2);
  await page.evaluate(() => window.held[0]({ err_msg: 'get_brand_wcpay_request:cancel' }));
  await cashier.settle();
  assert.equal(await cashier.title(), '正在打开付款页面…');
  await sandbox.setFaults(order, fault('notify_lost'));
  await sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
  await page.evaluate(() => window.held[0]({ err_msg: 'get_brand_wcpay_request:ok' }));
  await cashier.reaches('paid', 2_000);
  await page.evaluate(() => window.held[1]({ err_msg: 'get_brand_wcpay_request:fail' }));
  await cashier.advance(1_000);
  assert.equal(await cashier.screen(), 'paid', 'nothing is said after the end');
  assert.equal(await cashier.paidEvents(), 1);
});

behaviour('field problem 38: the sheet covers the page, which asks nothing meanwhile and at once afterwards', async (world) => {
  const cashier = await readyInWechat(world);
  const { sandbox, order } = cashier;
  await cashier.openSheet();
  await sandbox.setFaults(order, fault('notify_lost'));
  await cashier.settle();
  await cashier.hide();
  await sandbox.forgetLog(order);
  await cashier.advance(30_000, { step: 5_000 });
  assert.deepEqual(await cashier.statusRequests(), []);
  await sandbox.advance(TO_PAY_MS);
  await cashier.tapIn('pay');
  await cashier.part('done').waitFor();
  await cashier.show();
  await cashier.reaches('paid', 1_000);
  assert.match((await cashier.statusRequests())[0].path, /verify=1/);
});
