// What WeChat says when it does not work (facts section 1.3): the payer is told what to do, has a code for the merchant's
// support, and can pay by the QR.

import assert from 'node:assert/strict';

import { ANSWERS } from '../../sandbox/src/assets/answers.js';
import { behaviour, fault } from './support/test.mjs';
import { readyInWechat, result, setPhone } from './support/wechat.mjs';

/** By what the payer sees: the support code, the title, and WeChat's texts, some with the number of a field problem. */
const TABLE = [
  ['stale', '支付信息已过期', [['调用支付JSAPI缺少参数:total_fee', 8], ['该订单已失效']]],
  ['url_not_registered', '微信未登记此页面', [['当前页面的URL未注册:https://shop.example/cashier/', 4]]],
  ['setup', '商家的微信支付设置有误', [
    ['缺少参数 appId', 7], ['缺少参数 package', 7], ['get_brand_wcpay_request:fail_invalid appid'],
    ['get_brand_wcpay_request:fail_invalid_data'], ['支付验证签名失败'], ['支付场景非法'], ['invalid signature', 6],
    ['invalid url domain'], ['config:fail'], ['get_brand_wcpay_request:fail_no permission to execute'],
    ['getBrandWCPayRequest:fail_nopermission'], ['permission denied'],
    ['chooseWXPay:fail, the permission value is offline verifying', 17], ['the permission value is offline verifying', 17],
  ]],
  ['not_supported', '这里打不开微信支付', [
    ['system:access_denied', 15], ['getBrandWCPayRequest:fail_nosupport'], ['function not exist'],
    ['该商户暂不支持通过外部拉起微信完成支付'],
  ]],
  ['no_gesture', '这里打不开微信支付', [['WeixinJSBridge already exists', 16], ['invokeMiniProgramAPI:permission denied', 16]]],
  ['limit', '商家暂时不能收这笔款', [['商家暂时没有此类交易权限'], ['今日收款超出单日收款最大金额']]],
  ['failed', '付款没有成功', [
    [result('fail'), 9], ['getBrandWCPayRequest:fail', 9], ['chooseWXPay:fail'], ['err_msg: wx_result_fail'],
  ]],
  ['other_account', '下单和付款的微信号不一致', [['下单账号与支付账号不一致']]],
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

const PAID_BEFORE = ['该订单已支付', '订单已支付'];

for (const text of PAID_BEFORE) {
  behaviour(`WeChat says ${text}: the backend is asked, and the order ends in paid`, async (world) => {
    const cashier = await readyInWechat(world, { phone: { answer: text } });
    const { sandbox, order } = cashier;
    await sandbox.setFaults(order, fault('notify_lost'));
    await sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
    await cashier.call();
    await cashier.shows('confirming');
    await cashier.reaches('paid', 2_000);
  });
}

behaviour('every text that the emulator can say is tested', () => {
  const tested = new Set([...TABLE.flatMap(([, , texts]) => texts.map(([text]) => text)), ...PAID_BEFORE]);
  const said = ANSWERS.flatMap(([, texts]) => texts.map(([text]) => text));
  // Results that are no failures: jsapi.test.mjs.
  assert.deepEqual(said.filter((text) => !tested.has(text) && !/:(ok|cancel)$/.test(text)), []);
});
