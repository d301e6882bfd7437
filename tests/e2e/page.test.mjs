// The hosted page: what its address and its markup say, and what it makes of them.

import assert from 'node:assert/strict';

import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

const TEAS = {
  oolong: { currency: 'CNY', value: 19.99, digits: '19.99' },
  sencha: { currency: 'JPY', value: 1200, digits: '1,200' },
  assam: { currency: 'KWD', value: 3.25, digits: '3.250' },
};

for (const [tea, { currency, value, digits }] of Object.entries(TEAS)) {
  behaviour(`an amount in ${currency} is written as each language writes it`, async (world) => {
    const order = await world.sandbox.newOrder({ tea });
    const cashier = await world.openCashier(order);
    for (const lang of ['zh-CN', 'zh-HK', 'en']) {
      await cashier.page.goto(`${world.sandbox.url}/cashier/?order=${order.order_id}&token=${order.token}&lang=${lang}`);
      await cashier.shows('scan');
      const shown = await cashier.page.locator('.wc-amount').innerText();
      const wanted = await cashier.page.evaluate(
        ({ lang, currency, value }) => new Intl.NumberFormat(lang, { style: 'currency', currency }).format(value),
        { lang, currency, value },
      );
      assert.equal(shown, wanted);
      assert.equal(shown.replace(/[^\d.,]/g, ''), digits);
      assert.notEqual(shown, digits, 'the currency is named');
    }
  });
}

behaviour('a page that names no order says what is missing, and asks nobody', async (world) => {
  const page = await world.newPage();
  const requests = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  await page.goto(`${world.sandbox.url}/cashier/`);
  await page.waitForSelector('.wc[lang][data-screen="trouble"]');
  const text = await page.locator('.wc').innerText();
  assert.match(text, /没有订单/);
  assert.match(text, /\?order=…/);
  assert.match(text, /missing_order/);
  assert.deepEqual(requests.filter((path) => path.startsWith('/api')), []);
});

behaviour('an order that the shop does not know: the payer is told', async (world) => {
  world.allow(FAILED_REQUESTS);
  const cashier = await world.openCashier({ cashier_url: '/cashier/?order=T0&token=x' });
  await cashier.shows('trouble');
  assert.match(await cashier.text(), /找不到订单[^]*order_not_found/);
});

behaviour('an order id with strange characters stays one part of the path', async (world) => {
  world.allow(FAILED_REQUESTS);
  const page = await world.newPage();
  const asked = page.waitForRequest(/\/api\//);
  await page.goto(`${world.sandbox.url}/cashier/?order=${encodeURIComponent('../../shop/orders?x=1#/é')}`);
  assert.equal(new URL((await asked).url()).pathname, '/api/orders/..%2F..%2Fshop%2Forders%3Fx%3D1%23%2F%C3%A9');
  await page.waitForSelector('.wc[lang][data-screen="trouble"]');
});

behaviour('a wrong token: the payer is told to open the order from the shop again', async (world) => {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, { path: `/cashier/?order=${order.order_id}&token=wrong` });
  await cashier.shows('trouble');
  assert.match(await cashier.text(), /页面已失效[^]*unauthorized/);
});

for (const { asked, locale, gets, word } of [
  { asked: 'fr', locale: 'zh-TW', gets: 'zh-HK', word: '應付金額' },
  { asked: 'fr', locale: 'de-DE', gets: 'en', word: 'Amount due' },
  { asked: '', locale: 'zh-CN', gets: 'zh-CN', word: '应付金额' },
  { asked: 'EN-gb', locale: 'zh-CN', gets: 'en', word: 'Amount due' },
]) {
  behaviour(`asked for "${asked}" in a browser of ${locale} it speaks ${gets}`, async (world) => {
    const order = await world.sandbox.newOrder();
    const path = `/cashier/?order=${order.order_id}&token=${order.token}&lang=${asked}`;
    const cashier = await world.openCashier(order, { locale, path });
    await cashier.shows('scan');
    assert.equal(await cashier.page.locator('html').getAttribute('lang'), gets);
    assert.ok((await cashier.text()).includes(word));
  });
}

behaviour('the address cannot say where the backend is', async (world) => {
  const order = await world.sandbox.newOrder();
  const page = await world.newPage();
  const hosts = new Set();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  const evil = encodeURIComponent('http://127.0.0.1:9/api');
  await page.goto(`${world.sandbox.url}${order.cashier_url}&api=${evil}&cashier-api=${evil}#api=${evil}`);
  await page.waitForSelector('.wc[lang]:not([data-first])[data-screen="scan"]');
  assert.deepEqual([...hosts], [new URL(world.sandbox.url).host]);
});

behaviour('everything can be reached and done with the keyboard', async (world) => {
  const { cashier, page } = await world.scanning();
  const names = [];
  for (let presses = 0; presses < 2; presses += 1) {
    await page.keyboard.press('Tab');
    names.push(await page.evaluate(() => document.activeElement.textContent));
  }
  assert.deepEqual(names, ['我已付款', '换一个二维码']);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await cashier.shows('confirming');
});

behaviour('a screen reader hears each new screen, and one minute before the end, but not every second', async (world) => {
  const { cashier, page, sandbox } = await world.scanning({ wish: { expires_in_ms: 90_000 } });
  const said = () => page.locator('.wc-unseen[role=status]').textContent();
  assert.equal(await said(), '打开微信“扫一扫”付款');
  await cashier.advance(31_000, { step: 1_000 });
  assert.equal(await said(), '二维码还有一分钟过期');
  await sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  assert.equal(await said(), '支付成功');
});

behaviour('on a phone what the head asks for is taken up', async (world) => {
  const order = await world.sandbox.newOrder();
  const warned = [];
  const cashier = await world.openCashier(order, {
    viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true,
    before: ({ page }) => page.on('console', (message) => warned.push(message.text())),
  });
  await cashier.page.waitForSelector('.wc[lang]:not([data-first])');
  assert.equal(await cashier.page.evaluate(() => matchMedia('(pointer: coarse)').matches), true);
  // Chromium says where the script asks in another mode than the head; WebKit then fetches the file twice, and says nothing.
  assert.deepEqual(warned.filter((text) => /preload/.test(text)), []);
});
