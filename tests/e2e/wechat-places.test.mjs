// What is offered inside WeChat's programs, by the user agents that real ones send, and by what the order offers.

import assert from 'node:assert/strict';

import { behaviour } from './support/test.mjs';
import { InWechat, browserIn, inWechat, readyInWechat, setPhone } from './support/wechat.mjs';

const OWN = ['支付宝', '云闪付'];

/** A user agent's name, the first screen, and the other ways. Those of environment.test.mjs are not repeated. */
const PLACES = [
  ['ios', 'pay', ['扫码支付', ...OWN]],
  ['devtools', 'pay', ['扫码支付', ...OWN]],
  ['oldWindows', 'scan', OWN],
  ['miniProgramIos', 'pay', ['扫码支付', ...OWN]],
  ['miniProgramWindows', 'scan', ['小程序支付', ...OWN]],
  ['miniProgramMac', 'scan', ['小程序支付', ...OWN]],
];

behaviour('field problems 14, 49 and 63: in each of WeChat\'s programs what works there is offered, and never what does not', async (world) => {
  const { sandbox } = world;
  const page = await world.newPage(browserIn('ios'));
  const session = await page.context().newCDPSession(page);
  for (const [name, screen, ways] of PLACES) {
    const order = await sandbox.newOrder();
    const cashier = new InWechat(page, sandbox, order);
    await session.send('Network.setUserAgentOverride', { userAgent: browserIn(name).userAgent });
    await page.goto(sandbox.url + order.wechat_url);
    await cashier.shows(screen);
    if (screen === 'pay') {
      await cashier.ready();
      assert.ok((await cashier.text()).includes('点下方按钮，在微信中完成付款'), name);
    } else {
      assert.equal(await cashier.title(), '打开微信“扫一扫”付款', name);
      assert.equal((await sandbox.scan(await cashier.readQr())).result, 'bill', name);
    }
    assert.deepEqual(await cashier.ways(), ways, name);
  }
});

behaviour('a mini-program that only __wxjs_environment gives away is taken for one', async (world) => {
  await setPhone(world.sandbox, { jssdk: 'works' });
  const cashier = await inWechat(world, {
    agent: 'ios', known: false, before: ({ page }) => page.addInitScript(() => (window.__wxjs_environment = 'miniprogram')),
  });
  await cashier.ready();
  assert.equal((await cashier.paymentRequests()).length, 1);
  assert.equal((await cashier.sandbox.order(cashier.order)).payments.at(-1).method, 'mini_program');
});

behaviour('field problems 19 and 23: where the merchant has no JSAPI, the QR says that it wants another device, and the link can be copied', async (world) => {
  const cashier = await inWechat(world, { known: false, wish: { methods: ['native', 'h5'] } });
  await cashier.shows('scan');
  assert.match(await cashier.text(), /请用另一台设备扫描[^]*长按或从相册识别无效/);
  await cashier.send('copy-link');
  await cashier.page.locator('.wc-notice', { hasText: '已复制' }).waitFor();
  assert.equal(await cashier.copied(), cashier.page.url());
  assert.equal(await cashier.has('[data-tap="choose"]'), false, 'H5 does not open inside WeChat');
  await cashier.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

behaviour('field problem 49: an order that offers H5 alone says inside WeChat that this does not work here, with a way back to the shop', async (world) => {
  const cashier = await inWechat(world, { known: false, wish: { methods: ['h5'] } });
  await cashier.shows('trouble');
  assert.equal(await cashier.supportCode(), 'no_method');
  assert.match(await cashier.text(), /此付款方式暂不可用/);
  assert.ok(await cashier.page.getByRole('link', { name: '返回商家' }).isVisible());
  assert.ok(await cashier.has('[data-tap="retry"]'));
});

for (const percent of [100, 160]) {
  behaviour(`field problem 20: with WeChat's text at ${percent} % nothing is cut off or sticks out`, async (world) => {
    const cashier = await readyInWechat(world, { phone: { font_percent: percent } });
    const { page } = cashier;
    const look = async (name) => {
      await cashier.settle();
      assert.deepEqual(await page.evaluate(cutOff), [], name);
      for (const button of await page.locator('.wc-stage button').all()) {
        await button.scrollIntoViewIfNeeded();
        assert.ok(await button.isVisible(), name);
      }
    };
    await look('the button');
    await cashier.openSheet();
    await cashier.tapIn('cancel');
    await cashier.readyAgain();
    await look('cancelled');
    await setPhone(cashier.sandbox, { answer: `当前页面的URL未注册:https://shop.example/${'a-long-path/'.repeat(8)}` });
    await cashier.call();
    await cashier.shows('trouble');
    await look('trouble');
    await cashier.choose('扫码支付');
    await cashier.shows('scan');
    await look('scan');
    await cashier.choose('在微信中支付');
    await cashier.readyAgain();
    await cashier.openSheet();
    await cashier.payOnSheet();
    await cashier.shows('confirming');
    await look('confirming');
    await cashier.reaches('paid', 8_000);
    await look('paid');
  });
}

/** Texts and boxes that stick out of the window or of what holds them. Runs in the page. */
function cutOff() {
  const found = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    found.push(`the page is ${scrollWidth} wide in ${clientWidth}`);
  }
  for (const element of document.querySelectorAll('.wc *')) {
    const style = getComputedStyle(element);
    if (element.closest('.wc-unseen, .wc-over, .wc-track, [aria-hidden]') || element.getClientRects().length === 0) {
      continue;
    }
    const hides = style.overflowX !== 'visible' || style.overflowY !== 'visible';
    if (hides && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) {
      found.push(`${element.localName}.${element.className}: cut off`);
    }
    const { left, right } = element.getBoundingClientRect();
    if (left < -0.5 || right > clientWidth + 0.5) {
      found.push(`${element.localName}.${element.className}: ${left} to ${right}`);
    }
  }
  return found;
}
