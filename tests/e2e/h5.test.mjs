// H5 in a phone's own browser: to WeChat by its middle page, and back, whether paid or not (docs/platform.md, 4).

import assert from 'node:assert/strict';

import {
  MIDDLE_PAGE, PHONE, button, inWechat, opened, payInWechat, payable, paymentRequests, press, rewritten, toWechat, waysOf,
} from './support/phone.mjs';
import { TO_PAY_MS } from './support/sandbox.mjs';
import { PACKAGE, attributes, html, serve } from './support/shop.mjs';
import { Cashier, FAILED_REQUESTS, behaviour, fault, keepPagesForBack } from './support/test.mjs';

keepPagesForBack();

behaviour('from the shop on a phone to a paid order by H5 (field problem 50: what is shown is what the backend says)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay', { reducedMotion: false });
  assert.match(await cashier.text(), /立即支付 ¥19\.99/);
  await toWechat(page);
  const came = page.waitForRequest((request) => request.isNavigationRequest() && /\/cashier\//.test(request.url()));
  await payInWechat(page);
  assert.equal(new URL((await came).url()).searchParams.get('wc_return'), order.order_id, 'the way back names the order');
  await cashier.shows('paid');
  assert.doesNotMatch(page.url(), /wc_return/, 'read once');
  assert.equal((await sandbox.order(order)).status, 'paid');
  assert.equal(await cashier.paidEvents(), 1);
});

behaviour('the mark of the way back is another order\'s, or of none: nothing is asked, and it stays; what a router keeps stays too', async (world) => {
  const { sandbox } = world;
  const order = await sandbox.newOrder();
  for (const mark of ['1', 'another', '']) {
    const cashier = await world.openCashier(order, { path: `${order.cashier_url}&wc_return=${mark}#/pay` });
    await cashier.shows('scan');
    assert.match(cashier.page.url(), new RegExp(`wc_return=${mark}#/pay$`));
  }
  const path = `${order.cashier_url}&wc_return=${order.order_id}#/pay`;
  const cashier = await world.openCashier(order, { path, before: ({ page }) => page.addInitScript(() => history.replaceState({ router: 1 }, '')) });
  await cashier.shows('returned');
  assert.equal(cashier.page.url(), `${new URL(order.cashier_url, sandbox.url).href}#/pay`);
  assert.deepEqual(await cashier.page.evaluate(() => history.state), { router: 1 });
});

behaviour('the address is asked for at the tap, not before, and in the same tab (field problems 48 and 53)', async (world) => {
  const { cashier, page } = await opened(world, 'pay');
  await cashier.advance(20 * 60_000 / 2, { step: 60_000 });
  assert.deepEqual(await paymentRequests(cashier), []);
  await toWechat(page);
  const requests = await paymentRequests(cashier);
  assert.equal(requests.length, 1, 'and it is ten minutes younger than the page: an address lives five');
  assert.equal(page.context().pages().length, 1);
});

behaviour('back unpaid after 5 s: the page asks, and never says paid by itself (field problem 50)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay');
  await toWechat(page);
  await page.clock.runFor(5_000);
  await page.waitForURL(/\/cashier\/\?/);
  await cashier.shows('returned');
  assert.match(await cashier.text(), /付款完成了吗？/);
  assert.equal(await button(page, 'have-paid').innerText(), '已完成支付');
  assert.equal(await button(page, 'again').innerText(), '重新支付');
  await press(page, 'have-paid');
  await cashier.shows('confirming');
  await cashier.reaches('returned', 12_000);
  assert.match(await cashier.notice(), /还没有收到这笔付款/);
  assert.equal((await sandbox.order(order)).status, 'pending');
  assert.equal(await cashier.paidEvents(), 0);
});

behaviour('back before it is paid, and paid then: "finished" has the platform asked, and shows it paid (field problem 40)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay');
  await sandbox.setFaults(order, fault('notify_lost'));
  await toWechat(page);
  const { trades: [trade] } = await sandbox.order(order);
  await page.clock.runFor(5_000);
  await cashier.shows('returned');
  // WeChat is still open on the phone, and the payer pays there.
  const bill = await sandbox.post('/wechat/h5', { prepay_id: trade.handle });
  await sandbox.post('/wechat/pay', { scan_id: bill.scan_id });
  await press(page, 'have-paid');
  await cashier.reaches('paid', 8_000);
});

behaviour('back before the backend knows of the order: the page waits, and does not call it lost (field problem 40)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay');
  world.allow(FAILED_REQUESTS);
  await toWechat(page);
  await sandbox.setFaults(order, fault('order_not_found', { on: 'order', times: 2 }));
  await payInWechat(page);
  await page.waitForURL(/\/cashier\/\?/);
  const shown = new Set();
  await cashier.advanceUntil('paid', async () => {
    const screen = await page.locator('.wc[lang]').getAttribute('data-screen');
    shown.add(screen);
    return screen === 'paid';
  }, 15_000);
  const answers = (await cashier.statusRequests()).map(({ status }) => status);
  assert.equal(answers.filter((status) => status === 404).length, 2, `${answers}`);
  assert.ok(!shown.has('trouble'), `shown: ${[...shown]}`);
});

behaviour('a lost notification: back from WeChat the platform is asked, and it is paid with no tap (field problem 33)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay');
  await sandbox.setFaults(order, fault('notify_lost'));
  await toWechat(page);
  await sandbox.advance(TO_PAY_MS);
  await payInWechat(page);
  await cashier.shows('paid');
  assert.equal((await sandbox.order(order)).status, 'paid');
});

behaviour('"pay again" asks for a new payment, and the old one can be paid no more (field problems 48 and 54)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay');
  await toWechat(page);
  const first = page.url();
  await page.clock.runFor(5_000);
  await cashier.shows('returned');
  await press(page, 'again');
  await page.waitForURL(MIDDLE_PAGE);
  assert.notEqual(page.url(), first);
  const requests = await paymentRequests(cashier);
  assert.equal(requests.length, 2);
  assert.notEqual(requests[0].idempotency_key, requests[1].idempotency_key);
  assert.equal((await payable(cashier)).length, 1);
  await payInWechat(page);
  await cashier.shows('paid');
});

behaviour('an address that another WeChat account has opened is replaced by "pay again" (field problem 54)', async (world) => {
  const { cashier, page, sandbox } = await opened(world, 'pay');
  await sandbox.call('PUT', '/wechat/phone', { account: 'B' });
  await toWechat(page);
  await sandbox.call('PUT', '/wechat/phone', { account: 'A' });
  await inWechat(page, 'cancel');
  await cashier.shows('returned');
  await press(page, 'again');
  await page.waitForURL(MIDDLE_PAGE);
  await page.locator('[data-wechat="sheet"]').waitFor();
  await payInWechat(page);
  await cashier.shows('paid');
});

behaviour('"pay again" after more than five minutes leads to an address that works (field problem 48)', async (world) => {
  const { cashier, page } = await opened(world, 'pay');
  await toWechat(page);
  await page.clock.runFor(5_000);
  await cashier.shows('returned');
  await cashier.leap(6 * 60_000);
  await press(page, 'again');
  await page.waitForURL(MIDDLE_PAGE);
  await payInWechat(page);
  await cashier.shows('paid');
});

behaviour('a reload of the page that WeChat came back to asks the same, and then shows it paid', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay');
  await toWechat(page);
  await inWechat(page, 'cancel');
  await cashier.shows('returned');
  await page.reload();
  await cashier.shows('returned');
  await sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
  await page.reload();
  await cashier.shows('paid');
  assert.equal((await paymentRequests(cashier)).length, 1);
});

behaviour('a reload of the page that was left asks whether it is done (field problem 52: WeChat may come back elsewhere)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay');
  const left = page.url();
  await toWechat(page);
  await page.goto(left);
  await cashier.shows('returned');
  await sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
  await cashier.reaches('paid', 8_000);
});

behaviour('a browser that has only the address shows the question, and the payment (field problem 52)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay');
  await sandbox.setFaults(order, fault('notify_lost'));
  await toWechat(page);
  const back = new URL(page.url()).searchParams.get('redirect_url');
  assert.ok(back.endsWith(`wc_return=${order.order_id}`), back);
  const fresh = await world.newPage(PHONE);
  const other = new Cashier(fresh, sandbox, order);
  await fresh.goto(back);
  await other.shows('returned');
  await inWechat(page, 'pay');
  await press(fresh, 'have-paid');
  await other.reaches('paid', 8_000);
  // The tab that was left finds out by asking.
  await inWechat(page, 'done');
  await cashier.shows('paid');
});

behaviour('a browser that has the order\'s address only, while it is being paid elsewhere, asks too (field problem 52)', async (world) => {
  const { order, page, sandbox } = await opened(world, 'pay');
  await toWechat(page);
  const fresh = await world.newPage(PHONE);
  const other = new Cashier(fresh, sandbox, order);
  await fresh.goto(sandbox.url + order.cashier_url);
  await other.shows('returned');
  await payInWechat(page);
  await other.reaches('paid', 8_000);
});

// ── Back (a page out of the browser's cache does not go with a held clock) ──────────────────────────────────────────────

behaviour('"back" from WeChat\'s page asks whether it is done, and the platform, before paying is offered again (field problem 21)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay', { clock: false });
  await sandbox.setFaults(order, fault('notify_lost'));
  await toWechat(page);
  await sandbox.forgetLog(order);
  // Answered, and not only sent: what is paid from here on, this answer does not know.
  const asked = page.waitForResponse(/\/api\/orders\//);
  await page.goBack({ waitUntil: 'commit' });
  await cashier.shows('returned');
  assert.deepEqual(await page.evaluate(() => window.observed.persisted), [false, true], 'it came out of the cache');
  assert.match((await asked).url(), /verify=1/);
  await sandbox.advance(TO_PAY_MS);
  await sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
  await press(page, 'have-paid');
  await cashier.shows('paid');
  assert.deepEqual(await paymentRequests(cashier), []);
});

behaviour('"back" from the page that WeChat came back to does not offer to pay as if nothing had been (field problem 21)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay', { clock: false });
  await toWechat(page);
  await inWechat(page, 'cancel');
  await page.waitForURL(/\/cashier\/\?/);
  await cashier.shows('returned');
  await page.goBack({ waitUntil: 'commit' });
  await cashier.shows('returned');
  await page.goForward({ waitUntil: 'commit' });
  await cashier.shows('returned');
  await sandbox.post(`/sandbox/orders/${order.order_id}/pay`);
  await cashier.shows('paid');
  await page.goBack({ waitUntil: 'commit' });
  await cashier.shows('paid');
  assert.equal((await sandbox.order(order)).payments.length, 1);
});

// ── Taps ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

behaviour('a double tap asks once (field problem 55)', async (world) => {
  const { cashier, page } = await opened(world, 'pay');
  const held = [];
  await page.route('**/payments', (route) => held.push(route));
  await button(page, 'pay').dblclick({ force: true });
  await cashier.shows('pay');
  await page.evaluate(() => window.observed.turn());
  assert.equal(held.length, 1);
  await held[0].continue();
  await page.waitForURL(MIDDLE_PAGE);
  assert.equal((await paymentRequests(cashier)).length, 1);
});

behaviour('a slow answer: "try again" asks with the same key, and one payment comes of it (field problem 55)', async (world) => {
  const { cashier, order, page, sandbox } = await opened(world, 'pay');
  const held = [];
  await page.route('**/payments', (route) => held.push(route));
  await press(page, 'pay');
  await page.waitForSelector('[data-tap="retry"]');
  assert.match(await cashier.text(), /正在打开付款页面/);
  await press(page, 'retry');
  await press(page, 'retry');
  await page.evaluate(() => window.observed.turn());
  assert.equal(held.length, 1, 'the first is still under way');
  await page.clock.runFor(16_000);
  await page.unroute('**/payments');
  world.allow(FAILED_REQUESTS);
  await held[0].abort().catch(() => {});
  if (!MIDDLE_PAGE.test(page.url())) {
    await cashier.advanceUntil('the middle page', () => MIDDLE_PAGE.test(page.url()), 10_000, { settle: false });
  }
  const keys = (await paymentRequests(cashier)).map((request) => request.idempotency_key);
  assert.equal(new Set([...keys, ...held.map((route) => route.request().headers()['idempotency-key'])]).size, 1);
  assert.equal((await sandbox.order(order)).payments.length, 1);
});

behaviour('a page that did not leave after all says what to do, and "try again" there pays', async (world) => {
  const { cashier, page } = await opened(world, 'pay');
  // As where WeChat is not installed, or the browser refuses to go: it stays where it is.
  await page.route(MIDDLE_PAGE, (route) => route.fulfill({ status: 204 }));
  world.allow(FAILED_REQUESTS);
  await press(page, 'pay');
  await cashier.reaches('returned', 4_000);
  await page.unroute(MIDDLE_PAGE);
  await page.reload();
  await cashier.shows('returned');
  await press(page, 'again');
  await page.waitForURL(MIDDLE_PAGE);
  await payInWechat(page);
  await cashier.shows('paid');
});

// ── Where to ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const withoutOrigins = (html) => html.replace(/<meta name="cashier-origins"[^>]*>/, '');

behaviour('only wx.tenpay.com and origins of the integrator\'s are gone to: any other is refused, with the QR at hand', async (world) => {
  const { cashier, page } = await opened(world, 'pay', { before: rewritten(withoutOrigins) });
  const here = page.url();
  await press(page, 'pay');
  await cashier.shows('trouble');
  assert.equal(page.url(), here);
  assert.match(await cashier.text(), /address_not_allowed/);
  assert.ok((await waysOf(page)).includes('扫码支付'));
});

behaviour('the real address: https://wx.tenpay.com is gone to by a page that allows no other, which tells its origin (field problem 46)', async (world) => {
  const visits = [];
  const { page } = await opened(world, 'pay', { before: rewritten(withoutOrigins) });
  const { origin } = new URL(page.url());
  await page.route('https://wx.tenpay.com/**', async (route) => {
    visits.push(await route.request().allHeaders());
    await route.fulfill({ contentType: 'text/html', body: '<title>WeChat</title>' });
  });
  await page.route('**/payments', async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    json.action.url = json.action.url.replace(`${origin}/wx.tenpay.com`, 'https://wx.tenpay.com');
    await route.fulfill({ response, json });
  });
  await press(page, 'pay');
  await page.waitForURL('https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?*');
  assert.equal(visits.length, 1);
  assert.equal(visits[0].referer, `${origin}/`);
});

behaviour('WeChat is told where the payer comes from, although the page says no-referrer (field problem 46)', async (world) => {
  const noReferrer = (html) => html.replace(/<meta name="referrer"[^>]*>/, '<meta name="referrer" content="no-referrer">');
  const { cashier, page } = await opened(world, 'pay', {
    before: rewritten(noReferrer, { 'referrer-policy': 'no-referrer' }),
  });
  assert.equal(await page.evaluate(() => document.querySelector('meta[name=referrer]').content), 'no-referrer');
  await toWechat(page);
  await payInWechat(page);
  await cashier.shows('paid');
});

behaviour('a shop that tracks outbound links, and takes their clicks over, on a page with no-referrer: WeChat is come to all the same, and told from where', async (world) => {
  const tracker = `<meta name="referrer" content="no-referrer"><script>
    const hijack = (link) => { link.href = '/shop/out?to=' + encodeURIComponent(link.href); link.removeAttribute('referrerpolicy'); };
    new MutationObserver((records) => records.forEach(({ addedNodes }) => addedNodes.forEach((node) => node.nodeName === 'A' && hijack(node))))
      .observe(document, { subtree: true, childList: true });
    for (const type of ['click', 'auxclick', 'mousedown', 'pointerdown']) {
      addEventListener(type, (event) => {
        const link = event.composedPath().find((node) => node.nodeName === 'A');
        if (link) {
          event.preventDefault();
          event.stopImmediatePropagation();
          window.taken = true;
          location.href = '/shop/out?to=' + encodeURIComponent(link.href);
        }
      }, true);
    }
  </script>`;
  world.allow(FAILED_REQUESTS); // the shop's page is not served where WeChat leads back to
  for (const framed of [false, true]) {
    const order = await world.sandbox.newOrder();
    const page = await world.newPage(PHONE);
    await serve(page, '/npm', PACKAGE);
    const answer = (body, head) => (route) => route.fulfill({ contentType: 'text/html', headers: { 'referrer-policy': 'no-referrer' }, body: html(body, head) });
    await page.route('**/shop/', answer(`<wechat-cashier ${attributes(order)} allow-origins="${world.sandbox.url}"></wechat-cashier>`, tracker));
    await page.route('**/shop/around', (route) => route.fulfill({ contentType: 'text/html', body: '<link rel="icon" href="data:,"><iframe src="/shop/" width="380" height="800"></iframe>' }));
    const came = page.waitForRequest((request) => MIDDLE_PAGE.test(request.url()));
    await page.goto(`${world.sandbox.url}/shop/${framed ? 'around' : ''}`);
    const inner = framed ? page.frameLocator('iframe') : page;
    await inner.locator('[data-tap="pay"]').click();
    const request = await came;
    assert.equal(request.frame(), page.mainFrame(), 'the whole tab goes');
    assert.match((await request.allHeaders()).referer || '', new RegExp(`^${world.sandbox.url}/`));
    await payInWechat(page);
    await page.context().close();
  }
});

for (const [name, host] of [['of the same origin', null], ['of another origin', 'localhost']]) {
  behaviour(`in a frame ${name} the whole tab goes to WeChat, not the frame (field problem 51)`, async (world) => {
    const { sandbox } = world;
    const order = await sandbox.newOrder();
    const page = await world.newPage(PHONE);
    // Any page of the sandbox, as a shop's: a page made up by the test may not frame one of this machine's.
    const url = new URL('/phone', sandbox.url);
    url.hostname = host ?? url.hostname;
    await page.goto(url.href);
    await page.evaluate((src) => {
      const frame = Object.assign(document.createElement('iframe'), { src, width: '380', height: '800' });
      document.body.replaceChildren(frame);
    }, sandbox.url + order.cashier_url);
    const frame = page.frameLocator('iframe');
    await frame.locator('.wc[lang][data-screen="pay"]').waitFor();
    await frame.locator('[data-tap="pay"]').click();
    await page.waitForURL(MIDDLE_PAGE);
    await payInWechat(page);
    await new Cashier(page, sandbox, order).shows('paid');
  });
}
