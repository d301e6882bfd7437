// In a mini-program's web-view: only a native page of the mini-program can ask for money (field problem 14).

import assert from 'node:assert/strict';

import { TO_PAY_MS } from './support/sandbox.mjs';
import { FAILED_REQUESTS, behaviour, fault } from './support/test.mjs';
import { inWechat, readyInWechat } from './support/wechat.mjs';

/** Taps the cashier's button and waits for the mini-program's page. */
async function openNative(cashier) {
  await cashier.send('pay');
  await cashier.part('native').waitFor();
}

for (const [agent, system] of [['miniProgram', 'Android'], ['miniProgramIos', 'iOS'], ['miniProgramHarmony', 'HarmonyOS']]) {
  behaviour(`field problem 14, ${system}: the native page pays, and back on the page it is paid`, async (world) => {
    const cashier = await readyInWechat(world, { agent, known: false });
    assert.deepEqual(await cashier.ways(), ['扫码支付', '支付宝', '云闪付'], 'neither JSAPI nor H5');
    await openNative(cashier);
    const { order_id } = cashier.order;
    assert.match(await cashier.part('native').innerText(), new RegExp(`/pages/pay\\?order=${order_id}\\s`));
    await cashier.tapIn('native-pay');
    await cashier.payOnSheet();
    await cashier.reaches('paid', 8_000);
    assert.deepEqual(await cashier.callsForPayment(), []);
    assert.equal((await cashier.paymentRequests()).length, 1);
    assert.equal(await cashier.tradesPaid(), 1);
  });
}

behaviour('field problem 14: back from the native page unpaid, the payer is asked, and can pay again', async (world) => {
  const cashier = await readyInWechat(world, { agent: 'miniProgram' });
  await openNative(cashier);
  await cashier.tapIn('native-pay');
  await cashier.part('sheet').waitFor();
  await cashier.tapIn('cancel');
  await cashier.sandbox.forgetLog(cashier.order);
  await cashier.tapIn('native-back');
  await cashier.advance(1_500);
  await cashier.shows('returned');
  assert.match(await cashier.text(), /付款完成了吗？[^]*已完成支付[^]*重新支付/);
  const [first] = await cashier.statusRequests();
  assert.match(first.path, /verify=1/);
  await cashier.send('have-paid');
  await cashier.shows('confirming');
  await cashier.reaches('returned', 12_000);
  assert.match(await cashier.notice(), /还没有收到这笔付款/);
  await cashier.send('again');
  await cashier.readyAgain(3_000);
  await openNative(cashier);
  await cashier.tapIn('native-pay');
  await cashier.payOnSheet();
  await cashier.reaches('paid', 8_000);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('a reload while the native page is open: the payer is asked, and what was paid meanwhile is paid', async (world) => {
  const cashier = await readyInWechat(world, { agent: 'miniProgram' });
  const { page, sandbox, order } = cashier;
  await openNative(cashier);
  await page.reload();
  await cashier.shows('returned');
  await sandbox.setFaults(order, fault('notify_lost'));
  await sandbox.advance(TO_PAY_MS);
  await sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
  await cashier.send('have-paid');
  await cashier.reaches('paid', 8_000);
  assert.equal((await cashier.paymentRequests()).length, 1);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('taps in a burst open one native page', async (world) => {
  const cashier = await readyInWechat(world, { agent: 'miniProgram' });
  await cashier.payButton().dblclick();
  await cashier.part('native').waitFor();
  assert.equal(await cashier.part('native').count(), 1);
  assert.equal((await cashier.paymentRequests()).length, 1);
});

behaviour('the JS-SDK cannot be loaded: that is said, with what to do, and the QR pays', async (world) => {
  world.allow(FAILED_REQUESTS);
  const cashier = await inWechat(world, { agent: 'miniProgram', phone: { jssdk: 'missing' } });
  await cashier.shows('trouble');
  assert.equal(await cashier.title(), '这里打不开微信支付');
  assert.equal(await cashier.supportCode(), 'no_sdk');
  assert.match(await cashier.text(), /请更新微信后重试，或用其他付款方式/);
  assert.ok(await cashier.waysAreOpen());
  await cashier.paysByQr();
});

behaviour('the JS-SDK is looked for again at "try again", and pays once it is there', async (world) => {
  world.allow(FAILED_REQUESTS);
  const cashier = await inWechat(world, { agent: 'miniProgram', phone: { jssdk: 'missing' } });
  await cashier.shows('trouble');
  await cashier.sandbox.call('PUT', '/wechat/phone', { jssdk: 'works' });
  await cashier.send('retry');
  await cashier.readyAgain(3_000);
  await openNative(cashier);
});

behaviour('a JS-SDK that does not come within 8 s is said; when it comes, it is taken', async (world) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const cashier = await inWechat(world, {
    agent: 'miniProgram',
    before: ({ page }) => page.route('**/assets/jssdk.js', async (route) => {
      await held;
      await route.continue();
    }),
  });
  await cashier.shows('pay');
  await cashier.advance(7_500);
  assert.equal(await cashier.title(), '正在准备付款…');
  await cashier.reaches('trouble', 1_000);
  assert.equal(await cashier.supportCode(), 'no_sdk');
  release();
  await cashier.readyAgain(4_000);
  await openNative(cashier);
  await cashier.tapIn('native-pay');
  await cashier.payOnSheet();
  await cashier.reaches('paid', 8_000);
});

behaviour('a mini-program whose pay page is not there (wrong path): the payer is told, and goes on by the QR', async (world) => {
  const cashier = await readyInWechat(world, {
    agent: 'miniProgram',
    before: ({ page }) => page.addInitScript(() => {
      // What the JS-SDK answers with then.
      const refuse = ({ complete }) => complete({ errMsg: 'navigateTo:fail page "pages/pay" is not found' });
      window.wx = { miniProgram: { navigateTo: refuse } };
    }),
  });
  await cashier.send('pay');
  await cashier.shows('trouble');
  assert.equal(await cashier.supportCode(), 'setup');
  assert.equal(await cashier.detail(), 'navigateTo:fail page "pages/pay" is not found');
  await cashier.paysByQr();
});

behaviour('on a computer the QR comes first in a mini-program, and its own page is offered', async (world) => {
  const cashier = await inWechat(world, { agent: 'miniProgramWindows' });
  await cashier.shows('scan');
  assert.deepEqual(await cashier.ways(), ['小程序支付', '支付宝', '云闪付']);
});
