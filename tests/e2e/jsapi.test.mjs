// Paying by JSAPI inside WeChat: every end that the sheet can come to.

import assert from 'node:assert/strict';

import { TO_PAY_MS } from './support/sandbox.mjs';
import { behaviour, fault } from './support/test.mjs';
import { readyInWechat, result, setPhone } from './support/wechat.mjs';

behaviour('the sheet is paid: confirming, then paid; one payment asked for, one trade paid', async (world) => {
  const cashier = await readyInWechat(world, { reducedMotion: false });
  assert.match(await cashier.text(), /¥19\.99[^]*点下方按钮，在微信中完成付款[^]*立即支付 ¥19\.99/);
  await cashier.openSheet();
  assert.equal(await cashier.part('amount').innerText(), '¥19.99');
  assert.equal(await cashier.screen(), 'pay');
  assert.equal(await cashier.payButton().count(), 0, 'while the sheet is open there is no second button');
  await cashier.payOnSheet();
  await cashier.reaches('paid', 8_000);
  assert.match(await cashier.text(), /支付成功/);
  assert.equal(cashier.page.frames().length, 1, 'no frame of ours (field problem 3)');
  assert.equal(await cashier.paidEvents(), 1);
  assert.equal((await cashier.paymentRequests()).length, 1);
  assert.equal(await cashier.tradesPaid(), 1);
});

for (const [agent, system] of [['android', 'Android'], ['ios', 'iOS'], ['harmony', 'HarmonyOS']]) {
  behaviour(`field problem 22, ${system}: cancelled, closed, a wrong password, and the same order is paid at last`, async (world) => {
    const cashier = await readyInWechat(world, { agent });
    for (const way of ['cancel', 'close']) {
      await cashier.openSheet();
      await cashier.tapIn(way);
      await cashier.readyAgain();
      assert.equal(await cashier.title(), '付款未完成');
      assert.match(await cashier.text(), /订单仍然有效，可以重新支付/);
    }
    const before = (await cashier.sandbox.order(cashier.order)).trades;
    await cashier.openSheet();
    await cashier.tapIn('wrong-password');
    await cashier.part('said').filter({ hasText: /./ }).waitFor();
    assert.equal(await cashier.screen(), 'pay', 'a wrong password is no end');
    await cashier.payOnSheet();
    await cashier.reaches('paid', 8_000);
    assert.equal((await cashier.paymentRequests()).length, 1, 'the parameters were good for every tap');
    const { trades } = await cashier.sandbox.order(cashier.order);
    assert.deepEqual(trades.map(({ out_trade_no }) => out_trade_no), before.map(({ out_trade_no }) => out_trade_no));
    assert.equal(await cashier.tradesPaid(), 1);
    assert.equal(await cashier.paidEvents(), 1);
    const calls = await cashier.callsForPayment();
    assert.equal(calls.length, 3, 'one call a tap');
    assert.deepEqual(Object.keys(calls[0][1]).sort(), ['appId', 'nonceStr', 'package', 'paySign', 'signType', 'timeStamp']);
    assert.ok(calls.every(([, params]) => Object.values(params).every((value) => typeof value === 'string')));
  });
}

behaviour('field problem 11: "ok" while the order is unpaid never shows paid, and the payer can pay after all', async (world) => {
  const cashier = await readyInWechat(world, { phone: { answer: result('ok') } });
  await cashier.sandbox.forgetLog(cashier.order);
  await cashier.send('pay');
  await cashier.shows('confirming');
  for (let second = 0; second < 9; second += 1) {
    await cashier.advance(1_000);
    assert.equal(await cashier.screen(), 'confirming');
  }
  assert.ok((await cashier.statusRequests()).every(({ path }) => /verify=1/.test(path)), 'WeChat itself is asked');
  await cashier.reaches('pay', 4_000);
  assert.match(await cashier.notice(), /还没有收到这笔付款/);
  assert.equal(await cashier.paidEvents(), 0);
  await cashier.paysInWechat();
  assert.equal(await cashier.tradesPaid(), 1);
});

for (const word of ['cancel', 'fail']) {
  behaviour(`field problem 11: "${word}" while the order is paid ends in paid, and nothing more can be paid`, async (world) => {
    const cashier = await readyInWechat(world, { phone: { answer: result(word) } });
    const { sandbox, order } = cashier;
    await sandbox.setFaults(order, fault('notify_lost'));
    await sandbox.advance(TO_PAY_MS);
    await sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
    await cashier.call();
    await cashier.reaches('paid', 2_000);
    assert.equal(await cashier.has('[data-tap]:not([data-tap="stay"])'), false);
    assert.equal(await cashier.tradesPaid(), 1);
    assert.equal(await cashier.paidEvents(), 1);
  });
}

behaviour('"cancel" offers to pay again only once the backend has said that it is not paid', async (world) => {
  const cashier = await readyInWechat(world, { phone: { answer: result('cancel') } });
  const { sandbox, order } = cashier;
  await cashier.settle();
  world.allow(/Failed to load resource/);
  await sandbox.setFaults(order, fault('answer_status', { status: 503, on: 'order' }));
  await cashier.call();
  await cashier.advance(2_000);
  assert.equal(await cashier.payButton().count(), 0);
  await sandbox.clearFaults(order);
  await cashier.readyAgain(31_000, { step: 1_000 });
  assert.equal(await cashier.title(), '付款未完成');
});

behaviour('WeChat says nothing at all: the payer can try again, say that it is paid, and is told when it is', async (world) => {
  const cashier = await readyInWechat(world, { phone: { silent: true } });
  const { sandbox, order } = cashier;
  await cashier.send('pay');
  await cashier.advance(60_000, { step: 2_000 });
  assert.equal(await cashier.title(), '正在打开付款页面…');
  await cashier.send('retry');
  await cashier.readyAgain();
  await cashier.send('pay');
  await cashier.send('have-paid');
  await cashier.shows('confirming');
  await cashier.reaches('pay', 12_000);
  await sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
  await cashier.reaches('paid', 8_000);
  assert.equal((await cashier.paymentRequests()).length, 1);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('field problem 10: err_msg and errMsg, three spellings, any case, and another call\'s answer before them', async (world) => {
  const cashier = await readyInWechat(world, { phone: { pre_verify: true } });
  const { sandbox } = cashier;
  for (const key of ['err_msg', 'errMsg']) {
    for (const spelling of ['get_brand_wcpay_request', 'getBrandWCPayRequest', 'chooseWXPay']) {
      await setPhone(sandbox, { key, spelling });
      await cashier.openSheet();
      assert.equal(await cashier.title(), '正在打开付款页面…', 'pre_verify_jsapi:ok is no answer');
      await cashier.tapIn('cancel');
      await cashier.readyAgain();
      assert.equal(await cashier.title(), '付款未完成', `${key}: ${spelling}`);
      await setPhone(sandbox, { answer: key === 'errMsg' ? `${spelling}:ok` : `${spelling}:OK`.toUpperCase() });
      await cashier.call();
      await cashier.shows('confirming');
      await cashier.send('back');
      await cashier.readyAgain();
    }
  }
  await cashier.paysInWechat();
});

behaviour('field problem 13: WeChat closes the page after the payment (点金计划); opened again, it is paid', async (world) => {
  const cashier = await readyInWechat(world, { phone: { close_after_pay: true } });
  await cashier.openSheet();
  await cashier.tapIn('pay');
  await cashier.tapIn('done');
  await cashier.page.waitForURL('about:blank');
  await cashier.page.goto(cashier.sandbox.url + cashier.order.wechat_url);
  await cashier.shows('paid');
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('field problem 12: the shop does not open after "paid": the link stays, and leads there', async (world) => {
  const cashier = await readyInWechat(world);
  const { page, order } = cashier;
  let deaf = true;
  await page.route(`**${order.order_url}`, (route) => (deaf ? route.fulfill({ status: 204 }) : route.continue()));
  await cashier.paysInWechat();
  const asked = page.waitForRequest(`**${order.order_url}`);
  await cashier.advance(6_000);
  await asked;
  assert.equal(await cashier.screen(), 'paid');
  deaf = false;
  await page.getByRole('link', { name: '返回商家' }).click();
  await page.waitForURL(`**${order.order_url}`);
});
