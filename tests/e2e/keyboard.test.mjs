// By the keyboard alone: everything can be reached and done, the focus is always to be seen and never lost, and what changes is
// said to those who listen. On the hosted page and in an element in a shop's page.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { inElement, shopFolder } from './support/embedded.mjs';
import { PLACES, reached } from './support/places.mjs';
import { FAILED_REQUESTS, behaviour, fault } from './support/test.mjs';

const shop = await shopFolder({ return: 'manual' });
after(shop.remove);
const WHERE = { 'the hosted page': {}, 'an element': { dist: shop.folder } };

const ALIPAY = { id: 'alipay', label: 'Alipay' };
const UNIONPAY = { id: 'unionpay', label: 'UnionPay' };

/** What has the focus, through shadow roots: its name and its class, and whether it is to be seen. */
const focus = (page) => page.evaluate(() => {
  let { activeElement: element } = document;
  while (element?.shadowRoot?.activeElement) {
    element = element.shadowRoot.activeElement;
  }
  if (!element || element === document.body) {
    return { lost: true };
  }
  const { top, bottom, width } = element.getBoundingClientRect();
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return {
    name: element.dataset.tap ?? element.localName,
    className: element.className,
    inView: width > 0 && top >= -1 && bottom <= innerHeight + 1,
    where: `${Math.round(top)} to ${Math.round(bottom)} of ${innerHeight}`,
    ringed: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
  };
});

/** Tab, and what has the focus then, which must be to be seen. */
async function tab(page, key = 'Tab') {
  await page.keyboard.press(key);
  const found = await focus(page);
  if (!found.lost && found.name !== 'wechat-cashier') {
    assert.ok(found.ringed, `${found.name} has the focus and does not show it`);
    assert.ok(found.inView, `${found.name} has the focus and is not in the window: ${found.where}`);
  }
  return found;
}

/** Tabs to what has this name. */
async function tabTo(page, name) {
  const passed = [];
  for (let steps = 0; steps < 20; steps += 1) {
    const found = await tab(page);
    if (found.name === name) {
      return;
    }
    passed.push(found.name ?? 'the body');
  }
  assert.fail(`no way by Tab to ${name}; passed ${passed.join(', ')}`);
}

/** The screen has changed under the focus: it is on the new one's title, so that Tab goes on from there. */
async function atTitle(page, why) {
  const found = await focus(page);
  assert.equal(found.className, 'wc-title', `${why}: the focus is on ${JSON.stringify(found)}`);
}

/** What a screen reader has been told, politely, since `listen`. */
const listen = (page) => page.evaluate(() => {
  window.told = [];
  const root = document.querySelector('wechat-cashier')?.shadowRoot ?? document;
  const news = () => root.querySelector('.wc-unseen[role="status"]')?.textContent.trim() ?? '';
  let last = news();
  new MutationObserver(() => {
    const now = news();
    if (now && now !== last) {
      window.told.push((last = now));
    }
  }).observe(root, { subtree: true, childList: true, characterData: true });
});
const told = (page) => page.evaluate(() => window.told);

const open = (world, where, place) => reached(world, where.dist ? inElement(place) : place);
const shown = (name) => ({ reach: (cashier) => cashier.shows(name) });

for (const [where, sandbox] of Object.entries(WHERE)) {
  behaviour(`by keyboard alone, ${where}: "I have paid", back, a new code, paid, back to the shop`, async (world) => {
    const cashier = await open(world, sandbox, shown('scan'));
    const { page } = cashier;
    await listen(page);
    assert.ok((await focus(page)).lost, 'nobody\'s focus is taken before a key is pressed');
    await tabTo(page, 'have-paid');
    await page.keyboard.press('Enter');
    await cashier.shows('confirming');
    await atTitle(page, 'confirming');
    await tabTo(page, 'back');
    await page.keyboard.press('Space');
    await cashier.shows('scan');
    await atTitle(page, 'the code again');
    await tabTo(page, 'again');
    await page.keyboard.press('Enter');
    await cashier.settle();
    await cashier.shows('scan');
    await atTitle(page, 'a new code');
    await world.sandbox.payByText(await cashier.readQr());
    await cashier.reaches('paid', 11_000);
    await atTitle(page, 'paid');
    const said = await told(page);
    assert.match(said.at(-1), /支付成功|已付款|付款成功/);
    assert.ok(said.length <= 8, `not every second: ${said.join('; ')}`);
    await tabTo(page, 'a');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/shop\/orders\//);
  }, sandbox);

  behaviour(`by keyboard alone, ${where}: another way, the one after it, and the first again`, async (world) => {
    const cashier = await open(world, sandbox, { wish: { methods: ['native', UNIONPAY, ALIPAY] }, ...shown('scan') });
    const { page } = cashier;
    await page.setViewportSize({ width: 390, height: 500 });
    await tabTo(page, 'summary');
    await page.keyboard.press('Enter');
    await tabTo(page, 'choose');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-qr^="https://qr.95516.com"]');
    await cashier.settle();
    await atTitle(page, 'another wallet\'s code');
    assert.ok((await focus(page)).inView, 'the title of the way chosen below is in the window');
    await page.locator('.wc-method').evaluate((method) => {
      const { top, bottom } = method.getBoundingClientRect();
      if (top < 0 || bottom > innerHeight) throw new Error(`whose code it is, is out of the window: ${top} to ${bottom} of ${innerHeight}`);
    });
    await tabTo(page, 'choose');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-qr^="weixin:"]');
    await atTitle(page, 'WeChat\'s code again');
  }, sandbox);

  behaviour(`by keyboard alone, ${where}: what has failed is tried again`, async (world) => {
    world.allow(FAILED_REQUESTS);
    const cashier = await open(world, sandbox, { faults: [fault('method_unavailable')], ...shown('trouble') });
    const { page } = cashier;
    await listen(page);
    await world.sandbox.clearFaults(cashier.order);
    await tabTo(page, 'retry');
    await page.keyboard.press('Enter');
    await cashier.shows('scan');
    await atTitle(page, 'the code');
    assert.match((await told(page)).at(-1), /扫一扫/);
  }, sandbox);

  behaviour(`by keyboard alone, ${where}: a lost network's notice is said and reached, and its end takes no focus`, async (world) => {
    world.allow(FAILED_REQUESTS);
    const cashier = await open(world, sandbox, shown('scan'));
    const { page } = cashier;
    await tabTo(page, 'have-paid');
    await page.context().setOffline(true);
    await page.waitForSelector('.wc-notice');
    assert.equal(await page.locator('.wc-over').getAttribute('role'), 'status');
    assert.equal((await focus(page)).name, 'have-paid', 'a notice takes no focus');
    await tabTo(page, 'retry');
    await page.context().setOffline(false);
    await cashier.advanceUntil('the notice to go', async () => !(await cashier.has('.wc-notice')), 5_000);
    await atTitle(page, 'the notice that had the focus is gone');
  }, sandbox);

  behaviour(`by keyboard alone, ${where}: a code is typed at the till, refused, and typed again`, async (world) => {
    const cashier = await open(world, sandbox, PLACES['take-code']);
    const { page } = cashier;
    assert.equal((await focus(page)).name, 'input', 'a scanner types at once');
    await page.keyboard.type('12345');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.wc-problem');
    assert.equal((await focus(page)).name, 'input');
    const { code } = await world.sandbox.get('/wechat/payment-code?account=A');
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await cashier.reaches('paid', 10_000);
    await atTitle(page, 'paid');
  }, sandbox);
}

behaviour('a payer who has left for another field of the shop\'s is not called back', async (world) => {
  const cashier = await open(world, WHERE['an element'], shown('scan'));
  const { page } = cashier;
  await page.evaluate(() => {
    const field = document.createElement('input');
    document.querySelector('main').prepend(field);
    field.focus();
  });
  await world.sandbox.payByText(await cashier.readQr());
  await cashier.reaches('paid', 8_000);
  assert.equal((await focus(page)).name, 'input');
}, WHERE['an element']);

behaviour('the last minute is said once, and the seconds before and in it are not', async (world) => {
  const cashier = await open(world, {}, { wish: { expires_in_ms: 64_000 }, ...shown('scan') });
  await listen(cashier.page);
  await cashier.advance(30_000, { step: 1_000 });
  const said = await told(cashier.page);
  assert.equal(said.length, 1, said.join('; '));
  assert.match(said[0], /1 ?分钟|一分钟/);
});
