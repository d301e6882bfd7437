// `WeixinJSBridge` comes when it likes, or never, or twice.

import assert from 'node:assert/strict';

import { behaviour } from './support/test.mjs';
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
