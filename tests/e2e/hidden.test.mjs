// A page that nobody looks at asks nothing, and is up to date as soon as somebody does.

import assert from 'node:assert/strict';

import { Cashier, behaviour, fault, holdClock } from './support/test.mjs';
import { observe } from './support/observe.mjs';
import { withTabs } from './support/tabs.mjs';

behaviour('a hidden page sends nothing, and asks at once when it is back', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  await cashier.advance(5_000);
  await cashier.hide();
  await sandbox.forgetLog(order);
  await cashier.advance(60_000, { step: 1_000 });
  assert.deepEqual((await cashier.log()).requests, []);
  await cashier.show();
  const requests = await cashier.statusRequests();
  assert.equal(requests.length, 1, 'with no time passing');
  assert.match(requests[0].path, /verify=1/);
});

behaviour('paid while hidden, with the notify lost: paid as soon as the payer is back', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('notify_lost'));
  const code = await cashier.readQr();
  await cashier.hide();
  await cashier.advance(10_000, { step: 1_000 });
  await sandbox.payByText(code);
  await cashier.advance(5_000, { step: 1_000 });
  await cashier.show();
  await cashier.shows('paid');
});

behaviour('the way back to the shop waits until the payer sees it', async (world) => {
  const { cashier, order, page, sandbox } = await world.scanning();
  await sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  await cashier.hide();
  await cashier.advance(30_000, { step: 1_000 });
  assert.match(page.url(), /\/cashier\//);
  await cashier.show();
  assert.match(await cashier.text(), /5 秒后返回商家/);
  const back = page.waitForURL(`**${order.order_url}`);
  await cashier.advance(5_250);
  await back;
});

behaviour('a page opened in the background is ready with its code, and then waits', async (world) => {
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, {
    before: ({ page }) => page.addInitScript(() => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    }),
  });
  await cashier.shows('scan');
  await cashier.advance(30_000, { step: 1_000 });
  assert.equal((await cashier.statusRequests()).length, 1);
  await cashier.show();
  assert.equal((await cashier.statusRequests()).length, 2);
});

// Real from here on: real tabs, of which one hides the other, and Chromium's own freezing.

/** A cashier in a real tab, and a second tab that can stand before it. */
function inTabs(name, body) {
  behaviour(name, (world) => withTabs(async (context) => {
    const order = await world.sandbox.newOrder();
    await holdClock(context);
    await context.addInitScript(observe);
    const page = await context.newPage();
    await page.goto(world.sandbox.url + order.cashier_url);
    const cashier = new Cashier(page, world.sandbox, order);
    await cashier.shows('scan');
    await cashier.advance(3_000);
    const front = await context.newPage();
    await becomes(page, 'hidden');
    await world.sandbox.forgetLog(order);
    await body({ cashier, context, front, order, page, sandbox: world.sandbox });
  }));
}

const becomes = (page, state) => page.evaluate((state) => new Promise((resume) => {
  const look = () => document.visibilityState === state && resume();
  document.addEventListener('visibilitychange', look);
  look();
}), state);

inTabs('a tab behind another asks nothing, and asks at once when it is brought to the front', async ({ cashier, page }) => {
  await cashier.advance(30_000, { step: 1_000 });
  assert.deepEqual((await cashier.log()).requests, []);
  await page.bringToFront();
  await becomes(page, 'visible');
  await cashier.settle();
  const requests = await cashier.statusRequests();
  assert.equal(requests.length, 1, 'with no time passing');
  assert.match(requests[0].path, /verify=1/);
});

inTabs('a tab that the browser froze is up to date when it thaws', async ({ cashier, context, order, page, sandbox }) => {
  await page.evaluate(() => {
    window.lifecycle = [];
    for (const name of ['freeze', 'resume']) {
      document.addEventListener(name, () => window.lifecycle.push(name));
    }
  });
  const cdp = await context.newCDPSession(page);
  await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
  await sandbox.setFaults(order, fault('notify_lost'));
  const { payments } = await sandbox.order(order);
  await sandbox.payByText(payments.at(-1).code_url);
  await sandbox.advance(30_000);
  await page.clock.fastForward(30_000);
  await page.bringToFront();
  await cdp.send('Page.setWebLifecycleState', { state: 'active' });
  await cashier.shows('paid');
  assert.deepEqual(await page.evaluate(() => window.lifecycle), ['freeze', 'resume']);
  const requests = await cashier.statusRequests();
  assert.equal(requests.length, 1);
});
