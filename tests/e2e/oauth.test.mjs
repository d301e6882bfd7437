// The merchant does not know the payer yet: WeChat's login, at most once a visit, and nothing of it stays in the address.

import assert from 'node:assert/strict';

import { behaviour } from './support/test.mjs';
import { InWechat, REFUSED_BY_WECHAT, browserIn, inWechat, readyInWechat, setPhone } from './support/wechat.mjs';

const LOGIN = /open\.weixin\.qq\.com\/connect\/oauth2\/authorize/;

/** Notes the addresses that the page itself goes to. */
const noteWay = (way) => ({ page }) => page.on('request', (request) => request.isNavigationRequest() && way.push(request.url()));

const hasCode = (url) => new URL(url).searchParams.has('code') || new URL(url).searchParams.has('state');

/** From a page of the shop's, as payers come. */
async function fromTheShop(world, phone) {
  const { sandbox } = world;
  await setPhone(sandbox, phone);
  const order = await sandbox.newOrder();
  const page = await world.newPage(browserIn('android'));
  await page.goto(sandbox.url + order.order_url);
  const way = [];
  noteWay(way)({ page });
  const cashier = new InWechat(page, sandbox, order);
  await page.goto(sandbox.url + order.wechat_url);
  return { cashier, page, order, sandbox, way };
}

for (const oauth_to of ['merchant', 'page']) {
  behaviour(`field problem 18: a silent login by way of the ${oauth_to} leaves no trace in address or history, and "back" does not log in again`, async (world) => {
    const { cashier, page, order, sandbox, way } = await fromTheShop(world, { oauth_to });
    await cashier.ready();
    assert.equal(way.filter((url) => LOGIN.test(url)).length, 1);
    assert.equal(page.url(), sandbox.url + order.wechat_url, 'as it was entered');
    assert.equal(await page.evaluate(() => history.length), 3, 'about:blank, the shop, the cashier');
    const entries = await page.evaluate(() => window.navigation.entries().map(({ url }) => url));
    assert.ok(!entries.some((url) => hasCode(url) || LOGIN.test(url)), entries.join(' '));
    const [first, second, ...more] = await cashier.paymentRequests();
    assert.ok(first && second);
    assert.deepEqual(more, []);
    assert.notEqual(first.idempotency_key, second.idempotency_key, 'the same question would have the same answer');
    way.length = 0;
    await page.goBack();
    assert.equal(page.url(), sandbox.url + order.order_url);
    await page.goForward();
    await cashier.ready();
    await page.reload();
    await cashier.ready();
    assert.deepEqual(way.filter((url) => LOGIN.test(url) || hasCode(url)), []);
    await cashier.paysInWechat();
    assert.equal(await cashier.tradesPaid(), 1);
  });
}

behaviour('field problem 18: a code in the address is the backend\'s: sent once with the first payment, with no other call', async (world) => {
  const sent = [];
  const cashier = await inWechat(world, {
    known: false, phone: { oauth_to: 'page' },
    before: ({ page }) => page.on('request', (request) => {
      const code = /code=([^&"]+)/.exec(decodeURIComponent(`${request.url()} ${request.postData() ?? ''}`));
      if (code && /\/api\//.test(request.url())) {
        sent.push([request.method(), code[1]]);
      }
    }),
  });
  await cashier.ready();
  assert.deepEqual(sent.map(([method]) => method), ['POST']);
  await cashier.page.reload();
  await cashier.ready();
  await cashier.choose('扫码支付');
  await cashier.shows('scan');
  await cashier.choose('在微信中支付');
  await cashier.readyAgain();
  assert.equal(sent.length, 1);
  assert.ok(!(await cashier.text()).includes(sent[0][1]));
  await cashier.paysInWechat();
});

behaviour('field problem 18: an address with a code that was used before (40163) logs in anew, and pays', async (world) => {
  const way = [];
  const cashier = await inWechat(world, { known: false, phone: { oauth_to: 'page' }, before: noteWay(way) });
  await cashier.ready();
  const { page, sandbox } = cashier;
  const order = await sandbox.newOrder();
  const again = new InWechat(page, sandbox, order);
  const { searchParams } = new URL(way.find(hasCode));
  const url = new URL(order.wechat_url, sandbox.url);
  for (const name of ['code', 'state']) {
    url.searchParams.set(name, searchParams.get(name));
  }
  way.length = 0;
  // Another account, of whom the merchant has no cookie.
  await setPhone(sandbox, { account: 'B' });
  await page.goto(url.href);
  await again.ready();
  assert.equal(way.filter((url) => LOGIN.test(url)).length, 1);
  assert.equal(hasCode(page.url()), false);
  await again.paysInWechat();
});

behaviour('a login that asks first: WeChat\'s page, and back to pay', async (world) => {
  const cashier = await inWechat(world, { known: false, phone: { oauth: 'ask' } });
  await cashier.page.waitForURL(LOGIN);
  await cashier.page.locator('#allow').click();
  await cashier.ready();
  await cashier.paysInWechat();
});

behaviour('a login that the payer refuses: opened again, the payer is told, can try again and can pay by the QR', async (world) => {
  const cashier = await inWechat(world, { known: false, phone: { oauth: 'ask' } });
  const { page, sandbox, order } = cashier;
  await page.waitForURL(LOGIN);
  await page.locator('#refuse').click();
  await page.waitForURL('about:blank');
  await page.goto(sandbox.url + order.wechat_url);
  await cashier.shows('trouble');
  assert.equal(await cashier.supportCode(), 'login_loop');
  await cashier.send('retry');
  await page.waitForURL(LOGIN);
  await page.goto(sandbox.url + order.wechat_url);
  await cashier.shows('trouble');
  await cashier.paysByQr();
});

behaviour('the login fails (10003): opened again, the cashier says so, and "try again" is another login', async (world) => {
  const cashier = await inWechat(world, { known: false, phone: { oauth: 'fail' } });
  const { page, sandbox, order } = cashier;
  await page.getByText('10003').waitFor();
  await page.goto(sandbox.url + order.wechat_url);
  await cashier.shows('trouble');
  assert.equal(await cashier.title(), '微信登录没有成功');
  assert.ok(await cashier.waysAreOpen());
  await setPhone(sandbox, { oauth: 'silent' });
  await cashier.send('retry');
  await cashier.ready();
  await cashier.paysInWechat();
});

behaviour('a merchant that never knows the payer: one login, then a clear message, and the QR', async (world) => {
  const way = [];
  const cashier = await inWechat(world, { known: false, phone: { oauth_to: 'loop' }, before: noteWay(way) });
  await cashier.shows('trouble');
  assert.equal(await cashier.supportCode(), 'login_loop');
  assert.match(await cashier.text(), /商家没有认出您的微信号。请重试，或用其他付款方式/);
  await cashier.advance(30_000, { step: 1_000 });
  assert.equal(way.filter((url) => LOGIN.test(url)).length, 1);
  const back = cashier.page.waitForEvent('load');
  await cashier.send('retry');
  await back;
  await cashier.shows('trouble');
  assert.equal(way.filter((url) => LOGIN.test(url)).length, 2, 'one more, since the payer asked for it');
  await cashier.paysByQr();
});

behaviour('the order is another WeChat account\'s: the payer is told, and can pay by the QR', async (world) => {
  world.allow(REFUSED_BY_WECHAT);
  const cashier = await readyInWechat(world);
  await setPhone(cashier.sandbox, { account: 'B' });
  await cashier.send('pay');
  await cashier.part('dialog').getByText('下单账号与支付账号不一致').waitFor();
  await cashier.tapIn('confirm');
  await cashier.shows('trouble');
  assert.equal(await cashier.supportCode(), 'other_account');
  assert.match(await cashier.text(), /请重试，将以当前微信号重新下单/);
  await cashier.paysByQr();
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('the order is another WeChat account\'s: "try again" logs in anew, and pays', async (world) => {
  world.allow(REFUSED_BY_WECHAT);
  const cashier = await readyInWechat(world);
  await setPhone(cashier.sandbox, { account: 'B' });
  await cashier.send('pay');
  await cashier.tapIn('confirm');
  await cashier.shows('trouble');
  const login = cashier.page.waitForRequest(LOGIN);
  await cashier.send('retry');
  await login;
  await cashier.ready();
  await cashier.paysInWechat();
  assert.equal(await cashier.tradesPaid(), 1);
});
