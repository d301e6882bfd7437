// Telemetry in a real browser: real beacons, real storage, pages that really go. What is in a batch, and the rest of when
// it goes, is for `tests/js`.

import assert from 'node:assert/strict';

import { behaviour, keepPagesForBack } from './support/test.mjs';
import { serveMeasured } from './support/measured.mjs';

keepPagesForBack();

/** A page that is measured. Every batch that came is one that the contract's own types read. */
function measured(name, body, options) {
  behaviour(name, async (world) => {
    const server = await serveMeasured(options);
    try {
      await body(world, server);
      for (const { body: batch } of server.taken) {
        const answer = await fetch(`${world.sandbox.url}/telemetry`, { method: 'POST', body: batch });
        assert.equal(answer.status, 204, `${batch}: ${await answer.text()}`);
      }
    } finally {
      server.stop();
    }
  });
}

async function open(world, url, options) {
  const page = await world.newPage(options);
  await page.goto(url);
  await page.waitForFunction(() => window.stop);
  return page;
}

const names = (batches) => batches.map(({ events }) => events.map(({ name }) => name));
/** Waits until the storage holds so many batches. What one tab writes, another may read a moment later. */
const keeps = (page, count) => page.waitForFunction(
  (wanted) => Object.keys(localStorage).filter((key) => key.startsWith('wechat-cashier.batch.')).length === wanted, count, { polling: 20 },
);

measured('a visit arrives as text, under a strict content security policy', async (world, server) => {
  const page = await open(world, server.url);
  await page.evaluate(() => scan());
  await page.clock.runFor(20_000);
  await page.evaluate(() => says('paid'));
  await page.clock.runFor(10_000);
  await server.comes(2);
  assert.deepEqual(server.taken.map(({ method, type }) => [method, type]), [['POST', 'text/plain;charset=UTF-8'], ['POST', 'text/plain;charset=UTF-8']]);
  assert.deepEqual(names(server.batches()), [['shown', 'method', 'qr'], ['paid']]);
  assert.ok(server.batches()[1].events[0].at_ms >= 20_000);
});

measured('a page that is left, by an address or by closing it, says so', async (world, server) => {
  for (const leave of [(page) => page.goto(`${server.url}/elsewhere`), (page) => page.close({ runBeforeUnload: true })]) {
    const before = server.taken.length;
    const page = await open(world, server.url);
    await page.evaluate(() => scan());
    await leave(page);
    await server.comes(before + 1);
    assert.deepEqual(names(server.batches().slice(before)), [['shown', 'method', 'qr', 'abandoned']]);
  }
});

measured('a reload and the way to WeChat and back are one visit', async (world, server) => {
  const page = await open(world, server.url);
  await page.evaluate(() => scan());
  await page.reload();
  await page.waitForFunction(() => window.stop);
  await page.evaluate(() => {
    scan();
    says('navigate', { url: 'https://wx.tenpay.com/', reason: 'pay' });
  });
  await page.goto(`${server.url}/elsewhere`);
  await page.goto(`${server.url}/?wc_return=1`);
  await page.waitForFunction(() => window.stop);
  await page.evaluate(() => says('status', { status: 'pending', screen: 'returned', method: 'native' }));
  await page.evaluate(() => stop());
  await server.comes(3);
  const batches = server.batches();
  assert.deepEqual(names(batches), [['shown', 'method', 'qr', 'abandoned'], ['shown', 'qr', 'opened'], ['shown', 'returned', 'abandoned']]);
  assert.equal(new Set(batches.map(({ visit }) => visit)).size, 1);
  const times = batches.flatMap(({ events }) => events.map(({ at_ms }) => at_ms));
  assert.deepEqual(times, [...times].sort((a, b) => a - b), 'time never goes back');
});

measured('a page out of the browser\'s cache goes on', async (world, server) => {
  const page = await open(world, server.url);
  await page.evaluate(() => {
    scan();
    window.same = true;
  });
  await page.goto(`${server.url}/elsewhere`);
  await server.comes(1);
  await page.goBack({ waitUntil: 'commit' });
  assert.equal(await page.evaluate(() => window.same), true, 'it was loaded anew');
  await page.evaluate(() => {
    says('paid');
    stop();
  });
  await server.comes(2);
  assert.deepEqual(names(server.batches()), [['shown', 'method', 'qr', 'abandoned'], ['shown', 'paid']]);
});

measured('to another origin it goes without a preflight', async (world, server) => {
  const other = await serveMeasured();
  try {
    // The same machine by another name is another origin; the page's policy names it.
    const strict = await serveMeasured({ origins: other.url });
    const page = await open(world, `${strict.url}/?to=${encodeURIComponent(`${other.url}/taken`)}`);
    await page.evaluate(() => {
      scan();
      stop();
    });
    await other.comes(1);
    assert.deepEqual(other.taken.map(({ method }) => method), ['POST']);
    assert.equal(other.taken[0].headers.authorization, undefined);
    server.taken.push(...other.taken);
    strict.stop();
  } finally {
    other.stop();
  }
});

measured('offline it is kept, and sent when tabs come online together; a batch that both send is told by its id', async (world, server) => {
  const page = await open(world, server.url);
  const context = page.context();
  const second = await context.newPage();
  await second.goto(server.url);
  await second.waitForFunction(() => window.stop);
  await context.setOffline(true);
  for (const tab of [page, second]) {
    await tab.evaluate(() => scan());
  }
  await page.clock.runFor(10_000);
  await keeps(page, 2);
  await page.evaluate(() => says('error', { code: 'offline', detail: null, fatal: false }));
  await page.clock.runFor(10_000);
  await keeps(page, 3);
  assert.deepEqual(server.taken, []);
  await context.setOffline(false);
  const distinct = (field) => new Set(server.batches().map((batch) => batch[field])).size;
  await server.comes(() => distinct('batch_id') === 3);
  await keeps(page, 0);
  await keeps(second, 0);
  assert.deepEqual([distinct('batch_id'), distinct('visit')], [3, 2]);
});

measured('without storage, in a frame of an opaque origin, it arrives all the same', async (world, server) => {
  const page = await world.newPage();
  await page.goto(`${server.url}/framed`);
  const frame = page.frames()[1];
  await frame.waitForFunction(() => window.stop);
  await frame.evaluate(() => {
    scan();
    stop();
  });
  await server.comes(1);
  assert.deepEqual(names(server.batches()), [['shown', 'method', 'qr', 'abandoned']]);
});

measured('five hundred visits leave no listener and little memory', async (world, server) => {
  const page = await open(world, server.url);
  await page.evaluate(() => stop());
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const measure = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  const round = (times) => page.evaluate((count) => {
    for (let index = 0; index < count; index += 1) {
      const end = begin();
      scan();
      says('error', { code: 'unreachable', detail: null, fatal: false });
      end();
    }
  }, times);
  await round(20);
  const before = await measure();
  await round(500);
  const after = await measure();
  assert.equal(after.JSEventListeners, before.JSEventListeners);
  assert.ok(after.JSHeapUsedSize - before.JSHeapUsedSize < 200_000, `${after.JSHeapUsedSize - before.JSHeapUsedSize} bytes more`);
  await keeps(page, 0);
});
