// The cashier opened inside the emulated WeChat (`/wechat/cashier/`): a phone with settings, and a payment sheet to tap on.

import assert from 'node:assert/strict';

import { Cashier } from './cashier.mjs';
import { USER_AGENTS, browserOf, paymentRequests } from './phone.mjs';

/** Real user agents by a name of ours: each is the only one of tests/data/user-agents.tsv that has these words. */
const KNOWN_BY = {
  android: 'XWEB/1300259',
  ios: 'MicroMessenger/8.0.60(0x18003c31)',
  harmony: 'OpenHarmony 5.1',
  devtools: 'wechatdevtools/0.7.0',
  oldWindows: 'Chrome/39.0.2171.95',
  miniProgram: 'XWEB/1300073',
  miniProgramIos: 'MicroMessenger/8.0.69(0x18004539)',
  miniProgramWindows: 'XWEB/19895',
  miniProgramMac: 'MiniProgramEnv/Mac',
};

/** The line of tests/data/user-agents.tsv by a name of ours. */
function row(name) {
  if (name === 'miniProgramHarmony') {
    const { userAgent, ...rest } = row('harmony');
    return { ...rest, userAgent: `${userAgent} miniProgram/wx336dcaf6a1ecf632` }; // put together: none was found
  }
  const words = KNOWN_BY[name];
  const found = USER_AGENTS.filter(({ userAgent }) => words !== undefined && userAgent.includes(words));
  assert.equal(found.length, 1, `one user agent that has ${words ?? `the name ${name}`}`);
  return found[0];
}

/** What a browser is made of that calls itself so: options of `World.newPage`. */
export const browserIn = (name) => browserOf(row(name));

/** What WeChat is told by `key` and `spelling` of the phone's settings. */
export const result = (word) => `get_brand_wcpay_request:${word}`;

/** What the browser says of the bridge's own call when the platform refuses; a test in which it does allows that. */
export const REFUSED_BY_WECHAT = /status of 409/;

/** Sets up the payer's phone, in part. */
export const setPhone = (sandbox, settings) => sandbox.call('PUT', '/wechat/phone', settings);

/** Has the merchant learn who the payer is, as a visit before this one would have, so that the page is not sent to log in. */
export async function logIn(sandbox, order) {
  const response = await fetch(`${sandbox.url}/api/orders/${order.order_id}/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'a-visit-before', authorization: `Bearer ${order.token}` },
    body: JSON.stringify({ method: 'jsapi', page_url: sandbox.url + order.wechat_url }),
  });
  const { action } = await response.json();
  assert.equal(action?.type, 'redirect', 'the merchant does not know the payer yet');
  const back = await fetch(action.url);
  assert.equal(back.status, 200, 'the login leads back');
  await sandbox.forgetLog(order);
}

/** Listens in on the bridge, whenever it comes. Runs before the page's own scripts, and must not refer to anything outside. */
function listenIn() {
  const heard = (window.heard = { calls: [], answers: [] });
  let bridge;
  const tapped = (given) => ({
    ...given,
    invoke: (name, args, callback) => {
      heard.calls.push([name, args]);
      return given.invoke(name, args, (said) => {
        heard.answers.push(said);
        callback?.(said);
      });
    },
  });
  Object.defineProperty(window, 'WeixinJSBridge', {
    configurable: true,
    get: () => bridge,
    set: (given) => (bridge = given && tapped(given)),
  });
}

/**
 * Only what happens within the very task of a real tap counts as the payer's will, as strictly as HarmonyOS may be taken to
 * mean it. The browser's own notion is no use here: it takes all that a test evaluates in the page for the payer's doing.
 */
function onlyTapsCount() {
  let tapped = false;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => (tapped = false);
  addEventListener('click', ({ isTrusted }) => {
    tapped = isTrusted;
    port2.postMessage(0);
  }, true);
  Object.defineProperty(navigator, 'userActivation', { get: () => ({ isActive: tapped, hasBeenActive: true }) });
}

/** A cashier inside WeChat. */
export class InWechat extends Cashier {
  // ── The cashier's own ──────────────────────────────────────────────────────────────────────────────────────────────

  /** The button that pays, where it can be tapped. */
  payButton = () => this.page.locator('[data-tap="pay"]');

  /** Taps what sends this: a tap of the payer's own, which HarmonyOS tells from a script's. */
  send = (tap) => this.page.locator(`[data-tap="${tap}"]`).first().click();

  /** Waits for the button that pays, with no time passing. */
  ready = () => this.payButton().waitFor();

  /** Moves both clocks until there is the button that pays: after a call the order is asked about first. */
  readyAgain = (mostMs = 2_000, options) => this.advanceUntil('the button', async () => (await this.payButton().count()) === 1, mostMs, options);

  /** Taps the button and waits for WeChat's sheet. */
  async openSheet() {
    await this.send('pay');
    await this.part('sheet').waitFor();
  }

  /** Taps the button and waits for WeChat's answer, where the phone is set to give one without a sheet. */
  async call() {
    const { answers } = await this.heard();
    await this.send('pay');
    await this.answered(answers.length + 1);
  }

  title = () => this.page.locator('.wc-title').innerText();

  /** The support code that the payer can read to the merchant, and WeChat's own words under it. */
  supportCode = () => this.page.locator('.wc-code').innerText();
  detail = async () => (await this.has('.wc-detail')) ? this.page.locator('.wc-detail').innerText() : null;

  /** The names of the other ways, whether they are folded away or not. */
  ways = () => this.page.locator('.wc-way[data-tap]').allTextContents();

  waysAreOpen = () => this.page.locator('.wc-ways').evaluate((ways) => ways.open);

  /** Takes another way, opening the fold if need be. */
  async choose(name) {
    if (!(await this.waysAreOpen())) {
      await this.page.locator('.wc-ways summary').click();
    }
    await this.page.locator('.wc-way', { hasText: name }).click();
  }

  /** What was copied. */
  copied = () => this.page.evaluate(() => navigator.clipboard.readText());

  // ── WeChat's ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A part of what WeChat draws over the page. */
  part = (name) => this.page.locator(`[data-wechat="${name}"]`);

  tapIn = (name) => this.part(name).click();

  /** What passed over the bridge in this page: `{calls: [[name, args]], answers}`. */
  heard = () => this.page.evaluate(() => window.heard);

  /** Waits until WeChat has answered so often. */
  answered = (count) => this.page.waitForFunction((count) => window.heard.answers.length >= count, count);

  /** The calls for payment. */
  callsForPayment = async () => (await this.heard()).calls.filter(([name]) => name === 'getBrandWCPayRequest');

  /** Pays on the sheet that is open, and taps 完成: only then WeChat answers. */
  async payOnSheet() {
    await this.tapIn('pay');
    await this.tapIn('done');
    await this.part('sheet').waitFor({ state: 'detached' });
  }

  /** Pays by JSAPI, and sees it paid. */
  async paysInWechat() {
    await this.openSheet();
    await this.payOnSheet();
    await this.reaches('paid', 8_000);
  }

  /** Takes the QR, pays it with another phone, and sees it paid. */
  async paysByQr() {
    await this.choose('扫码支付');
    await this.settle();
    await this.shows('scan');
    // The list was at the end of the page, and the code is at its start.
    await this.page.evaluate(() => scrollTo(0, 0));
    await this.sandbox.payByText(await this.readQr());
    await this.reaches('paid', 8_000);
  }

  // ── What came of it ────────────────────────────────────────────────────────────────────────────────────────────────

  /** The payments that were asked for so far. */
  paymentRequests = () => paymentRequests(this);

  /** How many of the order's trades are paid. More than one is a second charge. */
  async tradesPaid() {
    const { trades } = await this.sandbox.order(this.order);
    return trades.filter(({ trade_state }) => trade_state === 'SUCCESS').length;
  }
}

/**
 * A new order, opened inside WeChat by a payer whom the merchant knows. `phone` are settings of the emulator; `known: false`
 * for a payer who has to log in; `faults` are set before the page opens. Of {@link World.newPage}, the rest.
 */
export async function inWechat(world, { agent = 'android', phone = {}, wish, known = true, faults, before, path, ...options } = {}) {
  const { sandbox } = world;
  await setPhone(sandbox, phone);
  const order = await sandbox.newOrder(wish);
  if (known) {
    await logIn(sandbox, order);
  }
  if (faults) {
    await sandbox.setFaults(order, ...faults);
  }
  const page = await world.newPage({ ...browserIn(agent), ...options });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.addInitScript(onlyTapsCount);
  await page.addInitScript(listenIn);
  const cashier = new InWechat(page, sandbox, order);
  await before?.(cashier);
  await page.goto(new URL(path?.(order) ?? order.wechat_url, sandbox.url).href);
  return cashier;
}

/** The same where paying by JSAPI is offered: as far as the button. */
export async function readyInWechat(world, options) {
  const cashier = await inWechat(world, options);
  await cashier.ready();
  return cashier;
}
