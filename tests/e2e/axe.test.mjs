// axe-core finds nothing on any screen: on the hosted page, in an element in a shop's page, on a counter; light and dark.

import assert from 'node:assert/strict';
import { after } from 'node:test';

import { judge } from './support/axe.mjs';
import { DESK } from './support/desk.mjs';
import { inElement, shopFolder } from './support/embedded.mjs';
import { LAYOUTS, hall, pictures } from './support/gallery.mjs';
import { reached } from './support/places.mjs';
import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

const COUNTER = { width: 1920, height: 1080 };

/** What a look, which takes `{ coloursOnly }`, finds wrong in both themes. */
async function wrong(page, look) {
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const what = await look({ coloursOnly: colorScheme === 'dark' });
    found.push(...what.map((what) => `${colorScheme}, ${what}`));
  }
  return found;
}

for (const layout of LAYOUTS) {
  behaviour(`axe has nothing to say about any screen in the gallery, ${layout}`, async (world) => {
    const page = await hall(world, layout, layout === 'counter' ? { viewport: COUNTER } : {});
    const { tour } = await judge(page);
    const found = await wrong(page, (how) => tour(pictures(layout), how));
    assert.equal(found.join('\n'), '');
  }, { timeout: 180_000 });
}

behaviour('axe says so when something is wrong with a screen in the gallery', async (world) => {
  for (const layout of LAYOUTS) {
    const page = await hall(world, layout);
    const [name, html] = pictures(layout).find(([name]) => name === 'scan');
    const { tour } = await judge(page);
    const spoilt = [[name, html.replace('wc-title"', 'wc-title" style="color: #888; background: #999"')]];
    const found = (await wrong(page, (how) => tour(spoilt, how))).join('\n');
    assert.match(found, /light, scan, color-contrast: [^]*dark, scan, color-contrast: /);
  }
});

const panel = await shopFolder();
const counter = await shopFolder({ layout: 'counter' });
after(() => Promise.all([panel.remove(), counter.remove()]));

// Live: the document around a cashier, and what is drawn where there is no program.
for (const [layout, names, options] of [
  ['page', ['scan', 'trouble-no-order', 'boot-unreachable'], {}],
  ['panel', ['scan', 'boot-unreachable'], { dist: panel.folder }],
  ['counter', ['scan'], { dist: counter.folder, viewport: COUNTER }],
]) {
  const { dist, viewport } = options;
  behaviour(`axe has nothing to say about a live page, ${layout}`, async (world) => {
    world.allow(FAILED_REQUESTS);
    const found = [];
    for (const name of names) {
      const { page } = await reached(world, dist ? inElement(DESK[name]) : DESK[name], viewport && { viewport });
      assert.equal(await page.locator('wechat-cashier').count(), dist ? 1 : 0, `${name} is where it should be`);
      const { look } = await judge(page);
      found.push(...(await wrong(page, look)).map((what) => `${name}, ${what}`));
      await page.context().close();
    }
    assert.equal(found.join('\n'), '');
  }, { dist });
}
