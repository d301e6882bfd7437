// Where WebAssembly is missing: the same program in JavaScript (xtask/src/fallback.rs).

import assert from 'node:assert/strict';

import { PHONE } from './support/phone.mjs';
import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

/** As on an iPhone in Lockdown Mode. */
const withoutWasm = ({ page }) => page.addInitScript(() => delete window.WebAssembly);

const FALLBACK = '**/fallback-*.js';

/** What the page asks for, by the ends of the names. */
function fetched(page) {
  const files = [];
  page.on('request', (request) => files.push(new URL(request.url()).pathname.split('/').pop().replace(/-[0-9a-f]{16}\./, '.')));
  return files;
}

behaviour('without WebAssembly an order is shown, paid, and the shop page told once', async (world) => {
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, { before: withoutWasm });
  await cashier.shows('scan');
  assert.equal(await cashier.page.evaluate(() => typeof WebAssembly), 'undefined');
  await cashier.advance(30_000, { step: 1_000 });
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 11_000);
  assert.equal(await cashier.paidEvents(), 1);
});

behaviour('with WebAssembly the fallback is not fetched', async (world) => {
  let files;
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, { before: ({ page }) => (files = fetched(page)) });
  await cashier.shows('scan');
  assert.ok(files.includes('cashier.wasm'), files.join(' '));
  assert.ok(!files.includes('fallback.js'), files.join(' '));
});

behaviour('a browser that cannot compile this wasm takes the fallback', async (world) => {
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, {
    before: ({ page }) => page.addInitScript(() => {
      const refuse = () => Promise.reject(new WebAssembly.CompileError('invalid opcode'));
      Object.assign(WebAssembly, { compile: refuse, compileStreaming: refuse });
    }),
  });
  await cashier.shows('scan');
});

const FAILS = {
  'refuses the instance and not the module, as WebKit under a policy': () => {
    WebAssembly.Instance = class {
      constructor() {
        throw new EvalError('Refused to create a WebAssembly object');
      }
    };
    WebAssembly.instantiate = () => Promise.reject(new EvalError('Refused to create a WebAssembly object'));
  },
  'refuses the instance when it comes to it': () => {
    WebAssembly.instantiate = () => Promise.reject(new WebAssembly.LinkError('import object field is not a function'));
  },
  'has no memory for it': () => {
    WebAssembly.instantiate = () => Promise.reject(new RangeError('WebAssembly.instantiate(): Out of memory'));
  },
};
for (const [name, break_] of Object.entries(FAILS)) {
  behaviour(`a browser that ${name}: the fallback pays`, async (world) => {
    const order = await world.sandbox.newOrder();
    const cashier = await world.openCashier(order, { before: ({ page }) => page.addInitScript(break_) });
    await cashier.shows('scan');
    await world.sandbox.payByText(await cashier.readQr());
    await cashier.reaches('paid', 8_000);
  });
}

/** Counts the pieces of memory that the program takes, and gives it none of more than `most` bytes. */
const countMemory = ({ page }, most = Infinity) => page.addInitScript((limit) => {
  window.memory = [];
  window.ArrayBuffer = new Proxy(ArrayBuffer, {
    construct(target, [size, ...rest]) {
      if (size > limit) {
        throw new RangeError('Array buffer allocation failed');
      }
      if (size > 1_000_000) {
        window.memory.push(size);
      }
      return Reflect.construct(target, [size, ...rest]);
    },
  });
}, most === Infinity ? Number.MAX_SAFE_INTEGER : most);

/** More than the memory holds that the program starts with: a stack of 1 MB and some pages. */
const LONG = '茶'.repeat(500_000);

const longDescription = ({ page }) => page.route('**/api/orders/*', async (route) => {
  const response = await route.fetch();
  await route.fulfill({ response, json: { ...(await response.json()), description: LONG } });
});

behaviour('the fallback\'s memory grows in the middle of things, and nothing is lost', async (world) => {
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, {
    before: async (cashier) => {
      await withoutWasm(cashier);
      await countMemory(cashier);
      await longDescription(cashier);
    },
  });
  await cashier.shows('scan');
  const memory = await cashier.page.evaluate(() => window.memory);
  assert.ok(memory.length > 1, 'it has grown');
  assert.ok((await cashier.page.locator('.wc-description').textContent()).includes(LONG));
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
});

behaviour('the fallback is given no more memory: it stops, and the payer is told where the truth is', async (world) => {
  world.allow(/unreachable/);
  const order = await world.sandbox.newOrder();
  const { page } = await world.openCashier(order, {
    ...PHONE, // no code is drawn before the program there
    before: async (cashier) => {
      await withoutWasm(cashier);
      await countMemory(cashier, 1_500_000);
      await longDescription(cashier);
    },
  });
  await page.waitForSelector('.boot-trouble');
  assert.match(await page.locator('.boot-trouble').innerText(), /收银台意外停止。付款结果以商户订单为准/);
  assert.match(await page.locator('.boot-reason').innerText(), /RuntimeError: unreachable/);
});

behaviour('the fallback cannot be fetched: the payer is told, and the button works once it is back', async (world) => {
  world.allow(FAILED_REQUESTS);
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, {
    ...PHONE,
    before: async ({ page }) => {
      await withoutWasm({ page });
      await page.route(FALLBACK, (route) => route.abort('connectionfailed'));
    },
  });
  await cashier.advanceUntil('three tries', () => cashier.has('.boot-trouble'), 4_000);
  assert.match(await cashier.page.locator('.boot-trouble').innerText(), /收银台加载失败，请检查网络/);
  await cashier.page.unroute(FALLBACK);
  await cashier.page.locator('.boot-reload').click();
  await cashier.shows('pay');
});
