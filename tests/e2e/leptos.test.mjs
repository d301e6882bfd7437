// `<Cashier/>` in a Leptos app that renders on its server: `examples/leptos-ssr`, as `cargo xtask test` builds it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { Cashier, FAILED_REQUESTS, behaviour } from './support/test.mjs';

const APP = resolve(process.env.LEPTOS_SSR || 'target/leptos-ssr');
const PHONE = {
  userAgent: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36',
  viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true,
};

/** The app in front of the sandbox. */
async function serve(world, t) {
  const child = spawn(resolve(APP, 'server'), [world.sandbox.url, APP, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /^listening on (\S+)$/.exec(line);
    if (found) {
      child.stdout.resume();
      return (order) => `${found[1]}/?order=${order.order_id}&token=${order.token}`;
    }
  }
  throw new Error('the app ended before it listened');
}

/** Writes down, from the first node on, each time that there is no QR in the page or another one than before. */
function watchQr() {
  const kept = { seen: null, lost: 0, replaced: 0 };
  window.qr = kept;
  new MutationObserver(() => {
    const now = document.querySelector('[data-qr]');
    if (kept.seen === null) {
      kept.seen = now;
    } else if (!now) {
      kept.lost += 1;
    } else if (now !== kept.seen || now.dataset.qr !== kept.text) {
      kept.replaced += 1;
    }
    kept.text = kept.seen && kept.seen.dataset.qr;
  }).observe(document, { childList: true, subtree: true, attributes: true });
}

/** A payer's page of a new order. The browser may not even warn of anything. */
async function open(world, t, options) {
  const address = await serve(world, t);
  const order = await world.sandbox.newOrder();
  const page = await world.newPage({ clock: false, ...options });
  const said = [];
  page.on('console', (message) => /warning|error/.test(message.type()) && said.push(message.text()));
  await page.addInitScript(watchQr);
  await page.goto(address(order));
  return { order, page, said, address, cashier: new Cashier(page, world.sandbox, order) };
}

/** The browser's part has taken over: it alone sets the length of the bar. */
const takenOver = (page) => page.waitForFunction(() => document.querySelector('.wc-rest')?.style.transform);

behaviour('the served page holds the QR: without any script it is read and paid', async (world, t) => {
  const { page, cashier, said } = await open(world, t, { javaScript: false });
  const code = await page.locator('[data-qr]').getAttribute('data-qr');
  assert.equal(await cashier.readQr(), code);
  await world.sandbox.payByText(code);
  assert.deepEqual(said, []);
});

behaviour('the browser takes over what the server drew, and the QR is never out of sight', async (world, t) => {
  const { page, cashier, said, order } = await open(world, t);
  await takenOver(page);
  assert.deepEqual(await page.evaluate(() => [window.qr.lost, window.qr.replaced, document.querySelectorAll('.wc').length]), [0, 0, 1]);
  assert.ok(await page.evaluate(() => document.contains(window.qr.seen)), 'the very same node');
  const payments = (await world.sandbox.log(order)).requests.filter(({ method }) => method === 'POST');
  assert.equal(payments.length, 1, 'the browser asks for no other code');
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.shows('paid');
  await page.getByText(`${order.order_id} is paid.`).waitFor();
  assert.deepEqual(said, []);
});

behaviour('what the payer reads does not change when the browser takes over, but for the time', async (world, t) => {
  const { page, said } = await open(world, t);
  const read = () => page.evaluate(() => [...document.querySelectorAll('.wc p, .wc h2, .wc button')]
    .filter((node) => !node.classList.contains('wc-digits')).map((node) => [node.className, node.textContent]));
  await page.route('**/pkg/**', (route) => route.abort());
  world.allow(FAILED_REQUESTS, /dynamically imported module/);
  await page.reload();
  const served = await read();
  await page.unroute('**/pkg/**');
  said.length = 0;
  await page.reload();
  await takenOver(page);
  assert.deepEqual(await read(), served);
  assert.deepEqual(said, []);
});

behaviour('what is pressed after that does what it says', async (world, t) => {
  const { page, cashier, said } = await open(world, t);
  await takenOver(page);
  await cashier.tap('我已付款');
  await cashier.shows('confirming');
  assert.deepEqual(said, []);
});

behaviour('a phone is served the way that phones have, and keeps it', async (world, t) => {
  const { page, cashier, said, order } = await open(world, t, PHONE);
  await cashier.shows('pay');
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('.wasm')));
  // Without a limit this was seen never to end beside other browsers; after two seconds what was to come has come.
  await page.evaluate(() => new Promise((done) => { requestIdleCallback(() => done(), { timeout: 2_000 }); }));
  await cashier.shows('pay');
  assert.ok((await world.sandbox.log(order)).requests.every(({ method }) => method === 'GET'), 'no code is asked for that nobody wants');
  assert.deepEqual(said, []);
});

behaviour('an order that is paid already is served so', async (world, t) => {
  const { page, order, address, said } = await open(world, t);
  await world.sandbox.payByText(await page.locator('[data-qr]').getAttribute('data-qr'));
  await page.goto(address(order));
  assert.equal(await page.locator('.wc').getAttribute('data-screen'), 'paid');
  await page.getByText(`${order.order_id} is paid.`).waitFor();
  assert.deepEqual(said, []);
});

/** A cache's friend before the app: its page may be kept. */
async function keepPages(address, t) {
  const server = createServer((asked, answer) => {
    const { method, url, headers } = asked;
    asked.pipe(request(new URL(url, address), { method, headers }, (got) => {
      answer.writeHead(got.statusCode, url.startsWith('/?') ? { ...got.headers, 'cache-control': 'max-age=600' } : got.headers);
      got.pipe(answer);
    }));
  });
  await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
  t.after(() => { server.close(); server.closeAllConnections(); });
  return `http://127.0.0.1:${server.address().port}`;
}

behaviour('a page out of a cache is not believed: the backend is asked before anything is shown to be paid', async (world, t) => {
  const address = await serve(world, t);
  const order = await world.sandbox.newOrder();
  const { origin, search } = new URL(address(order));
  const page = await world.newPage({ clock: false });
  await page.goto(`${await keepPages(origin, t)}/${search}`);
  await takenOver(page);
  await world.sandbox.payByText(await page.locator('[data-qr]').getAttribute('data-qr'));
  await page.goto('about:blank');
  await page.addInitScript(() => {
    window.believed = false;
    new MutationObserver(() => {
      window.believed = window.believed || Boolean(document.querySelector('.wc-rest')?.style.transform);
    }).observe(document, { childList: true, subtree: true, attributes: true });
  });
  await page.goBack();
  assert.equal(await page.evaluate(() => performance.getEntriesByType('navigation')[0].transferSize), 0, 'it came out of the cache');
  await page.getByText(`${order.order_id} is paid.`).waitFor();
  assert.equal(await page.evaluate(() => window.believed), false);
});
