// One visit to a page, in a browser that has never been there.

import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';

import { FLAGS, chromiumPath } from '../tests/e2e/support/cashier.mjs';
import { decode } from '../tests/e2e/support/qr.mjs';
import { CODE, ORDER } from './order.mjs';
import { Traffic } from './traffic.mjs';
import { watch } from './watch.mjs';

const VIEWPORT = { width: 1280, height: 800 };
const PATIENCE_MS = 60_000;
/** How long after the last thing awaited long tasks and shifts still count. */
const AFTERWARDS_MS = 1_000;

/** Runs `body` with a page, its DevTools session and its address, in a browser of its own. `before`: scripts to run in it first. */
export async function inBrowser({ ports, spkiHash }, page, profile, body, before = []) {
  const browser = await chromium.launch({
    executablePath: process.env.HEADLESS_SHELL || chromiumPath(),
    args: [...FLAGS, `--ignore-certificate-errors-spki-list=${spkiHash}`],
  });
  try {
    const context = await browser.newContext({ viewport: VIEWPORT, locale: 'zh-CN' });
    await context.addInitScript(watch, page.sign);
    for (const script of before) {
      await context.addInitScript(script);
    }
    const tab = await context.newPage();
    const cdp = await context.newCDPSession(tab);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: profile.cpu });
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', { name: 'benchDone' });
    const done = new Promise((resolve) => cdp.once('Runtime.bindingCalled', resolve));
    const url = `https://127.0.0.1:${ports[profile.name]}/${page.name}/?order=${ORDER}`;
    return await body({ browser, tab, cdp, url, done: () => within(PATIENCE_MS, done, tab, page) });
  } finally {
    await browser.close();
  }
}

/** What a first visit comes to. */
export const visit = (server, page, profile) => inBrowser(server, page, profile, async ({ tab, cdp, url, done }) => {
  const traffic = new Traffic(cdp);
  await cdp.send('Network.enable');
  await tab.goto(url, { waitUntil: 'commit' });
  await done();
  await wait(AFTERWARDS_MS);
  const { origin, seen, paint } = await tab.evaluate(() => ({
    origin: performance.timeOrigin, seen: window.benchSeen, paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
  }));
  const code = decode(await tab.screenshot());
  if (code !== CODE) {
    throw new Error(`${page.name} shows ${code === null ? 'no code' : code}`);
  }
  const long = (tasks) => tasks.map(([, duration]) => duration);
  const before = long(seen.tasks.filter(([start]) => start < seen.qr));
  const all = long(seen.tasks);
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  return {
    qr: seen.qr, paint, work: seen.work, ...traffic.until(origin + seen.qr),
    tasksBefore: sum(before), tasks: sum(all), tasksCount: all.length, longest: Math.max(0, ...all), shift: seen.shift,
  };
});

async function within(ms, promise, tab, page) {
  const timer = new AbortController();
  const late = wait(ms, undefined, { signal: timer.signal }).then(async () => {
    throw new Error(`${page.name}: not within ${ms} ms; ${JSON.stringify(await tab.evaluate(() => window.benchSeen))}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => {});
    timer.abort();
  }
}
