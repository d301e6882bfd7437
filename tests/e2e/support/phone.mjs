// The payer's phone in its own browser, and in apps that are not WeChat: what it calls itself, and what is done with it.

import { readFileSync } from 'node:fs';

/** A line of tests/data/user-agents.tsv: what it is, what is offered first, what a page can see. */
export const USER_AGENTS = readFileSync(new URL('../../data/user-agents.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => {
    const [app, device, first, probes, , userAgent] = line.split('\t');
    return { app, device, first, probes: probes.split(' '), userAgent };
  });

/** The user agent of the list that is of this app and device, and has these words. */
export function agent(app, device, words = '') {
  const found = USER_AGENTS.find((row) => row.app === app && row.device === device && row.userAgent.includes(words));
  if (!found) {
    throw new Error(`no user agent of ${app} on a ${device} with "${words}"`);
  }
  return found;
}

const SIZES = {
  Phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  Tablet: { viewport: { width: 820, height: 1180 }, isMobile: true, hasTouch: true },
  Desktop: {},
};

/** What a browser is made of that calls itself so: options of `World.newPage`. */
export const browserOf = ({ device, userAgent }) => ({ ...SIZES[device], userAgent });

/** Chrome on an Android phone. */
export const PHONE = browserOf(agent('Browser', 'Phone', 'SM-G973F'));
/** WeChat on an Android phone. Its bridge comes with `/wechat/cashier/`. */
export const WECHAT = browserOf(agent('WeChat', 'Phone', 'MEIZU 20'));

/** A new order in this browser, showing this screen. */
export async function opened(world, screen, { wish, ...options } = {}) {
  const order = await world.sandbox.newOrder(wish);
  const cashier = await world.openCashier(order, { ...PHONE, ...options });
  await cashier.shows(screen);
  return { order, cashier, page: cashier.page, sandbox: world.sandbox };
}

/** The button of this name, whatever its words (`Tap::name` in src/core/event.rs). */
export const button = (page, tap) => page.locator(`.wc [data-tap="${tap}"]`);
export const press = (page, tap) => button(page, tap).click();

/** The ways that can be chosen: all but the one at hand. */
export const otherWays = (page) => page.locator('.wc-way[data-tap]');

/** Opens the ways where they are folded away, and gives what the other ones are called, the first first. */
export async function waysOf(page) {
  const ways = page.locator('details.wc-ways');
  if ((await ways.getAttribute('open')) === null) {
    await ways.locator('summary').click();
  }
  return otherWays(page).allInnerTexts();
}

/** Chooses another way to pay, by its name. */
export async function choose(page, name) {
  await waysOf(page);
  await otherWays(page).filter({ hasText: name }).click();
}

/** Requests for a payment so far. What is under way arrives first: the screen may say that it waits before the backend knows. */
export async function paymentRequests(cashier) {
  await cashier.settle();
  return (await cashier.log()).requests.filter(({ call }) => call === 'payment');
}

/** What can be paid for this order at the platform once what is under way has arrived. */
export async function payable(cashier) {
  await cashier.settle();
  return payableNow(cashier);
}

/** The same while an answer is held back. */
export async function payableNow({ sandbox, order }) {
  const { trades } = await sandbox.order(order);
  return trades.filter(({ trade_state: state }) => state === 'NOTPAY' || state === 'USERPAYING');
}

// ── The H5 middle page, and WeChat over it ───────────────────────────────────────────────────────────────────────────

export const MIDDLE_PAGE = /\/wx\.tenpay\.com\/cgi-bin\/mmpayweb-bin\/checkmweb\?/;

/** Taps "pay" and waits for WeChat's sheet over the middle page. */
export async function toWechat(page, tap = 'pay') {
  await press(page, tap);
  await page.waitForURL(MIDDLE_PAGE);
  await page.locator('[data-wechat="sheet"]').waitFor();
}

/** A button of WeChat's own: `pay`, `cancel`, `wrong-password`, `close`, `done`, `confirm`. */
export const inWechat = (page, name) => page.locator(`[data-wechat="${name}"]`).click();

/** Pays on WeChat's sheet and goes back to the page, as 完成 does. */
export async function payInWechat(page) {
  await inWechat(page, 'pay');
  await inWechat(page, 'done');
}

/** The page as it would be without this meta, or with other words in it. `html` may change the rest. */
export const rewritten = (change, headers = {}) => ({ page }) => page.route('**/cashier/?*', async (route) => {
  const response = await route.fetch();
  await route.fulfill({ response, headers: { ...response.headers(), ...headers }, body: change(await response.text()) });
});
