// The main job: choose, scan, pay, see it paid, go back to the shop.

import assert from 'node:assert/strict';

import { Cashier, behaviour } from './support/test.mjs';

behaviour('from the shop to a paid order: a phone reads the code off the screen and pays it', async (world) => {
  const { sandbox } = world;
  const page = await world.newPage({ reducedMotion: false });
  await page.goto(`${sandbox.url}/?lang=zh-CN`);
  await page.getByText('凤凰单丛乌龙茶 250 克').click();
  await page.getByRole('button', { name: '去付款' }).click();
  const order = { order_id: new URL(page.url()).searchParams.get('order') };
  const cashier = new Cashier(page, sandbox, order);
  await cashier.shows('scan');
  const text = await cashier.text();
  for (const words of ['清叶茶舍 Tea House', '凤凰单丛乌龙茶 250 克', '¥19.99', order.order_id, '打开微信“扫一扫”付款', '15:00']) {
    assert.ok(text.includes(words), `${words} in: ${text}`);
  }
  const bill = await sandbox.payByText(await cashier.readQr());
  assert.equal(bill.order_id, order.order_id);
  assert.deepEqual(bill.amount, { value: 1999, currency: 'CNY' });
  await cashier.reaches('paid', 8_000);
  assert.match(await cashier.text(), /支付成功/);
  assert.equal(await cashier.code(), null);
});

behaviour('the host page hears "cashier-paid" exactly once', async (world) => {
  const { cashier, page, sandbox } = await world.scanning();
  assert.equal(await cashier.paidEvents(), 0);
  await sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  await cashier.tap('留在此页');
  await cashier.advance(20_000);
  assert.deepEqual(await page.evaluate(() => window.observed.paidEvents), ['cashier']);
});

behaviour('a paid cashier goes back to the shop by itself after 5 s', async (world) => {
  const { cashier, order, page, sandbox } = await world.scanning();
  await sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  assert.match(await cashier.text(), /5 秒后返回商家/);
  await cashier.advance(4_000);
  assert.match(await cashier.text(), /1 秒后返回商家/);
  const back = page.waitForURL(`**${order.order_url}`);
  await cashier.advance(1_250);
  await back;
  assert.match(await page.locator('main').innerText(), /已付款/);
});

behaviour('"stay" keeps the paid screen, and the link still leads back', async (world) => {
  const { cashier, order, page, sandbox } = await world.scanning();
  await sandbox.payByText(await cashier.code());
  await cashier.reaches('paid', 8_000);
  await cashier.tap('留在此页');
  await cashier.advance(10_000);
  assert.equal(await cashier.screen(), 'paid');
  assert.doesNotMatch(await cashier.text(), /秒后返回/);
  await page.getByRole('link', { name: '返回商家' }).click();
  await page.waitForURL(`**${order.order_url}`);
});

behaviour('the countdown follows the server, whatever the payer\'s own clock says', async (world) => {
  const { cashier } = await world.scanning();
  assert.equal(await cashier.secondsLeft(), 900);
  await cashier.advance(60_000, { step: 1_000 });
  assert.equal(await cashier.secondsLeft(), 840);
});
