// What is offered where, in a browser that calls itself so: one place for each thing that the page itself finds out. What more
// than a hundred real user agents (tests/data/user-agents.tsv) are offered, and why, is in tests/environment.rs.

import assert from 'node:assert/strict';

import { MIDDLE_PAGE, agent, browserOf, button, choose, opened, payInWechat, waysOf } from './support/phone.mjs';
import { behaviour } from './support/test.mjs';

const [QR, H5, ALIPAY, UNIONPAY, CODE] = ['扫码支付', '打开微信支付', '支付宝', '云闪付', '付款码'];

/** The name over the screen, the screen, and the other ways, the best first, when everything is offered. */
const PHONE = { method: '微信支付', screen: 'pay', ways: [QR, ALIPAY, UNIONPAY] };
const WECHAT = { ...PHONE, inside: true };
const TABLET = { method: '微信支付', screen: 'scan', ways: [H5, ALIPAY, UNIONPAY] };
const DESKTOP = { method: '微信支付', screen: 'scan', ways: [ALIPAY, UNIONPAY, H5] };
/** A computer's app, where H5 never works. */
const DESKTOP_APP = { ...DESKTOP, ways: [ALIPAY, UNIONPAY] };

const PLACES = [
  ['Chrome on Android', agent('Browser', 'Phone', 'SM-G973F'), PHONE],
  ['Safari on an iPad, which names itself a Mac', agent('Browser', 'Tablet', 'Macintosh'), TABLET],
  ['Chrome on Windows with a touch screen', agent('Browser', 'Desktop', 'Chrome/140.0.0.0'), DESKTOP],
  ['WeChat for Windows, whose version is another (field problem 63)', agent('WeChatDesktop', 'Desktop', 'UnifiedPCWindowsWechat'), DESKTOP_APP],
  ['Alipay', agent('Alipay', 'Phone', 'XRiver'), { method: ALIPAY, screen: 'pay', ways: [QR, H5, UNIONPAY] }],
  ['WeChat on Android: never H5 (field problem 49)', agent('WeChat', 'Phone', 'MEIZU 20'), WECHAT],
  ['a mini-program\'s web-view: never H5 (field problem 14)', agent('MiniProgram', 'Phone', 'XWEB/1300073'), WECHAT],
];

/** Where ways lead that leave the page, at the tap that chooses them. */
const LEADS_TO = { [ALIPAY]: /\/alipay\/pay\?/, [H5]: MIDDLE_PAGE };

/** What a page finds besides the user agent. Must not refer to anything outside itself. */
const fingers = (count) => Object.defineProperty(Navigator.prototype, 'maxTouchPoints', { configurable: true, get: () => count });

for (const [name, row, { method, screen, ways, inside }] of PLACES) {
  behaviour(`in ${name}: ${method} first, and from there the QR and every other way`, async (world) => {
    const order = await world.sandbox.newOrder();
    const cashier = await world.openCashier(order, {
      ...browserOf(row), path: inside ? order.wechat_url : order.cashier_url,
      before: ({ page }) => page.addInitScript(fingers, row.probes.includes('touch') || row.device !== 'Desktop' ? 5 : 0),
    });
    const { page } = cashier;
    await cashier.shows(screen);
    assert.equal(await page.locator('.wc-method').innerText(), method);
    assert.deepEqual(await waysOf(page), ways);
    if (screen === 'scan') {
      assert.match(await cashier.text(), /打开微信“扫一扫”付款/);
    } else {
      await choose(page, QR);
      await cashier.shows('scan');
      const onPhone = row.device === 'Phone';
      assert.equal(/另一台设备/.test(await cashier.text()), onPhone, 'a phone cannot scan itself (field problem 23)');
    }
    assert.ok(await cashier.readQr());
    const away = ways.find((way) => way in LEADS_TO);
    await choose(page, away);
    await page.waitForURL(LEADS_TO[away]);
  });
}

behaviour('a payment code is offered to a payer only where nothing else is, to be typed', async (world) => {
  const { page } = await opened(world, 'take-code', { wish: { methods: ['payment_code'] } });
  assert.equal(await page.locator('.wc-way').count(), 0);
  const second = await opened(world, 'pay', { wish: { methods: ['payment_code', 'h5', 'native'] } });
  assert.deepEqual(await waysOf(second.page), [QR]);
  assert.ok(!(await waysOf(second.page)).includes(CODE));
});

behaviour('an order that offers H5 alone is not paid by it in WeChat: the payer is told, and not led there (field problem 49)', async (world) => {
  const order = await world.sandbox.newOrder({ methods: ['h5'] });
  const cashier = await world.openCashier(order, { ...browserOf(agent('WeChat', 'Phone', 'MEIZU 20')), path: order.wechat_url });
  await cashier.shows('trouble');
  assert.match(await cashier.text(), /no_method/);
  assert.equal(await button(cashier.page, 'retry').count(), 1);
});

behaviour('a phone that asks for desktop pages is taken for a computer, and still pays by H5', async (world) => {
  const { cashier, page } = await opened(world, 'scan', { ...browserOf(agent('Browser', 'Desktop', 'X11; Ubuntu')), viewport: { width: 390, height: 844 } });
  await choose(page, H5);
  await page.waitForURL(MIDDLE_PAGE);
  await payInWechat(page);
  await cashier.shows('paid');
});
