// Every screen of the ways to pay that are not a QR on a desk: where it is opened, and how it is reached.

import { Cashier } from './cashier.mjs';
import { PHONE, WECHAT, button, otherWays, press, waysOf } from './phone.mjs';
import { fault } from './sandbox.mjs';

/** The cashier's own words do not matter to how a screen is reached: it goes by `data-screen` and `data-tap`. */
const ready = ({ page }) => button(page, 'pay').waitFor();
const pay = ({ page }) => press(page, 'pay');
const shown = (name) => (cashier) => cashier.shows(name);
const trouble = shown('trouble');
const problem = ({ page }) => page.waitForSelector('.wc-problem');
const withWaysOpen = async ({ page }) => void (await waysOf(page));

/** One after the other. */
const steps = (...all) => async (cashier, more) => {
  for (const step of all) {
    await step(cashier, more);
  }
};

async function scan({ page }, code) {
  await page.locator('.wc-till input').fill(code);
  await page.keyboard.press('Enter');
}

const codeOf = async (sandbox) => (await sandbox.get('/wechat/payment-code?account=A')).code;

/** Inside WeChat, where the bridge gives this answer to the tap. */
const answered = (answer, reach, phone = { answer, answer_count: 0 }) => ({
  browser: WECHAT, at: 'wechat_url', phone,
  reach: steps(ready, pay, reach),
});

const ALIPAY = { id: 'alipay', label: '支付宝 Alipay', icon_url: '/assets/alipay.svg' };
const UNIONPAY = { id: 'unionpay', label: '云闪付 UnionPay', icon_url: '/assets/unionpay.svg' };

const atTill = (rest) => ({ at: 'till_url', ...rest });

/**
 * `browser`: what the browser is made of, a desktop's if absent. `at`: which of the order's addresses, the cashier's if
 * absent; or `path`. `query`: what is added to it, with the order's id for `{order}`. `phone`: the phone's settings. `wish` and `faults`: what the order is like.
 * `before`: what is done before the page opens. `reach`: how to get there from the open page. `sizes`: of further pictures.
 */
export const PLACES = {
  'pay-preparing': {
    browser: WECHAT,
    at: 'wechat_url',
    phone: { bridge: 'missing' },
    // The login leads away and back first.
    reach: async (cashier) => {
      const known = ({ payments }) => payments.some(({ action }) => action?.type === 'invoke_jsapi');
      while (!known(await cashier.sandbox.order(cashier.order))) {
        await cashier.settle();
      }
      await cashier.shows('pay');
    },
  },
  'pay-ready': { browser: WECHAT, at: 'wechat_url', reach: ready },
  'pay-opening': answered(null, (cashier) => button(cashier.page, 'retry').waitFor(), { silent: true }),
  'pay-cancelled': answered('get_brand_wcpay_request:cancel', async (cashier) => {
    await cashier.advanceUntil('the order to be asked about', () => button(cashier.page, 'pay').isVisible(), 5_000);
  }),
  'pay-h5': { browser: PHONE, reach: ready },
  'pay-mini-program': { browser: WECHAT, at: 'wechat_url', phone: { system: 'mini_program' }, reach: ready },
  'returned-other': {
    browser: PHONE, wish: { methods: ['h5', ALIPAY] },
    reach: async (cashier) => {
      await ready(cashier);
      await waysOf(cashier.page);
      await otherWays(cashier.page).click();
      await cashier.page.locator('[data-outcome="cancel"]').click();
      await cashier.shows('returned');
    },
  },
  returned: { browser: PHONE, query: 'wc_return={order}', reach: shown('returned') },
  'returned-not-received': {
    browser: PHONE, query: 'wc_return={order}',
    reach: async (cashier) => {
      await cashier.shows('returned');
      await press(cashier.page, 'have-paid');
      await cashier.shows('confirming');
      await cashier.reaches('returned', 12_000, { step: 2_000 });
    },
  },
  'take-code': atTill({ reach: shown('take-code') }),
  'take-code-malformed': atTill({ reach: steps((cashier) => scan(cashier, '12345'), problem) }),
  'take-code-refused': atTill({ reach: steps((cashier) => scan(cashier, '134567890123456789'), problem) }),
  'take-code-not-confirmed': atTill({
    phone: { ask_password: true },
    reach: async (cashier, { sandbox }) => {
      await scan(cashier, await codeOf(sandbox));
      await cashier.shows('await-payer');
      await cashier.advance(1_000);
      const { sheets: [sheet] } = await sandbox.get('/wechat/sheets?account=A');
      await sandbox.post('/wechat/pay', { scan_id: sheet.scan_id, outcome: 'cancel' });
      await cashier.reaches('take-code', 8_000, { step: 2_000 });
    },
  }),
  'await-payer': atTill({
    phone: { ask_password: true },
    reach: async (cashier, { sandbox }) => {
      await scan(cashier, await codeOf(sandbox));
      await cashier.shows('await-payer');
      await cashier.settle();
    },
  }),
  'scan-in-hand': { browser: PHONE, wish: { methods: ['native'] }, reach: shown('scan') },
  'scan-unionpay': {
    wish: { methods: ['native', UNIONPAY] },
    reach: async (cashier) => {
      await cashier.shows('scan');
      await waysOf(cashier.page);
      await otherWays(cashier.page).click();
      await cashier.page.waitForSelector('[data-qr^="https://qr.95516.com"]');
    },
  },
  'ways-open': { browser: PHONE, reach: steps(ready, withWaysOpen) },
  'ways-open-scan': { wish: { methods: ['native', ALIPAY, UNIONPAY] }, reach: steps(shown('scan'), withWaysOpen) },
  'trouble-upstream-phone': {
    browser: PHONE, faults: [fault('upstream_unavailable', { on: 'payment' })],
    reach: steps(ready, pay, trouble),
  },
  'wechat-stale': answered('调用支付JSAPI缺少参数:total_fee', trouble),
  'wechat-not-registered': answered('当前页面的URL未注册:https://shop.example/cashier/', trouble),
  'wechat-setup': answered('get_brand_wcpay_request:fail_invalid appid', trouble),
  'wechat-not-supported': answered('getBrandWCPayRequest:fail_nosupport', trouble),
  'wechat-other-account': answered('下单账号与支付账号不一致', trouble),
  'wechat-limit': answered('今日收款超出单日收款最大金额', trouble),
  'wechat-failed': answered('get_brand_wcpay_request:fail', trouble),
  'wechat-no-bridge': {
    browser: WECHAT, at: 'wechat_url', phone: { bridge: 'missing' }, reach: (cashier) => cashier.reaches('trouble', 6_000),
  },
  'wechat-no-sdk': {
    browser: WECHAT, at: 'wechat_url', phone: { system: 'mini_program', jssdk: 'missing' },
    reach: (cashier) => cashier.reaches('trouble', 10_000, { step: 2_000 }),
  },
  'wechat-login-loop': {
    browser: WECHAT, at: 'wechat_url', phone: { oauth_to: 'loop' }, reach: (cashier) => cashier.reaches('trouble', 20_000),
  },
};

/** A new order's cashier, showing this screen. The phone is set up anew: one at a time for each sandbox. */
export async function reached(world, place, { lang = 'zh-CN', ...options } = {}) {
  const { order, path } = await prepared(world, place, lang, {});
  const { browser, before, reach } = place;
  const cashier = await world.openCashier(order, { ...browser, locale: lang, path, before, ...options });
  await reach(cashier, { sandbox: world.sandbox, order });
  return cashier;
}

/** The same inside the emulated phone, with WeChat's text at so many percent. */
export async function reachedInPhone(world, place, { lang = 'zh-CN', percent = 100, ...options } = {}) {
  const system = place.browser === PHONE ? 'phone_browser' : 'android';
  const { order, path } = await prepared(world, place, lang, { system, font_percent: percent });
  const inside = path.replace(/(\/wechat)?\/cashier\//, '/wechat/cashier/');
  const page = await world.newPage({ viewport: { width: 1000, height: 1000 }, locale: lang, ...options });
  await place.before?.({ page });
  await page.goto(`${world.sandbox.url}/wechat?open=${encodeURIComponent(inside)}`);
  const frame = await (await page.waitForSelector('#page', { state: 'attached' })).contentFrame();
  const cashier = new Cashier(withFrame(page, frame), world.sandbox, order);
  await place.reach(cashier, { sandbox: world.sandbox, order });
  return { cashier, page };
}

/** What is set before the page opens, and the page's address. */
async function prepared({ sandbox }, place, lang, phone) {
  const order = await sandbox.newOrder({ lang, ...place.wish });
  await sandbox.call('PUT', '/wechat/phone', { ...await firstSettings(sandbox), ...phone, ...place.phone });
  await sandbox.setFaults(order, ...(place.faults ?? []));
  const url = new URL(place.path ?? order[place.at ?? 'cashier_url'], sandbox.url);
  for (const [key, value] of new URLSearchParams(place.query)) {
    url.searchParams.set(key, value.replace('{order}', order.order_id));
  }
  url.searchParams.set('lang', lang);
  return { order, path: url.pathname + url.search };
}

const settings = new WeakMap();

/** The phone as it was when the sandbox was new. */
async function firstSettings(sandbox) {
  if (!settings.has(sandbox)) {
    settings.set(sandbox, await sandbox.get('/wechat/phone'));
  }
  return settings.get(sandbox);
}

/** A page whose content is that of a frame in it. */
const withFrame = (page, frame) => new Proxy(page, {
  get(_, name) {
    const owner = name in frame && name !== 'page' ? frame : page;
    const value = owner[name];
    return typeof value === 'function' ? value.bind(owner) : value;
  },
});
