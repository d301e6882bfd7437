// A shop's own page with `<wechat-cashier>` in it, served by the sandbox in the place of the hosted page: whatever leads a
// test to the one leads it to the other, logins, ways back and the emulated phone included.

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PACKAGE } from './shop.mjs';

const HTML = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Shop</title>
<link rel="icon" href="data:,">
<script type="module" src="./npm/wechat-cashier.js"></script>
<script type="module" src="./shop.js"></script>
</head>
<body><main><h1>Shop</h1></main></body>
</html>`;

/** What a shop's template would write: the order, from the page's own address. */
const script = (attributes) => `
const query = new URLSearchParams(location.search);
const cashier = document.createElement('wechat-cashier');
const given = { 'allow-origins': document.querySelector('meta[name="cashier-origins"]').content, ...${JSON.stringify(attributes)} };
for (const name of ['order', 'token', 'lang']) {
  if (query.has(name)) given[name] = query.get(name);
}
for (const name of Object.keys(given)) cashier.setAttribute(name, given[name]);
document.querySelector('main').appendChild(cashier);
`;

/** A folder for `--dist` with such a page, the element with these attributes. */
export async function shopFolder(attributes = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'cashier-shop-'));
  await cp(PACKAGE, join(folder, 'npm'), { recursive: true });
  await writeFile(join(folder, 'index.html'), HTML);
  await writeFile(join(folder, 'shop.js'), script(attributes));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/** In an element a till's code is taken where the order offers nothing else; and WeChat's JS-SDK comes from WeChat. */
export const inElement = (place) => ({
  ...place,
  ...(place.at === 'till_url' ? { at: undefined, wish: { methods: ['payment_code'] } } : {}),
  before: async (cashier) => {
    await cashier.page.route('https://res.wx.qq.com/**', async (route) => {
      const origin = new URL(route.request().frame().url()).origin;
      await route.fulfill({ response: await route.fetch({ url: `${origin}/assets/jssdk.js` }) });
    });
    await place.before?.(cashier);
  },
});
