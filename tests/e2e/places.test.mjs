// What a place does to the looks: low and narrow windows, words from right to left, kernels that do not know a unit, pictures that
// do not come.

import assert from 'node:assert/strict';

import { hall, hang, pictures } from './support/gallery.mjs';
import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

const ALL = Object.fromEntries(pictures('page', 'en'));
const SIZES = [[667, 375], [740, 360], [300, 420], [375, 667], [320, 568], [360, 640], [568, 320], [640, 400], [1024, 600]];

const size = ([width, height]) => ({ width, height });
const end = (page, selector) => page.locator(selector).evaluate((element) => Math.round(element.getBoundingClientRect().bottom));

/** A description that would fill a phone. */
const wordy = (html) => html.replace(/(<p class="wc-description"[^>]*>)[^<]*/, (all, start) =>
  `<details class="wc-description" data-long=""><summary>${start.replace(' class="wc-description"', '')}${'Oolong tea from the high mountains. '.repeat(12)}</p></summary></details>`).replace(/<\/summary><\/details><\/p>/, '</summary></details>');

behaviour('the QR is whole in low and narrow windows, also under a long description', async (world) => {
  const page = await hall(world, 'page');
  for (const html of [ALL.scan, wordy(ALL.scan)]) {
    await hang(page, html, 'en');
    for (const place of SIZES) {
      await page.setViewportSize(size(place));
      assert.ok(await end(page, '.wc-qr svg') <= place[1], `${place.join('x')}: ${await end(page, '.wc-qr svg')}`);
    }
  }
  const description = page.locator('details.wc-description');
  const low = await description.evaluate((element) => element.getBoundingClientRect().height);
  await description.locator('summary').click();
  assert.ok(await description.evaluate((element) => element.getBoundingClientRect().height) > 2 * low, 'all of it under a finger');
});

behaviour('the way back to the shop is seen without scrolling', async (world) => {
  const page = await hall(world, 'page');
  await hang(page, ALL.paid, 'en');
  for (const place of SIZES) {
    await page.setViewportSize(size(place));
    assert.ok(await end(page, 'a.wc-button') <= place[1], `${place.join('x')}: ${await end(page, 'a.wc-button')}`);
  }
});

behaviour('what is beside another thing keeps its gap when words run from right to left', async (world) => {
  const page = await hall(world, 'page');
  const gaps = () => page.locator('.wc').evaluate((card) => {
    const between = (a, b) => {
      const [one, other] = [a, b].map((selector) => card.querySelector(selector).getBoundingClientRect());
      return Math.round(Math.max(one.left - other.right, other.left - one.right));
    };
    return [between('p.wc-logo', '.wc-name'), between('.wc-clock p', '.wc-digits'), between('.wc-way svg', '.wc-way p')];
  });
  await hang(page, ALL['scan-ways-open'], 'en');
  const before = await gaps();
  assert.ok(before.every((gap) => gap >= 4), before.join());
  await page.locator('.wc').evaluate((card) => { card.dir = 'rtl'; });
  assert.deepEqual(await gaps(), before);
});

behaviour('a counter fills its screen, with nothing of the page beside it', async (world) => {
  const page = await hall(world, 'page', { viewport: { width: 1280, height: 800 } });
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).scrollbarGutter), 'auto');
});

behaviour('an upright counter writes the amount as large where no unit of containers is known', async (world) => {
  const page = await hall(world, 'counter', { viewport: { width: 1080, height: 1920 } });
  const [[, html]] = pictures('counter').filter(([name]) => name === 'scan');
  await hang(page, html);
  const font = () => page.locator('.wc-amount').evaluate((amount) => parseFloat(getComputedStyle(amount).fontSize));
  const now = await font();
  const css = await page.evaluate(async () => (await fetch('counter.css')).text());
  assert.match(css, /cqi/);
  await page.evaluate((text) => {
    const root = document.querySelector('wechat-cashier').shadowRoot;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.querySelector('link[href*="counter"]').disabled = true;
    root.adoptedStyleSheets = [sheet];
  }, css.replace(/font-size:min\([^;}]*cqi[^;}]*(?=[;}])/g, ''));
  const before105 = await font();
  assert.ok(before105 > 0.75 * now && before105 < 1.25 * now, `${before105} in place of ${now}`);
});

for (const [name, answer] of Object.entries({
  'is not there': (route) => route.fulfill({ status: 404 }),
  'is a page': (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Log in</h1>' }),
  'is empty': (route) => route.fulfill({ contentType: 'image/png', body: '' }),
  'is refused by the network': (route) => route.abort(),
})) {
  behaviour(`a logo and an icon that ${name} give way to the letter and the sign`, async (world) => {
    world.allow(FAILED_REQUESTS);
    const order = await world.sandbox.newOrder();
    const cashier = await world.openCashier(order, { before: ({ page }) => page.route(/\.svg(\?|$)/, answer) });
    await cashier.shows('scan');
    const { page } = cashier;
    await page.locator('.wc-ways summary').click();
    assert.equal(await page.locator('.wc img:visible').count(), 0);
    assert.equal(await page.locator('p.wc-logo:visible').count(), 1);
    assert.equal(await page.locator('.wc-way svg:visible').count(), await page.locator('.wc-way').count());
  });
}

behaviour('the letter stands until the logo has loaded, and the logo then', async (world) => {
  const held = [];
  const order = await world.sandbox.newOrder();
  const cashier = await world.openCashier(order, { before: ({ page }) => page.route(/logo\.svg/, (route) => held.push(route)) });
  await cashier.shows('scan');
  const { page } = cashier;
  assert.deepEqual([await page.locator('p.wc-logo').isVisible(), await page.locator('img.wc-logo').isVisible()], [true, false]);
  await Promise.all(held.map((route) => route.continue()));
  await page.locator('img.wc-logo[data-loaded]').waitFor();
  assert.deepEqual([await page.locator('p.wc-logo').isVisible(), await page.locator('img.wc-logo').isVisible()], [false, true]);
});
