// A page that is loaded again, left and come back to, goes on where it was.

import assert from 'node:assert/strict';

import { TO_PAY_MS } from './support/sandbox.mjs';
import { ORDER, Cashier, behaviour, fault, keepPagesForBack } from './support/test.mjs';

keepPagesForBack();

behaviour('a reload shows the same code and asks for no second payment', async (world) => {
  const { cashier, page, sandbox } = await world.scanning();
  const code = await cashier.code();
  await page.reload();
  await cashier.shows('scan');
  assert.equal(await cashier.code(), code);
  const { requests } = await cashier.log();
  assert.equal(requests.filter(({ call }) => call === 'payment').length, 1);
  await sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

behaviour('a reload where the backend names no payment to resume asks with the same Idempotency-Key', async (world) => {
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, {
    before: ({ page }) => page.route(ORDER, async (route) => {
      const response = await route.fetch();
      const { payment, ...rest } = await response.json();
      void payment;
      await route.fulfill({ response, json: rest });
    }),
  });
  await cashier.shows('scan');
  const code = await cashier.code();
  await cashier.page.reload();
  await cashier.shows('scan');
  assert.equal(await cashier.code(), code);
  const { requests } = await cashier.log();
  const keys = requests.filter(({ call }) => call === 'payment').map((request) => request.idempotency_key);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  assert.match(keys[0], /^wc1-/);
});

behaviour('a second tab of the same order shows the same code', async (world) => {
  const { cashier, page, order, sandbox } = await world.scanning();
  const second = new Cashier(await page.context().newPage(), sandbox, order);
  await second.page.goto(page.url());
  await second.shows('scan');
  assert.equal(await second.code(), await cashier.code());
});

behaviour('a cashier opened for an order that is paid says so', async (world) => {
  const { cashier, page, sandbox } = await world.scanning();
  await sandbox.payByText(await cashier.code());
  await page.reload();
  await cashier.shows('paid');
  assert.equal(await cashier.code(), null);
});

// The next two are about the browser's real back-forward cache, which does not go with a held clock.

behaviour('"back" out of the browser\'s cache asks at once, and has the platform asked', async (world) => {
  const { cashier, page, order, sandbox } = await world.scanning({ clock: false });
  await sandbox.setFaults(order, fault('notify_lost'));
  await sandbox.advance(TO_PAY_MS);
  await page.goto(`${sandbox.url}/phone`);
  await sandbox.order(order).then(({ payments }) => sandbox.payByText(payments.at(-1).code_url));
  await sandbox.forgetLog(order);
  await page.goBack({ waitUntil: 'commit' });
  await cashier.shows('paid');
  assert.deepEqual(await page.evaluate(() => window.observed.persisted), [false, true], 'it came out of the cache');
  const [first] = await cashier.statusRequests();
  assert.match(first.path, /verify=1/);
});

behaviour('"back" from the shop to a paid cashier shows it paid and does not send the payer off again', async (world) => {
  const { cashier, page, order, sandbox } = await world.scanning({ clock: false });
  await sandbox.payByText(await cashier.code());
  await cashier.shows('paid');
  await page.getByRole('link', { name: '返回商家' }).click();
  await page.waitForURL(`**${order.order_url}`);
  await sandbox.forgetLog(order);
  await page.goBack({ waitUntil: 'commit' });
  await cashier.shows('paid');
  assert.deepEqual(await page.evaluate(() => window.observed.persisted), [false, true]);
  assert.equal(await cashier.paidEvents(), 1);
  assert.deepEqual((await cashier.log()).requests, [], 'nothing is asked after paid');
});
