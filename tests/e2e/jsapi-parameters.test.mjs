// The parameters of the call: wrong ones are named before WeChat sees them, those that WeChat refuses or that have run out
// are asked for anew.

import assert from 'node:assert/strict';

import { behaviour, fault } from './support/test.mjs';
import { REFUSED_BY_WECHAT, inWechat, readyInWechat } from './support/wechat.mjs';

/** A parameter, its value (absent: left out), and how it is named to the merchant's support. All: tests/core/traces/jsapi.rs. */
const WRONG = [
  ['appId', undefined, 'action.params: missing field `appId`'],
  ['timeStamp', '1795255200000', 'action.params.timeStamp: expected seconds since 1970, got milliseconds `1795255200000`'],
];

behaviour('field problems 7 and 8: a wrong parameter is named, WeChat is not called, and good ones pay', async (world) => {
  const [[first, value], ...rest] = WRONG;
  const cashier = await inWechat(world, { faults: [fault('jsapi_bad_params', { field: first, value, times: 1 })] });
  const { sandbox, order } = cashier;
  const named = async (words) => {
    await cashier.shows('trouble');
    assert.equal(await cashier.title(), '商家系统出现问题');
    assert.equal(await cashier.supportCode(), 'unreadable_answer');
    assert.equal(await cashier.detail(), words);
    assert.ok(await cashier.waysAreOpen());
  };
  await named(WRONG[0][2]);
  for (const [field, value, words] of rest) {
    await sandbox.setFaults(order, fault('jsapi_bad_params', { field, value, times: 1 }));
    await cashier.choose('扫码支付');
    await cashier.shows('scan');
    await cashier.choose('在微信中支付');
    await cashier.settle();
    await named(words);
  }
  assert.deepEqual(await cashier.callsForPayment(), []);
  await cashier.paysByQr();
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('field problem 7: after a wrong package "try again" brings other parameters, and they pay', async (world) => {
  const cashier = await inWechat(world, { faults: [fault('jsapi_bad_params', { field: 'package', value: 'prepay_id=', times: 1 })] });
  await cashier.shows('trouble');
  await cashier.send('retry');
  await cashier.readyAgain(3_000);
  await cashier.paysInWechat();
  assert.equal(await cashier.tradesPaid(), 1);
});

/** One that the cashier itself checks, and one without which the answer is not of the contract. */
const REPEATED = [{ field: 'package', value: 'prepay_id=' }, { field: 'paySign' }];

for (const { field, value } of REPEATED) {
  behaviour(`field problem 7: with a wrong ${field} in the payment to resume, a reload still shows the order and its ways`, async (world) => {
    const cashier = await inWechat(world, { faults: [fault('jsapi_bad_params', { field, value, times: 1 })] });
    await cashier.shows('trouble');
    await cashier.page.reload();
    await cashier.page.locator('.wc-way[data-tap]').first().waitFor();
    await cashier.shows('trouble');
    assert.match(await cashier.text(), /¥19\.99/);
    await cashier.paysByQr();
  });
}

/** A fault, what WeChat's dialog says of it, and the support code. */
const REFUSED = [
  ['changed_nonce', '支付验证签名失败', 'setup'],
  ['wrong_app_id', '调用支付JSAPI缺少参数:total_fee', 'stale'],
  ['stale_prepay', '调用支付JSAPI缺少参数:total_fee', 'stale'],
];

for (const [kind, text, code] of REFUSED) {
  behaviour(`field problem 8, ${kind}: WeChat refuses, "try again" brings new parameters, and they pay`, async (world) => {
    world.allow(REFUSED_BY_WECHAT);
    const cashier = await readyInWechat(world, { faults: [fault(kind, { times: 1 })] });
    await cashier.send('pay');
    await cashier.part('dialog').getByText(text, { exact: true }).waitFor();
    await cashier.tapIn('confirm');
    await cashier.shows('trouble');
    assert.equal(await cashier.supportCode(), code);
    assert.match(await cashier.detail(), new RegExp(text));
    await cashier.send('retry');
    await cashier.readyAgain();
    const packages = () => cashier.callsForPayment().then((calls) => calls.map(([, params]) => params.package));
    await cashier.paysInWechat();
    const [refused, paid] = await packages();
    if (kind === 'stale_prepay') {
      assert.notEqual(paid, refused);
    }
    assert.equal((await cashier.paymentRequests()).length, 2, 'one a tap');
    assert.equal(await cashier.tradesPaid(), 1);
  });
}

behaviour('field problem 4: outside the payment directories WeChat refuses the page, and the address is told', async (world) => {
  world.allow(REFUSED_BY_WECHAT);
  const cashier = await readyInWechat(world, { phone: { pay_directories: ['/elsewhere/'] } });
  await cashier.send('pay');
  await cashier.tapIn('confirm');
  await cashier.shows('trouble');
  assert.equal(await cashier.supportCode(), 'url_not_registered');
  assert.match(await cashier.detail(), /^当前页面的URL未注册:http/);
  await cashier.paysByQr();
});

behaviour('field problem 5: the payment directory is the page\'s own, and no part of its address is a hash route', async (world) => {
  const cashier = await readyInWechat(world, { phone: { pay_directories: ['/wechat/cashier/'] }, path: ({ wechat_url }) => `${wechat_url}#/pay` });
  await cashier.paysInWechat();
  const { pathname } = new URL(cashier.page.url());
  assert.equal(pathname, '/wechat/cashier/');
});

behaviour('field problem 8: parameters that have run out are asked for anew at the tap, and the next tap opens the sheet', async (world) => {
  const cashier = await readyInWechat(world, { agent: 'harmony', faults: [fault('quick_code_expiry', { ms: 30_000, times: 1 })] });
  await cashier.advance(40_000, { step: 1_000 });
  await cashier.send('pay');
  await cashier.readyAgain(3_000);
  assert.deepEqual(await cashier.callsForPayment(), [], 'HarmonyOS would take a call now for a script\'s');
  await cashier.paysInWechat();
  assert.equal((await cashier.paymentRequests()).length, 2);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('the order runs out while the sheet is open: it says so, and a payment that still goes through is shown as late', async (world) => {
  const cashier = await readyInWechat(world, { wish: { expires_in_ms: 20_000 } });
  await cashier.openSheet();
  await cashier.sandbox.setFaults(cashier.order, fault('paid_after_expiry'));
  await cashier.reaches('expired', 21_000);
  assert.match(await cashier.text(), /订单已过期[^]*如已付款，请点“我已付款”/);
  await cashier.payOnSheet();
  await cashier.reaches('paid', 8_000);
  assert.match(await cashier.text(), /付款时订单已过期/);
  assert.equal(await cashier.tradesPaid(), 1);
});
