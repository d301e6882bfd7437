// What WeChat says when it does not work: the payer is told what to do, has a code for the merchant's support, and can pay by
// the QR. Here, a few of the texts on their way from the bridge to the screen; what each of them means is in
// src/core/bridge/tests.rs, what is done about it in tests/core/traces/wechat_says.rs, and how it looks in tests/screens.rs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { ANSWERS } from '../../sandbox/src/assets/answers.js';
import { TO_PAY_MS } from './support/sandbox.mjs';
import { behaviour, fault } from './support/test.mjs';
import { readyInWechat, result, setPhone } from './support/wechat.mjs';

/** By what the payer sees: the support code, the title, and WeChat's texts with the number of a field problem. */
const TABLE = [
  ['url_not_registered', '微信未登记此页面', [['当前页面的URL未注册:https://shop.example/cashier/', 4]]],
  ['setup', '商家的微信支付设置有误', [['缺少参数 appId', 7], ['chooseWXPay:fail, the permission value is offline verifying', 17]]],
  ['failed', '付款没有成功', [[result('fail'), 9]]],
];

const OTHER_WAYS = ['扫码支付', '支付宝', '云闪付'];

for (const [code, title, texts] of TABLE) {
  const numbers = [...new Set(texts.flatMap(([, number]) => number ?? []))];
  const problems = numbers.length > 0 ? `field problem ${numbers.join(', ')}; ` : '';
  behaviour(`${problems}${code}: ${texts.length} of WeChat's texts, each told, copied, and got round by the QR`, async (world) => {
    const cashier = await readyInWechat(world);
    const { sandbox, order } = cashier;
    for (const [text] of texts) {
      await setPhone(sandbox, { answer: text, answer_count: 1 });
      await cashier.call();
      await cashier.shows('trouble');
      assert.equal(await cashier.title(), title, text);
      assert.equal(await cashier.supportCode(), code, text);
      assert.equal(await cashier.detail(), text);
      assert.deepEqual(await cashier.ways(), OTHER_WAYS, text);
      assert.ok(await cashier.waysAreOpen(), text);
      assert.ok(await cashier.has('[data-tap="retry"]'), text);
      await cashier.send('copy-trouble');
      await cashier.page.locator('.wc-notice', { hasText: '已复制' }).waitFor();
      assert.equal(await cashier.copied(), `${order.order_id} ${code} ${text}`);
      // The QR can be paid; and back at WeChat's own way, the next text.
      await cashier.choose('扫码支付');
      await cashier.shows('scan');
      assert.equal((await sandbox.scan(await cashier.code(), 'another phone')).result, 'bill', text);
      await cashier.choose('在微信中支付');
      await cashier.readyAgain();
    }
    await cashier.paysByQr();
    assert.equal(await cashier.tradesPaid(), 1);
    assert.equal(await cashier.paidEvents(), 1);
  });
}

behaviour('WeChat says that the order is paid already: the backend is asked, and the order ends in paid', async (world) => {
  const cashier = await readyInWechat(world, { phone: { answer: '该订单已支付' } });
  const { sandbox, order } = cashier;
  await sandbox.setFaults(order, fault('notify_lost'));
  await sandbox.advance(TO_PAY_MS);
  await sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
  await cashier.call();
  await cashier.shows('confirming');
  await cashier.reaches('paid', 2_000);
});

behaviour('every text that the emulator can say is tested', () => {
  const native = readFileSync(new URL('../../src/core/bridge/tests.rs', import.meta.url), 'utf8');
  const said = ANSWERS.flatMap(([, texts]) => texts.map(([text]) => text));
  assert.ok(said.length > 20);
  assert.deepEqual(said.filter((text) => !native.includes(`(${JSON.stringify(text)},`)), []);
});
