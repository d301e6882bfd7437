// The merchant's console: axe over every page, by keys alone, without JavaScript, on the smallest phone; and a newcomer's whole way
// from a payment to a day that differs.

import assert from 'node:assert/strict';

import { judge } from './support/axe.mjs';
import { busyShop, logIn, nextDay, paidOrder } from './support/console.mjs';
import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 375, height: 700 };
const SMALL = { width: 320, height: 568 };

/** Every page, by its name. */
const pagesOf = ({ day, paid, late, strange, open }) => ({
  'the orders': '/console/',
  'the orders that need attention': '/console/?status=noticed',
  'nothing found': '/console/?number=nobody',
  'a paid order': `/console/orders/${paid.order_id}`,
  'an order that needs attention': `/console/orders/${late.order_id}`,
  'an order with a long description': `/console/orders/${strange.order_id}`,
  'an open order': `/console/orders/${open.order_id}`,
  'the form of a refund': `/console/orders/${paid.order_id}/refund?number=${paid.order_id}`,
  'the question before a refund': `/console/orders/${paid.order_id}/refund?number=${paid.order_id}&whole=1`,
  'the webhooks': '/console/webhooks',
  'what fits no order': '/console/unmatched',
  'the days': '/console/days',
  'a day that differs': `/console/days/${day}`,
  'how payers fare': '/console/payers',
  'how payers by a code fare': '/console/payers?method=native',
  'payers of no day': '/console/payers?from=2026-12-02&to=2026-12-01',
  'the health': '/console/health',
  'what is not there': '/console/orders/N20261130001',
});

const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** A form with something wrong in it. */
async function wrongRefund(page, sandbox, { paid }) {
  await page.goto(`${sandbox.url}/console/orders/${paid.order_id}/refund?number=${paid.order_id}`);
  await page.locator('input[value=part]').check();
  await page.locator('#amount').fill('5,20');
  await page.locator('#amount').press('Enter');
  await page.locator('[role=alert]').waitFor();
}

async function found(page) {
  const wrong = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const { look } = await judge(page);
    wrong.push(...(await look()).map((what) => `${colorScheme}: ${what}`));
  }
  return wrong;
}

for (const [name, viewport] of Object.entries({ desktop: DESK, phone: PHONE })) {
  behaviour(`axe has nothing to say about any page of the console, ${name}`, async (world) => {
    world.allow(FAILED_REQUESTS);
    const { sandbox } = world;
    const shop = await busyShop(sandbox);
    const page = await world.newPage({ clock: false, viewport, locale: name === 'phone' ? 'zh-CN' : 'en' });
    const wrong = [];
    await page.goto(`${sandbox.url}/console/`);
    wrong.push(...(await found(page)).map((what) => `the door, ${what}`));
    await page.locator('#key').fill('wrong');
    await page.locator('#key').press('Enter');
    await page.locator('#wrong').waitFor();
    wrong.push(...(await found(page)).map((what) => `a wrong key, ${what}`));
    await logIn(page, sandbox);
    for (const [what, path] of Object.entries(pagesOf(shop))) {
      await page.goto(sandbox.url + path);
      wrong.push(...(await found(page)).map((said) => `${what}, ${said}`));
      assert.equal(await sideways(page), 0, `${what} scrolls sideways`);
    }
    await wrongRefund(page, sandbox, shop);
    wrong.push(...(await found(page)).map((what) => `a wrong refund, ${what}`));
    assert.equal(wrong.join('\n'), '');
  }, { timeout: 180_000 });
}

behaviour('no page of the console scrolls sideways on the smallest phone, in either language', async (world) => {
  world.allow(FAILED_REQUESTS);
  const { sandbox } = world;
  const shop = await busyShop(sandbox);
  for (const locale of ['zh-CN', 'en']) {
    const page = await world.newPage({ clock: false, viewport: SMALL, locale, javaScript: false });
    await page.goto(`${sandbox.url}/console/`);
    assert.equal(await sideways(page), 0, `the door in ${locale}`);
    await logIn(page, sandbox);
    for (const [what, path] of Object.entries(pagesOf(shop))) {
      await page.goto(sandbox.url + path);
      for (const details of await page.locator('details').all()) {
        await details.locator('summary').click();
      }
      assert.equal(await sideways(page), 0, `${what} in ${locale}`);
    }
    await wrongRefund(page, sandbox, shop);
    assert.equal(await sideways(page), 0, `a wrong refund in ${locale}`);
  }
}, { timeout: 120_000 });

/** Goes on by Tab until what has the focus is this. */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) {
      const { outlineStyle } = await page.evaluate(() => ({ outlineStyle: getComputedStyle(document.activeElement).outlineStyle }));
      assert.notEqual(outlineStyle, 'none', `the focus is seen on ${selector}`);
      return;
    }
  }
  assert.fail(`Tab does not lead to ${selector}`);
}

behaviour('by keys alone: in, to an order, and a part of it back', async (world) => {
  const { sandbox } = world;
  const order = await paidOrder(sandbox);
  const page = await world.newPage({ clock: false, viewport: DESK, locale: 'en' });
  await page.goto(`${sandbox.url}/console/`);
  // The field has the focus; the first Tab of a page leads past the navigation.
  await page.locator('#key:focus').waitFor();
  const { keys: [{ key }] } = await sandbox.get('/sandbox/console');
  await page.keyboard.type(key);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/console/');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('Enter');
  await tabTo(page, '#number');
  await page.keyboard.type(order.order_id);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/orders/${order.order_id}`);
  assert.equal(await page.title(), `Order ${order.order_id} · 清叶茶舍 Tea House`);
  await tabTo(page, 'a[href*="/refund?number="]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/refund?number=**');
  await tabTo(page, 'input[name=what]');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, '#amount');
  await page.keyboard.type('5.20');
  await tabTo(page, '#reason');
  await page.keyboard.type('too bitter');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/refund');
  assert.match(await page.locator('h1').innerText(), /Refund CN¥5\.20\?/);
  await tabTo(page, 'button.main');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/orders/**?done=refund**');
  assert.match(await page.locator('[role=status]').innerText(), /the money is back/);
  const { refunds } = await sandbox.call('GET', `/simulator/trades?out_trade_no=${order.order_id}`).then(({ trades: [trade] }) => trade);
  assert.deepEqual(refunds.map((refund) => refund.amount.refund), [520]);
});

behaviour('without JavaScript a refund that is sent twice, and loaded again, is one', async (world) => {
  const { sandbox } = world;
  const order = await paidOrder(sandbox);
  const page = await world.newPage({ clock: false, viewport: PHONE, javaScript: false });
  await logIn(page, sandbox, { at: `/console/orders/${order.order_id}` });
  await page.locator('a[href*="/refund?number="]').click();
  await page.getByLabel('部分退款', { exact: true }).check();
  await page.locator('#amount').fill('1');
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('button', { name: '确认退款 ¥1.00' }).dblclick();
  await page.waitForURL('**/orders/**?done=refund**');
  await page.reload();
  const { trades: [trade] } = await sandbox.get(`/simulator/trades?out_trade_no=${order.order_id}`);
  assert.deepEqual(trade.refunds.map((refund) => refund.amount.refund), [100]);
});

behaviour('a key that may only look sees no button, and the other language is a choice away', async (world) => {
  const { sandbox } = world;
  const order = await paidOrder(sandbox);
  const page = await world.newPage({ clock: false, viewport: PHONE });
  await logIn(page, sandbox, { name: 'look', at: `/console/orders/${order.order_id}` });
  assert.equal(await page.locator('a[href*="/refund"], form[action*="/close"], form[action*="/resend"]').count(), 0);
  await page.getByRole('button', { name: 'English' }).click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.equal(await page.locator('h1').innerText(), `Order ${order.order_id}`);
});

behaviour('a newcomer pays, refunds a part, sees what the shop hears, and finds the planted difference of the day', async (world) => {
  const { sandbox } = world;
  // At noon, so that the whole way is on one day.
  await nextDay(sandbox, 12);
  const shop = await world.newPage({ clock: false, locale: 'en' });
  await shop.goto(`${sandbox.url}/?lang=en`);
  await shop.getByRole('button', { name: 'Go to the cashier' }).click();
  await shop.waitForSelector('.wc[data-screen="scan"]');
  const code = await shop.locator('[data-qr]').getAttribute('data-qr');
  const { order_id: orderId } = await sandbox.payByText(code);
  await shop.waitForSelector('.wc[data-screen="paid"]');

  const panel = await world.newPage({ clock: false, viewport: DESK, locale: 'en' });
  await panel.goto(`${sandbox.url}/panel`);
  const key = await panel.locator('#keys code').first().innerText();
  await panel.locator('#inbox td', { hasText: 'order.paid' }).waitFor();
  const [desk] = await Promise.all([panel.waitForEvent('popup'), panel.getByRole('link', { name: 'open the console' }).click()]);
  const comeIn = async () => {
    await desk.locator('#key').fill(key);
    await desk.locator('#key').press('Enter');
  };
  await comeIn();
  await desk.getByRole('link', { name: orderId }).click();
  await desk.getByRole('link', { name: /^Refund up to/ }).click();
  await desk.getByLabel('A part', { exact: true }).check();
  await desk.locator('#amount').fill('5');
  await desk.getByRole('button', { name: 'Continue' }).click();
  await desk.getByRole('button', { name: 'Refund CN¥5.00 now' }).click();
  await desk.getByText('the money is back').first().waitFor();

  await panel.getByLabel('A payment that no order has stands in the bill').check();
  await panel.getByRole('button', { name: 'Next day, 10:10 in China' }).click();
  await panel.locator('#inbox td', { hasText: 'reconciliation.different' }).waitFor();
  await desk.getByRole('link', { name: 'Reconciliation' }).click();
  // Half a day and more has gone.
  await desk.getByText('Your session has ended').waitFor();
  await comeIn();
  await desk.locator('td a').first().click();
  await desk.getByText('In the bill, not here').waitFor();
  const row = desk.locator('tr', { hasText: 'In the bill, not here' });
  assert.match(await row.innerText(), /nobody-s-order/);
  // What was paid and went back is on both sides.
  assert.equal(await desk.locator('tr', { hasText: orderId }).count(), 0);
  await desk.getByRole('link', { name: 'Webhooks' }).click();
  await desk.getByText('A day differs (reconciliation.different)').waitFor();
}, { timeout: 120_000 });
