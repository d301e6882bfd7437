// The examples, built with the package as it would be published: `cargo xtask test` packs, installs and builds before this runs.

import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Cashier, behaviour } from './support/test.mjs';
import { besideSandbox, startNext } from './support/next.mjs';
import { serve } from './support/shop.mjs';

const EXAMPLES = process.env.EXAMPLES || new URL('../../target/examples', import.meta.url).pathname;
/** What is served of each, and what must have been fetched of the package under whatever name the tool gave it. */
const PAGES = [
  ['plain', 'dist'],
  ['vite-react', 'dist'],
  ['vite-vue', 'dist'],
  ['next'],
  ['webpack', ''],
  ['esbuild', ''],
];

/** Opens an example for a new order, beside the sandbox's `/api`. */
async function open(world, t, name, folder, before, options) {
  const order = await world.sandbox.newOrder();
  const page = await world.newPage(options);
  const fetched = [];
  page.on('response', (response) => fetched.push({ path: new URL(response.url()).pathname, status: response.status() }));
  const path = await (name === 'next' ? render(world, t, page) : serveFolder(page, name, folder));
  await before?.(page);
  await page.goto(`${world.sandbox.url}${path}?order=${order.order_id}&token=${encodeURIComponent(order.token)}`);
  if (name === 'next' && options?.clock !== false) {
    await page.clock.runFor(1_000); // React shows by a timer what the server has written after the rest
  }
  return { cashier: new Cashier(page, world.sandbox, order), fetched, order, page };
}

/** The path of its page. */
async function serveFolder(page, name, folder) {
  const place = join(EXAMPLES, name, folder);
  assert.ok(existsSync(join(place, 'index.html')), `${place} is not built: cargo xtask test builds it first`);
  await serve(page, `/example-${name}`, place);
  return `/example-${name}/`;
}

/** The same of the one that has a server of its own. */
async function render(world, t, page) {
  await besideSandbox(page, await startNext(t, join(EXAMPLES, 'next'), world.sandbox.url), '/checkout');
  return '/checkout';
}

/** The program came as WebAssembly, in files of the example's own, and all of them were there. */
function assertFetched(name, fetched) {
  const files = fetched.filter(({ path }) => /\.(js|css|wasm)$/.test(path));
  assert.deepEqual(files.filter(({ path, status }) => status !== 200 || !path.startsWith(name === 'next' ? '/_next/static/' : `/example-${name}/`)), []);
  for (const extension of ['wasm', 'css']) {
    assert.ok(files.some(({ path }) => path.endsWith(`.${extension}`)), `no .${extension} in ${JSON.stringify(files)}`);
  }
  assert.deepEqual(files.filter(({ path }) => /fallback|counter|replace|zh-HK|\/en\b/.test(path)), [], 'nothing that is not needed');
}

/** The style is in the cashier, and in the shop's page is none of it. */
async function assertStyled(page) {
  const weight = await page.locator('wechat-cashier .wc-title').evaluate((title) => getComputedStyle(title).fontWeight);
  const leaked = await page.evaluate(() => [...document.styleSheets].filter(({ cssRules }) => [...cssRules].some(({ cssText }) => cssText.includes('.wc-'))).length);
  assert.deepEqual([weight, leaked], ['600', 0]);
}

for (const [name, folder] of PAGES) {
  behaviour(`example ${name}: the order in its address is paid, and the page says so`, async (world, t) => {
    const { cashier, fetched, order, page } = await open(world, t, name, folder);
    await cashier.shows('scan');
    assertFetched(name, fetched);
    await assertStyled(page);
    await world.sandbox.payByText(await cashier.readQr());
    await cashier.reaches('paid', 8_000);
    await page.getByText(`Thank you! Order ${order.order_id} is paid.`).waitFor();
    assert.equal(await cashier.paidEvents(), 1);
  });
}

// Files that are fetched by an address of their own only when they are needed: does each tool bring them along?
for (const [name, folder] of PAGES) {
  behaviour(`example ${name}: without WebAssembly, and as a counter's screen, it is paid too`, async (world, t) => {
    const { cashier, fetched, page } = await open(world, t, name, folder, (page) => page.addInitScript(() => delete window.WebAssembly));
    await cashier.shows('scan');
    const before = new Set(fetched.map(({ path }) => path));
    const sheet = page.waitForResponse((response) => response.url().endsWith('.css') && !before.has(new URL(response.url()).pathname));
    await page.locator('wechat-cashier').evaluate((element) => { element.layout = 'counter'; });
    assert.equal((await sheet).status(), 200);
    await cashier.shows('scan');
    await world.sandbox.payByText(await cashier.readQr());
    await cashier.reaches('paid', 8_000);
    assert.deepEqual(fetched.filter(({ path, status }) => status >= 300 || path.endsWith('.wasm')), []);
  });
}

// React gives an element that the server has rendered neither properties nor listeners, and says nothing of it.
behaviour('example next: the tag comes from the server, and then takes `first` and `texts`', async (world, t) => {
  let html;
  const asked = [];
  const { cashier } = await open(world, t, 'next', '', (page) => {
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    page.on('response', (response) => { html ??= response.text(); });
  }, { clock: false }); // a held clock knows of no visit
  await cashier.shows('scan');
  assert.match(await html, /<wechat-cashier[^>]*>Your browser cannot show the cashier/);
  assert.match(await cashier.text(), /请用微信扫一扫，谢谢惠顾/);
  const api = `/api/orders/${cashier.order.order_id}`;
  assert.equal(asked.find((request) => request.includes('/api/')), `POST ${api}/payments`, 'the order was asked for by the server');
});

behaviour('example iframe: the order is paid in a frame, and the page around it says so', async (world, t) => {
  const { cashier, fetched, order, page } = await open(world, t, 'iframe', 'dist');
  const inner = page.frameLocator('iframe');
  await inner.locator('.wc:not([data-first])[data-screen="scan"]').waitFor();
  assertFetched('iframe', fetched);
  await world.sandbox.payByText(await cashier.readQr());
  const paid = inner.locator('.wc[data-screen="paid"]');
  await cashier.advanceUntil('paid', async () => (await paid.count()) === 1, 8_000);
  await page.getByText(`Thank you! Order ${order.order_id} is paid.`).waitFor();
});

const PACKAGE = join(EXAMPLES, 'node_modules/wechat-cashier');

// A symlink leads out of the project: Vite's development server and Next.js refuse what it leads to.
test('the package is installed as files of its own', () => {
  assert.ok(lstatSync(PACKAGE).isDirectory());
});

test('the installed package has every file that its exports name', () => {
  const { customElements, exports, main, module, types } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const files = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
  assert.ok(files.length > 8);
  assert.deepEqual([...files, main, module, types, customElements].filter((file) => !existsSync(join(PACKAGE, file))), []);
});

test('what the package\'s documents link to is in the package, or has an address of its own', () => {
  const read = (file) => readFileSync(join(PACKAGE, file), 'utf8');
  const anchor = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
  const leads = (from, link) => {
    const [path, to] = link.split('#');
    const file = path ? join(dirname(from), path) : from;
    const headings = () => [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading));
    return /^\w+:/.test(link) || (existsSync(join(PACKAGE, file)) && (!to || headings().includes(to)));
  };
  const documents = ['README.md', ...readdirSync(join(PACKAGE, 'docs')).map((name) => `docs/${name}`)].filter((name) => name.endsWith('.md'));
  const links = documents.flatMap((name) => {
    const prose = read(name).replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
    return [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => [name, link]);
  });
  assert.ok(links.length > 50);
  assert.deepEqual(links.filter(([name, link]) => !leads(name, link)), []);
});

test('the installed package can be imported on a server, where it does nothing', async () => {
  const before = Object.keys(globalThis);
  const { WechatCashier } = await import(pathToFileURL(join(PACKAGE, 'wechat-cashier.js')).href);
  assert.equal(typeof WechatCashier, 'function');
  assert.deepEqual(Object.keys(globalThis), before);
});
