// The goldens of the contract, read by the wasm: what a native test accepts and how it words a refusal is what payers get.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

const GOLDEN = new URL('../golden/contract/', import.meta.url).pathname;
const files = (folder) => readdirSync(join(GOLDEN, folder)).sort();
const read = (folder, name) => readFileSync(join(GOLDEN, folder, name), 'utf8');

/** A backend that answers with whatever the test wants to be read. */
async function answering(world, sayOrder, sayPayment) {
  const page = await world.newPage();
  await page.route('**/api/orders/**', (route) => {
    const body = route.request().method() === 'POST' ? sayPayment() : sayOrder();
    return route.fulfill({ contentType: 'application/json', body });
  });
  return {
    page,
    open: (orderId) => page.goto(`${world.sandbox.url}/cashier/?order=${encodeURIComponent(orderId)}&lang=en`),
    shows: (screen) => page.waitForSelector(`.wc[lang][data-screen="${screen}"]`),
  };
}

const PENDING = read('good', 'order.minimal.json');

behaviour('a wrong answer is refused in the same words as natively', async (world) => {
  let order;
  let payment;
  const { page, open, shows } = await answering(world, () => order, () => payment);
  let count = 0;
  for (const name of files('bad')) {
    const golden = JSON.parse(read('bad', name));
    const body = golden.text ?? JSON.stringify(golden.json);
    if (golden.as === 'order') {
      [order, payment] = [body, '{}'];
    } else if (golden.as === 'payment') {
      [order, payment] = [PENDING, body];
    } else {
      continue; // what only backends read
    }
    await open(JSON.parse(PENDING).order_id);
    await shows('trouble');
    assert.equal(await page.locator('.wc-code').innerText(), 'unreadable_answer', name);
    assert.equal(await page.locator('.wc-detail').textContent(), golden.error, name);
    count += 1;
  }
  assert.ok(count > 60, `only ${count} goldens were read`);
});

behaviour('a right answer is read', async (world) => {
  world.allow(FAILED_REQUESTS); // the goldens' logos are nowhere
  let order;
  const { page, open } = await answering(world, () => order, () => read('good', 'payment.show_qr.json'));
  for (const name of files('good').filter((name) => name.startsWith('order.'))) {
    order = read('good', name);
    await open(JSON.parse(order).order_id);
    const description = page.locator('.wc-description:not(:has(*))');
    await description.waitFor();
    assert.equal(await description.textContent(), JSON.parse(order).description, name);
  }
});
