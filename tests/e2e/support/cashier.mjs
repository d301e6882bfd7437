// The cashier in a real browser: a sandbox as if new, fresh browser contexts, both clocks in the caller's hand.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

import { observe } from './observe.mjs';
import { readQrFromScreenshot } from './qr.mjs';
import { Sandbox } from './sandbox.mjs';

export { fault } from './sandbox.mjs';

/** The payer's own clock is years off from the shop's: nothing on the page may depend on it (field problem 43). */
const PAYERS_CLOCK = new Date('2031-03-05T04:05:06Z');
/** How long anything real may take: the browser, the sandbox, the network between them, on a machine that has more to do. */
const PATIENCE_MS = 20_000;

export const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export function chromiumPath() {
  if (process.env.CHROMIUM) {
    return process.env.CHROMIUM;
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const paths = (process.env.PATH || '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find(existsSync) ?? 'chromium';
}

let launching;
let keepsPages = false;

/**
 * Has the browser of this file keep pages for "back", as browsers do, and Playwright and a browser without windows
 * (`HEADLESS_SHELL`) do not. Before the first test.
 */
export function keepPagesForBack() {
  keepsPages = true;
}

export function browser() {
  launching ??= chromium.launch({
    executablePath: keepsPages ? chromiumPath() : process.env.HEADLESS_SHELL || chromiumPath(),
    args: FLAGS,
    ignoreDefaultArgs: keepsPages ? ['--disable-back-forward-cache'] : [],
  });
  return launching;
}

export const closeBrowser = async () => (await launching)?.close();

/** Failed requests are logged by the browser itself; a test that makes them fail allows that. */
export const FAILED_REQUESTS = /Failed to load resource|ERR_|EventSource/;

/** Time in the pages of this context stands still until a test moves it. */
export async function holdClock(context) {
  await context.clock.install({ time: PAYERS_CLOCK });
  await context.clock.pauseAt(new Date(PAYERS_CLOCK.getTime() + 1000));
}

/** The scripts of ours that each page is waiting for. */
const coming = new WeakMap();
const OURS = /^\/(wechat\/)?(cashier|npm)\//;

function watchScripts(page) {
  const scripts = new Set();
  coming.set(page, scripts);
  page.on('request', (request) => {
    if (request.resourceType() === 'script' && OURS.test(new URL(request.url()).pathname)) {
      scripts.add(request);
    }
  });
  ['requestfinished', 'requestfailed'].forEach((name) => page.on(name, (request) => scripts.delete(request)));
  page.on('close', () => scripts.clear());
}

export class World {
  #contexts = [];
  #heard = [];
  #allowed = [];

  #patienceMs;

  constructor(sandbox, { patienceMs = PATIENCE_MS } = {}) {
    this.sandbox = sandbox;
    this.#patienceMs = patienceMs;
  }

  /** From now on such console messages and page errors are part of the test. */
  allow(...patterns) {
    this.#allowed.push(...patterns);
  }

  complaints() {
    return this.#heard.filter((text) => !this.#allowed.some((pattern) => pattern.test(text)));
  }

  /**
   * A fresh browser with one page that has not gone anywhere. It wants no motion, which is half the time of a test where
   * everything is drawn by the processor; tests of motion and of the main path ask for it. What else is asked for is the
   * browser's own: `userAgent`, `isMobile`, `hasTouch`, ….
   */
  async newPage({
    viewport = { width: 1280, height: 800 }, theme = 'light', scale = 1, reducedMotion = true, locale = 'zh-CN', clock = true,
    javaScript = true, ...rest
  } = {}) {
    const context = await (await browser()).newContext({
      viewport, locale, deviceScaleFactor: scale, colorScheme: theme, javaScriptEnabled: javaScript,
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference', ...rest,
    });
    context.setDefaultTimeout(this.#patienceMs);
    this.#contexts.push(context);
    context.on('page', (page) => {
      watchScripts(page);
      page.on('console', (message) => message.type() === 'error' && this.#heard.push(message.text()));
      page.on('pageerror', (error) => this.#heard.push(String(error)));
    });
    if (clock) {
      await holdClock(context);
    }
    await context.addInitScript(observe);
    return context.newPage();
  }

  /** The cashier of this order in a fresh browser. */
  async openCashier(order, { lang, path, before, ...options } = {}) {
    const page = await this.newPage(options);
    const cashier = new Cashier(page, this.sandbox, order);
    await before?.(cashier);
    const url = new URL(path ?? order.cashier_url, this.sandbox.url);
    if (lang) {
      url.searchParams.set('lang', lang);
    }
    await page.goto(url.href);
    return cashier;
  }

  /** A new order and its cashier, showing the code. */
  async scanning({ wish, ...options } = {}) {
    const order = await this.sandbox.newOrder(wish);
    const cashier = await this.openCashier(order, options);
    await cashier.shows('scan');
    return { order, cashier, page: cashier.page, sandbox: this.sandbox };
  }

  /** Closes all pages. What a page still asks for, and a test passes on, has nobody to come to then. */
  close() {
    const ends = { behavior: 'ignoreErrors' };
    return Promise.all(this.#contexts.map(async (context) => {
      // Where it is closed already, nothing is passed on any more.
      await Promise.all([context, ...context.pages()].map((one) => one.unrouteAll(ends).catch(leaving)));
      await context.close();
    }));
  }

  async end() {
    await this.close();
    await this.sandbox.kill();
  }
}

/** A page with a cashier on it. */
export class Cashier {
  constructor(page, sandbox, order) {
    this.page = page;
    this.sandbox = sandbox;
    this.order = order;
  }

  // ── What it shows ──────────────────────────────────────────────────────────────────────────────────────────────────

  screen = () => this.page.locator('.wc').getAttribute('data-screen');

  /** Waits until the program shows this screen: what the page has before it has no `lang`, and what is drawn before it is marked. */
  shows = (name) => this.page.waitForSelector(`.wc[lang]:not([data-first])[data-screen="${name}"]`, { state: 'attached' });

  text = () => this.page.locator('.wc').innerText();

  /** The text of the QR in the page, or null. For what a payer gets, see `readQr`. */
  code = async () => (await this.has('[data-qr]')) ? this.page.locator('[data-qr]').getAttribute('data-qr') : null;

  has = async (selector) => (await this.page.locator(selector).count()) > 0;

  /** The QR as a picture, read. */
  readQr = (options) => readQrFromScreenshot(this.page, options);

  notice = async () => (await this.has('.wc-notice p')) ? this.page.locator('.wc-notice p').innerText() : null;

  /** Seconds left, by the countdown. */
  async secondsLeft() {
    const parts = (await this.page.locator('.wc-digits').innerText()).split(':').map(Number);
    return parts.reduce((sum, part) => sum * 60 + part, 0);
  }

  /** How often the host page was told that it is paid. */
  paidEvents = async () => (await this.page.evaluate(() => window.observed.paidEvents)).length;

  tap = (name) => this.page.getByRole('button', { name, exact: true }).click();

  // ── Time ───────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Waits until no request is under way and every answer is taken in. Imports are none that the page itself could count. */
  async settle() {
    while (coming.get(this.page)?.size > 0) {
      await new Promise((resume) => ['requestfinished', 'requestfailed', 'close'].forEach((name) => this.page.once(name, resume)));
    }
    await this.page.evaluate(() => window.observed?.idle()).catch(leaving);
  }

  /** Moves the shop's clock and the page's in step, in steps short against all waits of the plan. */
  async advance(ms, { settle = true, step = 500 } = {}) {
    for (let left = ms; left > 0; left -= step) {
      const part = Math.min(step, left);
      await this.sandbox.advance(part);
      await this.page.clock.runFor(part).catch(leaving);
      if (settle) {
        await this.settle();
      }
    }
  }

  /** Moves both clocks at once, as after a sleep of the machine: what was due meanwhile happens once. */
  async leap(ms, { settle = true } = {}) {
    await this.sandbox.advance(ms);
    await this.page.clock.fastForward(ms).catch(leaving);
    if (settle) {
      await this.settle();
    }
  }

  /** Moves both clocks until `done` says so. Returns how long that took; fails when `mostMs` were not enough. */
  async advanceUntil(what, done, mostMs, { settle = true, step = 500 } = {}) {
    for (let passed = 0; passed <= mostMs; passed += step) {
      if (await done()) {
        return passed;
      }
      await this.advance(step, { settle });
    }
    assert.fail(`${what}: not within ${mostMs} ms. On the page: ${await this.screen()}, ${await this.text()}`);
  }

  /** Moves both clocks until the program shows this screen. */
  reaches = (name, mostMs, options) => {
    return this.advanceUntil(`screen ${name}`, () => this.has(`.wc:not([data-first])[data-screen="${name}"]`), mostMs, options);
  };

  // ── Looking away ───────────────────────────────────────────────────────────────────────────────────────────────────

  // Emulated: Playwright keeps every page of a headless browser "visible" by a session that a test cannot reach. Real are
  // the event's path through the program and all that follows from it.

  /** The payer looks at another tab. */
  hide = () => this.page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
  });

  /** And back. */
  async show() {
    await this.page.evaluate(() => {
      delete document.visibilityState;
      delete document.hidden;
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await this.settle();
  }

  // ── Requests ───────────────────────────────────────────────────────────────────────────────────────────────────────

  log = () => this.sandbox.log(this.order);

  /** The status requests so far. */
  statusRequests = async () => (await this.log()).requests.filter((request) => request.call === 'order');
}

/** The page was on its way elsewhere, which is for the test to look at. */
function leaving(error) {
  if (!/context was destroyed|navigat|Target page/i.test(String(error))) {
    throw error;
  }
}
