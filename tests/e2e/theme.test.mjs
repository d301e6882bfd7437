// Themes, tokens and parts of the element in a shop's page.

import assert from 'node:assert/strict';

import { decode, finishAnimations } from './support/qr.mjs';
import { attributes, openShop } from './support/shop.mjs';
import { Cashier, behaviour } from './support/test.mjs';

/** A shop's page with this style, and in it a cashier that shows the code. */
async function styled(world, { style = '', rest = '', around = (tag) => tag, ...options } = {}) {
  const order = await world.sandbox.newOrder();
  const tag = `<wechat-cashier ${attributes(order)} lang="zh-CN" ${rest}></wechat-cashier>`;
  const page = await openShop(world, around(tag), { head: `<style>${style}</style>`, ...options });
  const cashier = new Cashier(page, world.sandbox, order);
  await cashier.shows('scan');
  await finishAnimations(page);
  return { page, cashier };
}

/** One computed property of the first element of this class. */
const computed = (page, selector, name) => page.locator(selector).first().evaluate((element, name) => getComputedStyle(element)[name], name);

const LIGHT = 'rgb(255, 255, 255)';
const DARK = 'rgb(23, 26, 31)';

behaviour('the theme is the system\'s unless one is asked for, and the code is dark on white in both', async (world) => {
  for (const [theme, rest, ground] of [
    ['light', '', LIGHT], ['dark', '', DARK], ['dark', 'theme="auto"', DARK],
    ['light', 'theme="dark"', DARK], ['dark', 'theme="light"', LIGHT],
  ]) {
    const { page, cashier } = await styled(world, { theme, rest });
    assert.equal(await computed(page, '.wc', 'backgroundColor'), ground, `${theme} ${rest}`);
    assert.equal(decode(await page.screenshot()), await cashier.code());
  }
});

behaviour('a theme that is asked for later is taken at once, without a request', async (world) => {
  const { page, cashier } = await styled(world);
  await world.sandbox.forgetLog(cashier.order);
  await page.locator('wechat-cashier').evaluate((element) => (element.theme = 'dark'));
  assert.equal(await computed(page, '.wc', 'backgroundColor'), DARK);
  assert.deepEqual(await cashier.statusRequests(), []);
});

behaviour('tokens set on the element or around it win', async (world) => {
  const around = (tag) => `<main class="shop">${tag}</main>`;
  for (const selector of [':root', '.shop', 'wechat-cashier']) {
    const { page } = await styled(world, {
      around,
      style: `${selector} { --cashier-card: #fff7ed; --cashier-ink: #431407; --cashier-accent: #e11d48; --cashier-radius: 0px; --cashier-font: serif; --cashier-font-size: 14px; --cashier-qr-size: 200px }`,
    });
    const found = await Promise.all([
      computed(page, '.wc', 'backgroundColor'), computed(page, '.wc-amount', 'color'), computed(page, '.wc-rest', 'backgroundColor'),
      computed(page, '.wc', 'borderTopLeftRadius'), computed(page, '.wc-title', 'fontFamily'), computed(page, '.wc', 'fontSize'),
      computed(page, '.wc-qr', 'width'),
    ]);
    assert.deepEqual(found, ['rgb(255, 247, 237)', 'rgb(67, 20, 7)', 'rgb(225, 29, 72)', '0px', 'serif', '14px', '200px'], selector);
  }
});

behaviour('whatever a shop\'s page says of all it holds, the cashier is as it was', async (world) => {
  const names = ['fontSize', 'lineHeight', 'letterSpacing', 'textAlign', 'textTransform', 'whiteSpace', 'color', 'width', 'height'];
  const boxes = (page) => page.evaluate((names) => ['.wc', '.wc-amount', '.wc-title', '.wc-button', '.wc-small', '.wc-slot'].map((selector) => {
    const style = getComputedStyle(document.querySelector('wechat-cashier').shadowRoot.querySelector(selector));
    return [selector, ...names.map((name) => style[name])].join(' ');
  }), names);
  const around = (tag) => `<div style="width: 400px">${tag}</div>`;
  const { page: plain } = await styled(world, { around });
  const { page: odd } = await styled(world, {
    around,
    style: `* { margin: 0; padding: 0; box-sizing: border-box } html { font-size: 100px } svg path { fill: red !important }
      body { font: italic 9px/3 cursive; color: red; letter-spacing: 3px; text-align: right; text-transform: uppercase; text-indent: 2em; word-break: break-all }
      p, h2, button { margin: 40px; color: red; font-size: 40px }`,
  });
  assert.deepEqual(await boxes(odd), await boxes(plain));
  assert.notEqual(decode(await odd.screenshot()), null);
});

behaviour('a shop\'s page styles parts, and nothing else', async (world) => {
  const { page } = await styled(world, {
    style: `wechat-cashier::part(card) { border: 0; box-shadow: none } wechat-cashier::part(title) { color: purple; margin-top: 40px }
      wechat-cashier::part(button) { border-radius: 99px } wechat-cashier::part(amount) { font-weight: 400 } .wc-title { color: red !important }`,
  });
  const found = await Promise.all([
    computed(page, '.wc', 'borderTopWidth'), computed(page, '.wc-title', 'color'), computed(page, '.wc-title', 'marginTop'),
    computed(page, '.wc-button', 'borderTopLeftRadius'), computed(page, '.wc-amount', 'fontWeight'),
  ]);
  assert.deepEqual(found, ['0px', 'rgb(128, 0, 128)', '40px', '99px', '400']);
});

behaviour('a panel is as wide as there is room, from 240 px to 27 em, wherever it stands', async (world) => {
  for (const [around, width] of [
    [(tag) => `<div style="width: 240px">${tag}</div>`, 240],
    [(tag) => `<div style="width: 320px; display: flex">${tag}</div>`, 320],
    [(tag) => `<div style="width: 320px; display: grid">${tag}</div>`, 320],
    [(tag) => `<div>${tag}</div>`, 432],
    [(tag) => `<div style="float: left">${tag}</div>`, 432],
    [(tag) => `<dialog open>${tag}</dialog>`, 432],
  ]) {
    const { page, cashier } = await styled(world, { around });
    assert.equal((await page.locator('.wc').boundingBox()).width, width, String(around));
    const slot = await page.locator('.wc-qr').boundingBox();
    assert.ok(Math.abs(slot.width - slot.height) <= 1, 'the code is as high as wide');
    assert.equal(decode(await page.screenshot({ fullPage: true })), await cashier.code());
    const { lines, beyond } = await page.locator('.wc-amount').evaluate((amount) => ({
      lines: Math.round(amount.getBoundingClientRect().height / parseFloat(getComputedStyle(amount).lineHeight)),
      beyond: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }));
    assert.deepEqual([lines, beyond], [1, 0], String(around));
  }
});

behaviour('in colours forced by the system the code stays dark on white, and what is pressed has a border', async (world) => {
  const { page, cashier } = await styled(world, { theme: 'dark', forcedColors: 'active', rest: 'theme="dark"' });
  assert.equal(decode(await page.screenshot()), await cashier.code());
  for (const width of await page.locator('.wc-button').evaluateAll((buttons) => buttons.map((button) => getComputedStyle(button).borderTopWidth))) {
    assert.equal(width, '1px');
  }
});
