// The examples, built with the package as it would be published: `cargo xtask test` packs, installs and builds before this runs.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Cashier, behaviour } from './support/test.mjs';
import { serve } from './support/shop.mjs';

const EXAMPLES = process.env.EXAMPLES || new URL('../../target/examples', import.meta.url).pathname;
/** What is served of each, and what must have been fetched of the package under whatever name the tool gave it. */
const PAGES = [
  ['plain', 'dist'],
  ['vite-react', 'dist'],
  ['vite-vue', 'dist'],
  ['webpack', ''],
  ['esbuild', ''],
];

/** Opens an example for a new order, beside the sandbox's `/api`. */
async function open(world, name, folder) {
  const place = join(EXAMPLES, name, folder);
  assert.ok(existsSync(join(place, 'index.html')), `${place} is not built: cargo xtask test builds it first`);
  const order = await world.sandbox.newOrder();
  const page = await world.newPage();
  const fetched = [];
  page.on('response', (response) => fetched.push({ path: new URL(response.url()).pathname, status: response.status() }));
  await serve(page, `/example-${name}`, place);
  await page.goto(`${world.sandbox.url}/example-${name}/?order=${order.order_id}&token=${encodeURIComponent(order.token)}`);
  return { cashier: new Cashier(page, world.sandbox, order), fetched, order, page };
}

/** The program came as WebAssembly, in files of the example's own, and all of them were there. */
function assertFetched(name, fetched) {
  const files = fetched.filter(({ path }) => /\.(js|css|wasm)$/.test(path));
  assert.deepEqual(files.filter(({ path, status }) => status !== 200 || !path.startsWith(`/example-${name}/`)), []);
  for (const extension of ['wasm', 'css']) {
    assert.ok(files.some(({ path }) => path.endsWith(`.${extension}`)), `no .${extension} in ${JSON.stringify(files)}`);
  }
  assert.deepEqual(files.filter(({ path }) => /fallback|telemetry|replace|zh-HK|\/en\b/.test(path)), [], 'nothing that is not needed');
}

for (const [name, folder] of PAGES) {
  behaviour(`example ${name}: the order in its address is paid, and the page says so`, async (world) => {
    const { cashier, fetched, order, page } = await open(world, name, folder);
    await cashier.shows('scan');
    assertFetched(name, fetched);
    await world.sandbox.payByText(await cashier.readQr());
    await cashier.reaches('paid', 3_000);
    await page.getByText(`Thank you! Order ${order.order_id} is paid.`).waitFor();
    await page.locator('wechat-cashier').waitFor();
    assert.deepEqual(await cashier.paidEvents(), 1);
  });
}

behaviour('example iframe: the order is paid in a frame, and the page around it says so', async (world) => {
  const { cashier, fetched, order, page } = await open(world, 'iframe', 'dist');
  const inner = page.frameLocator('iframe');
  await inner.locator('.wc[data-screen="scan"]').waitFor();
  assertFetched('iframe', fetched);
  await world.sandbox.payByText(await cashier.readQr());
  const paid = inner.locator('.wc[data-screen="paid"]');
  await cashier.advanceUntil('paid', async () => (await paid.count()) === 1, 3_000, { settle: false });
  await page.getByText(`Thank you! Order ${order.order_id} is paid.`).waitFor();
});
