// The goldens of the contract, read by the wasm: what a native test accepts and how it words a refusal is what payers get.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { openShop } from './support/shop.mjs';
import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

const GOLDEN = new URL('../golden/contract/', import.meta.url).pathname;
const files = (folder) => readdirSync(join(GOLDEN, folder)).sort();
const read = (folder, name) => readFileSync(join(GOLDEN, folder, name), 'utf8');

/** A shop's page with a cashier for each of these, by its name; its backend answers with whatever the test wants to be read. */
function answering(world, answers) {
  const names = Object.keys(answers);
  const elements = names.map((name) => `<wechat-cashier id="${name}" order="${answers[name].id}" api="/answers/${name}" lang="en"></wechat-cashier>`);
  return openShop(world, elements.join(''), {
    before: (page) => page.route('**/answers/**', (route) => {
      const [, name] = /answers\/([^/]+)/.exec(route.request().url());
      const { order, payment } = answers[name];
      return route.fulfill({ contentType: 'application/json', body: route.request().method() === 'POST' ? payment : order });
    }),
  });
}

const PENDING = read('good', 'order.minimal.json');
const { order_id: ID } = JSON.parse(PENDING);

behaviour('a wrong answer is refused in the same words as natively', async (world) => {
  const answers = {};
  const errors = {};
  for (const name of files('bad')) {
    const golden = JSON.parse(read('bad', name));
    const body = golden.text ?? JSON.stringify(golden.json);
    if (golden.as === 'order') {
      answers[name] = { id: ID, order: body, payment: '{}' };
    } else if (golden.as === 'payment') {
      answers[name] = { id: ID, order: PENDING, payment: body };
    } else {
      continue; // what only backends read
    }
    errors[name] = golden.error;
  }
  const names = Object.keys(answers);
  assert.ok(names.length > 60, `only ${names.length} goldens were read`);
  const page = await answering(world, answers);
  for (const name of names) {
    const cashier = page.locator(`[id="${name}"]`);
    await cashier.locator('.wc[lang][data-screen="trouble"]').waitFor();
    assert.equal(await cashier.locator('.wc-code').innerText(), 'unreadable_answer', name);
    assert.equal(await cashier.locator('.wc-detail').textContent(), errors[name], name);
  }
});

behaviour('a right answer is read', async (world) => {
  world.allow(FAILED_REQUESTS); // the goldens' logos are nowhere
  const names = files('good').filter((name) => name.startsWith('order.'));
  const answer = (name) => {
    const order = read('good', name);
    return { id: JSON.parse(order).order_id, order, payment: read('good', 'payment.show_qr.json') };
  };
  const answers = Object.fromEntries(names.map((name) => [name, answer(name)]));
  const page = await answering(world, answers);
  for (const name of names) {
    const description = page.locator(`[id="${name}"] .wc-description:not(:has(*))`);
    await description.waitFor();
    assert.equal(await description.textContent(), JSON.parse(answers[name].order).description, name);
  }
});
