// The network goes and comes; so does the backend.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FAILED_REQUESTS, World, behaviour } from './support/test.mjs';
import { Sandbox } from './support/sandbox.mjs';

behaviour('offline: the payer is told, the code stays, and it goes on by itself when the network is back', async (world) => {
  const { cashier, page, sandbox } = await world.scanning();
  world.allow(FAILED_REQUESTS);
  const code = await cashier.code();
  await page.context().setOffline(true);
  await page.waitForSelector('.wc-notice');
  assert.equal(await cashier.notice(), '网络已断开，恢复后自动继续');
  await cashier.advance(20_000, { step: 1_000 });
  assert.equal(await cashier.readQr(), code, 'the payer\'s phone has a network of its own');
  await sandbox.payByText(code);
  await page.context().setOffline(false);
  await cashier.reaches('paid', 2_000);
});

behaviour('a notice leaves room: the code and every button can be scrolled clear of it', async (world) => {
  const { page } = await world.scanning({ viewport: { width: 320, height: 568 } });
  await page.context().setOffline(true);
  await page.waitForSelector('.wc-notice');
  const covered = await page.evaluate(() => {
    scrollTo(0, document.documentElement.scrollHeight);
    const notice = document.querySelector('.wc-notice').getBoundingClientRect().top;
    return [...document.querySelectorAll('.wc-stage > .wc-actions .wc-button')].filter((button) => button.getBoundingClientRect().bottom > notice).length;
  });
  assert.equal(covered, 0);
  world.allow(FAILED_REQUESTS);
});

behaviour('the backend is killed while the code shows and started again: nothing is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wc-e2e-'));
  const world = new World(await Sandbox.start({ state: join(folder, 'state.json') }));
  try {
    const { cashier, sandbox } = await world.scanning();
    world.allow(FAILED_REQUESTS);
    const code = await cashier.code();
    await sandbox.kill();
    const advance = async () => {
      await cashier.page.clock.runFor(500);
      await cashier.settle();
    };
    for (let passed = 0; (await cashier.notice()) === null && passed < 30_000; passed += 500) {
      await advance();
    }
    assert.equal(await cashier.notice(), '暂时连不上商家，正在重试');
    assert.equal(await cashier.readQr(), code);
    await sandbox.restart();
    for (let passed = 0; (await cashier.notice()) !== null && passed < 31_000; passed += 500) {
      await advance();
    }
    assert.equal(await cashier.notice(), null, 'recovered by itself');
    assert.equal(await cashier.readQr(), code);
    await sandbox.payByText(code);
    await cashier.reaches('paid', 13_000);
    assert.deepEqual(world.complaints(), []);
  } finally {
    await world.end();
    await rm(folder, { recursive: true });
  }
});

behaviour('no network when the page starts: it says so, and begins when there is one', async (world) => {
  const order = await world.sandbox.newOrder();
  world.allow(FAILED_REQUESTS);
  const cashier = await world.openCashier(order, {
    before: ({ page }) => page.route('**/api/**', (route) => route.abort('internetdisconnected')),
  });
  await cashier.page.waitForSelector('.wc-notice');
  assert.equal(await cashier.screen(), 'loading');
  await cashier.reaches('trouble', 20_000);
  assert.match(await cashier.text(), /连不上商家/);
  await cashier.page.unroute('**/api/**');
  await cashier.tap('重试');
  await cashier.reaches('scan', 2_000);
});
