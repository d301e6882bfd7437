// Left and come back to inside WeChat (field problem 21). Android's kernels keep the page as it was, as the browser's
// back-forward cache does here, which does not go with a held clock.

import assert from 'node:assert/strict';

import { TO_PAY_MS } from './support/sandbox.mjs';
import { behaviour, fault, keepPagesForBack } from './support/test.mjs';
import { readyInWechat } from './support/wechat.mjs';

keepPagesForBack();

/** Leaves for another page, does something there, and comes back by "back". */
async function awayAndBack(cashier, meanwhile) {
  const { page, sandbox, order } = cashier;
  await page.goto(`${sandbox.url}/phone`);
  await meanwhile?.();
  await sandbox.forgetLog(order);
  await page.goBack({ waitUntil: 'commit' });
  assert.equal((await page.evaluate(() => window.observed.persisted)).at(-1), true, 'it came out of the cache');
}

behaviour('field problem 21: "back" to the button asks about the order first, and then offers to pay', async (world) => {
  const cashier = await readyInWechat(world, { clock: false });
  await awayAndBack(cashier);
  await cashier.ready();
  const [first] = await cashier.statusRequests();
  assert.match(first.path, /verify=1/);
  await cashier.openSheet();
  await cashier.payOnSheet();
  await cashier.shows('paid');
  assert.deepEqual(await cashier.paymentRequests(), []);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('field problem 21: paid meanwhile, "back" shows paid and never the button', async (world) => {
  const cashier = await readyInWechat(world, { clock: false });
  const { sandbox, order, page } = cashier;
  await sandbox.setFaults(order, fault('notify_lost'));
  await sandbox.advance(TO_PAY_MS);
  await page.evaluate(() => {
    window.offered = 0;
    new MutationObserver(() => (window.offered += document.querySelectorAll('[data-tap="pay"]').length))
      .observe(document.querySelector('.wc').parentElement, { subtree: true, childList: true, attributes: true });
  });
  await awayAndBack(cashier, () => sandbox.post(`/sandbox/orders/${order.order_id}/pay`));
  await cashier.shows('paid');
  assert.equal(await page.evaluate(() => window.offered), 0);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('field problem 21: left with the sheet open, "back" offers a new tap, and one payment is charged', async (world) => {
  const cashier = await readyInWechat(world, { clock: false });
  await cashier.openSheet();
  await awayAndBack(cashier);
  await cashier.ready();
  // The emulator's sheet is still there: its answer is to a call that was given up.
  await cashier.tapIn('cancel');
  await cashier.ready();
  assert.equal(await cashier.title(), '确认付款');
  await cashier.openSheet();
  await cashier.payOnSheet();
  await cashier.shows('paid');
  assert.deepEqual(await cashier.paymentRequests(), []);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('"forward" to a cashier that was left paid shows it paid, and asks nothing', async (world) => {
  const fromElsewhere = ({ page, sandbox }) => page.goto(`${sandbox.url}/phone`);
  const cashier = await readyInWechat(world, { clock: false, before: fromElsewhere });
  const { page, sandbox, order } = cashier;
  await cashier.openSheet();
  await cashier.payOnSheet();
  await cashier.shows('paid');
  await cashier.send('stay');
  await page.goBack({ waitUntil: 'commit' });
  await sandbox.forgetLog(order);
  await page.goForward({ waitUntil: 'commit' });
  await cashier.shows('paid');
  assert.deepEqual((await cashier.log()).requests, []);
  assert.equal(await cashier.paidEvents(), 1);
});
