// A merchant's own page with `<wechat-cashier>` in it, as a shop would write it, served beside the sandbox's backend.

import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** The npm package, as `cargo xtask dist` writes it. */
export const PACKAGE = process.env.PACKAGE || new URL('../../../target/npm', import.meta.url).pathname;

const TYPES = {
  '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.html': 'text/html; charset=utf-8',
  '.json': 'application/json', '.svg': 'image/svg+xml',
};

/** Serves a folder under this path of the sandbox's own origin. */
export const serve = (page, path, folder, headers = {}) => page.route(`**${path}/**`, async (route) => {
  const name = new URL(route.request().url()).pathname.split(`${path}/`)[1] || 'index.html';
  try {
    const body = await readFile(join(folder, decodeURIComponent(name)));
    await route.fulfill({ body, contentType: TYPES[extname(name)] || 'application/octet-stream', headers });
  } catch (error) {
    await route.fulfill({ status: 404, body: 'not found' });
  }
});

/** The attributes that every cashier of this order needs. */
export const attributes = (order) => `order="${order.order_id}" token="${order.token}" api="/api"`;

/** What the shop's own template would put into the page: its answer about the order, as text. With `payment`, a code is in it. */
export async function firstAnswer(sandbox, order, { payment = false } = {}) {
  const headers = { authorization: `Bearer ${order.token}`, 'content-type': 'application/json' };
  const url = `${sandbox.url}/api/orders/${order.order_id}`;
  if (payment) {
    const body = JSON.stringify({ method: 'native', page_url: `${sandbox.url}/shop/` });
    await fetch(`${url}/payments`, { method: 'POST', body, headers: { ...headers, 'idempotency-key': `template-${order.order_id}` } });
  }
  return (await fetch(url, { headers })).text();
}

/** The shop's page around this. */
export const html = (body, head = '') => `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Shop</title>${head}
<script type="module" src="/npm/wechat-cashier.js"></script></head>
<body>${body}</body></html>`;

/** Opens the page with this body in a fresh browser. `waitUntil`: as of `page.goto`; files that a test holds back hold back "load". */
export async function openShop(world, body, { path = '/shop/', head, headers = {}, before, waitUntil, ...options } = {}) {
  const page = await world.newPage(options);
  await serve(page, '/npm', PACKAGE);
  await page.route(`**${path}`, (route) => route.fulfill({ contentType: TYPES['.html'], headers, body: html(body, head) }));
  await before?.(page);
  await page.goto(world.sandbox.url + path, { waitUntil });
  return page;
}

/** What an element has fired so far, as `[name, detail]`. Call it before anything is fired, in `before`. */
export const hear = (page) => page.addInitScript(() => {
  window.heard = [];
  for (const name of ['ready', 'status', 'paid', 'expired', 'closed', 'error', 'navigate']) {
    addEventListener(`cashier-${name}`, (event) => {
      window.heard.push([name, event.detail, event.target.id]);
      if (name === 'navigate' && window.stay) {
        event.preventDefault();
      }
    });
  }
});
