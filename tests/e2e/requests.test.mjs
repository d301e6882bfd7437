// What goes over the network in the life of an order, by the backend's own count.

import assert from 'node:assert/strict';

import { behaviour, fault } from './support/test.mjs';

behaviour('in a paid order of 40 s no status requests overlap, none go out while hidden, none after paid', async (world, t) => {
  const { cashier, order, sandbox } = await world.scanning();
  const at = async () => Date.parse((await sandbox.get('/sandbox/clock')).now);
  const start = await at();
  await cashier.advance(15_000);
  await cashier.hide();
  const hidden = [await at()];
  await cashier.advance(10_000);
  hidden.push(await at());
  await cashier.show();
  await cashier.advance(15_000);
  assert.equal((await at()) - start, 40_000);
  await sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
  await cashier.tap('留在此页');
  await cashier.advance(30_000, { step: 1_000 });

  const { status_requests: count, max_concurrent: concurrent, requests } = await cashier.log();
  const status = requests.filter(({ call }) => call === 'order');
  const whileHidden = status.filter((request) => Date.parse(request.at) > hidden[0] && Date.parse(request.at) < hidden[1]);
  const paid = requests.filter(({ answered }) => answered === 'paid');
  t.diagnostic(
    `order ${order.order_id}: ${requests.length} requests, ${count} for the status (${concurrent} at a time, ${whileHidden.length} while hidden, ` +
    `${requests.indexOf(paid[0]) - requests.length + 1} after paid)`,
  );
  assert.equal(concurrent, 1);
  assert.deepEqual(whileHidden, []);
  assert.equal(paid.length, 1);
  assert.equal(requests.at(-1), paid[0], 'nothing after the answer that it is paid');
  assert.ok(count >= 10 && count <= 20, `${count} in 30 s of looking: 15 s of a new code, and 15 s after coming back`);
});

behaviour('slow answers never overlap, whatever the payer and the network do meanwhile', async (world) => {
  const { cashier, order, page, sandbox } = await world.scanning();
  await sandbox.setFaults(order, fault('slow', { ms: 1_000, on: 'order' }));
  const before = (await cashier.statusRequests()).length;
  await cashier.advanceUntil('a request under way', async () => (await cashier.statusRequests()).length > before, 12_000, { settle: false });
  await cashier.tap('我已付款');
  await page.evaluate(() => {
    for (let times = 0; times < 3; times += 1) {
      dispatchEvent(new Event('online'));
      document.dispatchEvent(new Event('visibilitychange'));
    }
  });
  await cashier.advance(2_000, { settle: false });
  assert.equal((await cashier.statusRequests()).length, before + 1);
  await cashier.settle();
  await sandbox.clearFaults(order);
  await cashier.advance(4_000);
  const { max_concurrent: concurrent } = await cashier.log();
  assert.equal(concurrent, 1);
});

behaviour('every question about the order has the one address, which another origin is then asked for leave once; no cache may answer', async (world) => {
  const asked = [];
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, {
    before: ({ page }) => page.on('request', (request) => request.method() === 'GET' && /\/api\/orders\//.test(request.url()) && asked.push(request)),
  });
  await cashier.shows('scan');
  await cashier.advance(40_000);
  const { pathname } = new URL(asked[0].url());
  const addresses = new Set(asked.map((request) => request.url().slice(world.sandbox.url.length)));
  assert.ok(asked.length >= 10);
  assert.deepEqual([...addresses].sort(), [pathname, `${pathname}?verify=1`]);
  for (const request of asked) {
    assert.equal((await request.allHeaders())['cache-control'], 'no-cache');
  }
});

behaviour('the token goes in a header, never in an address, and the page is named by its origin alone', async (world) => {
  const { cashier, page, order } = await world.scanning();
  const requests = [];
  page.on('request', (request) => requests.push(request));
  await cashier.advance(8_000);
  assert.ok(requests.length > 0);
  for (const request of requests) {
    const headers = await request.allHeaders();
    assert.equal(headers.authorization, `Bearer ${order.token}`);
    assert.equal(headers.referer, `${world.sandbox.url}/`, 'the origin, which WeChat\'s H5 page wants, and no more');
    assert.doesNotMatch(request.url(), new RegExp(order.token));
  }
});

behaviour('asking goes by how likely it is that it is paid: not in a code\'s first seconds, often for a minute, then every 5 s, then 10 s', async (world) => {
  const { cashier, order, sandbox } = await world.scanning();
  const counted = async (ms) => {
    await sandbox.forgetLog(order);
    // An answer comes at the end of a step: long steps would make the waits seem longer than they are.
    await cashier.advance(ms, { step: 250 });
    return (await cashier.statusRequests()).length;
  };
  const atOnce = await counted(4_500);
  assert.equal(atOnce, 0, 'nobody pays so soon');
  const first = await counted(55_500);
  assert.ok(first >= 16 && first <= 26, `${first} in the first minute`);
  const second = await counted(60_000);
  assert.ok(second >= 9 && second <= 17, `${second} in the second minute`);
  await cashier.leap(200_000);
  const later = await counted(60_000);
  assert.ok(later >= 4 && later <= 9, `${later} in a later minute`);
});

behaviour('server-sent events: paid shows with no time passing and no further question', async (world) => {
  const { cashier, order, sandbox } = await world.scanning({ wish: { events: true } });
  await cashier.advanceUntil('an open stream', async () => (await cashier.log()).requests.some(({ call }) => call === 'events'), 1_000);
  const code = await cashier.readQr();
  const before = (await cashier.statusRequests()).length;
  await sandbox.payByText(code);
  await cashier.shows('paid');
  assert.equal((await cashier.statusRequests()).length, before);
  assert.equal(await cashier.paidEvents(), 1);
  assert.equal((await sandbox.order(order)).status, 'paid');
});

behaviour('while events come, asking is a heartbeat, and for a minute after the last', async (world) => {
  const { cashier, order, sandbox } = await world.scanning({ wish: { events: true } });
  await cashier.advance(5_000);
  await sandbox.forgetLog(order);
  await cashier.advance(50_000, { step: 1_000 });
  const count = async () => (await cashier.statusRequests()).length;
  const heartbeats = await count();
  assert.ok(heartbeats >= 1 && heartbeats <= 2, `${heartbeats} in 50 s, one each half minute`);
  // A stream that says nothing may be kept by a proxy.
  await cashier.advance(70_000, { step: 1_000 });
  assert.ok((await count()) >= 6, `${await count()} in two minutes, every 5 s after the first`);
});

behaviour('a hidden page lets go of its events, and listens again when it is back', async (world) => {
  const { cashier, sandbox } = await world.scanning({ wish: { events: true } });
  await cashier.advance(3_000);
  const streams = async () => (await cashier.log()).requests.filter(({ call }) => call === 'events');
  await cashier.hide();
  await cashier.advanceUntil('the stream\'s end', async () => (await streams())[0].end_ms !== null, 5_000);
  await cashier.show();
  await cashier.advanceUntil('a second stream', async () => (await streams()).length === 2, 2_000);
  await sandbox.payByText(await cashier.readQr());
  await cashier.shows('paid');
});
