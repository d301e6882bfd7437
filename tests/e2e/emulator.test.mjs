// Who has read the README opens the sandbox's pages and pays, by clicking in these pages alone.

import assert from 'node:assert/strict';

import { behaviour } from './support/test.mjs';

/** A newcomer's browser at this page: with a clock that goes, as has the sandbox. */
async function newcomer(world, path, options) {
  await world.sandbox.post('/sandbox/clock', { freeze: false });
  const page = await world.newPage({ clock: false, viewport: { width: 1280, height: 1000 }, ...options });
  await page.goto(world.sandbox.url + path);
  return page;
}

/** The cashier in the phone, or on the till's screen. */
const inside = (page) => page.frameLocator('#page');
const shows = (page, screen) => inside(page).locator(`.wc[lang]:not([data-first])[data-screen="${screen}"]`).waitFor();
const press = (page, tap) => inside(page).locator(`[data-tap="${tap}"]`).click();
/** WeChat's sheet over the page, and over the whole phone. */
const onSheet = (place, name) => place.locator(`[data-wechat="${name}"]`).click();
const setUp = (page, name, value) => page.locator(`[name="${name}"]`).selectOption(value);
const orderAndOpen = (page) => page.getByRole('button', { name: '下单并打开' }).click();
const orders = async ({ sandbox }) => (await sandbox.get('/sandbox/orders')).map(({ status }) => status);

behaviour('in the emulated WeChat: order, tap "pay", enter the password: paid by JSAPI', async (world) => {
  const page = await newcomer(world, '/wechat');
  await orderAndOpen(page);
  await shows(page, 'pay');
  await press(page, 'pay');
  await onSheet(inside(page), 'pay');
  await onSheet(inside(page), 'done');
  await shows(page, 'paid');
  assert.deepEqual(await orders(world), ['paid']);
});

behaviour('in the emulated WeChat, from the button on the empty phone', async (world) => {
  const page = await newcomer(world, '/wechat');
  await page.locator('#empty button').click();
  await shows(page, 'pay');
});

behaviour('in the emulated browser of a phone: to WeChat, paid there, back: paid by H5', async (world) => {
  const page = await newcomer(world, '/wechat');
  await setUp(page, 'system', 'phone_browser');
  await orderAndOpen(page);
  await shows(page, 'pay');
  await press(page, 'pay');
  // WeChat is another program: it covers the whole phone.
  await onSheet(page, 'pay');
  await onSheet(page, 'done');
  await shows(page, 'paid');
  assert.deepEqual(await orders(world), ['paid']);
});

behaviour('in the emulated browser the page comes back by itself while WeChat is still open, and asks', async (world) => {
  const page = await newcomer(world, '/wechat');
  await setUp(page, 'system', 'iphone_browser');
  await orderAndOpen(page);
  await shows(page, 'pay');
  await press(page, 'pay');
  await page.locator('[data-wechat="sheet"]').waitFor();
  await shows(page, 'returned');
  await onSheet(page, 'pay');
  await onSheet(page, 'done');
  await shows(page, 'paid');
});

behaviour('in a window made as small as a phone\'s, which is no emulator: paid by H5', async (world) => {
  const page = await newcomer(world, '/', { viewport: { width: 390, height: 844 } });
  await page.getByRole('button', { name: '去付款' }).click();
  // It is a computer's, so that the QR comes first; H5 is among the other ways.
  await page.locator('.wc[lang]:not([data-first])[data-screen="scan"]').waitFor();
  await page.locator('.wc-ways summary').click();
  await page.locator('.wc-way', { hasText: '打开微信支付' }).click();
  await onSheet(page, 'pay');
  await onSheet(page, 'done');
  await page.locator('.wc[lang][data-screen="paid"]').waitFor();
});

behaviour('at the till: order, scan the customer\'s code: paid by payment code', async (world) => {
  const page = await newcomer(world, '/till');
  await page.getByRole('button', { name: '下一单' }).click();
  await shows(page, 'take-code');
  await page.getByRole('button', { name: '扫这个码' }).click();
  await shows(page, 'paid');
  assert.deepEqual(await orders(world), ['paid']);
});

behaviour('at the till, more than 1000 yuan: the customer enters the password on the phone beside it', async (world) => {
  const page = await newcomer(world, '/till');
  await page.locator('[name="value"]').selectOption('128800');
  await page.getByRole('button', { name: '下一单' }).click();
  await shows(page, 'take-code');
  await page.getByRole('button', { name: '扫这个码' }).click();
  await shows(page, 'await-payer');
  await onSheet(page, 'pay');
  await onSheet(page, 'done');
  await shows(page, 'paid');
});

behaviour('at the till, by a real keyboard: the till\'s screen has the keys without a click', async (world) => {
  const page = await newcomer(world, '/till');
  await page.getByRole('button', { name: '下一单' }).click();
  await shows(page, 'take-code');
  const code = (await page.locator('#digits').innerText()).replaceAll(' ', '');
  assert.match(code, /^1[0-5]\d{16}$/);
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  await shows(page, 'paid');
});

behaviour('in the emulated mini-program: to the native page, paid there, back', async (world) => {
  const page = await newcomer(world, '/wechat');
  await setUp(page, 'system', 'mini_program');
  await orderAndOpen(page);
  await shows(page, 'pay');
  await press(page, 'pay');
  await inside(page).getByRole('button', { name: /立即支付|支付/ }).last().click();
  await onSheet(inside(page), 'pay');
  await onSheet(inside(page), 'done');
  await shows(page, 'paid');
});

behaviour('in the emulated WeChat the answer that was chosen comes, and the page says what it means', async (world) => {
  const page = await newcomer(world, '/wechat');
  await setUp(page, 'answer', '当前页面的URL未注册:https://shop.example/cashier/');
  await orderAndOpen(page);
  await shows(page, 'pay');
  await press(page, 'pay');
  await shows(page, 'trouble');
  assert.match(await inside(page).locator('.wc').innerText(), /微信未登记此页面/);
});
