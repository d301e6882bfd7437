// axe-core finds nothing on any screen: on the hosted page, in an element in a shop's page, on a counter; light and dark.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after } from 'node:test';

import { judge } from './support/axe.mjs';
import { DESK } from './support/desk.mjs';
import { inElement, shopFolder } from './support/embedded.mjs';
import { PLACES, reached } from './support/places.mjs';
import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

const panel = await shopFolder();
const counter = await shopFolder({ layout: 'counter' });
after(() => Promise.all([panel.remove(), counter.remove()]));

const ALL = { ...DESK, ...PLACES };
const inside = (places) => Object.fromEntries(Object.entries(places).map(([name, place]) => [name, inElement(place)]));
const without = (places, ...names) => Object.fromEntries(Object.entries(places).filter(([name]) => !names.includes(name)));

/** Nobody touches a counter's screen; what could be pressed may be out of sight. */
const havePaid = ({ page }) => page.locator('[data-tap="have-paid"]').evaluate((button) => button.click());
const COUNTER = {
  idle: { path: '/cashier/', reach: (cashier) => cashier.shows('idle') },
  ...inside(without(DESK, 'trouble-no-order', 'scan-not-received')),
  confirming: inElement({
    reach: async (cashier) => {
      await cashier.shows('scan');
      await havePaid(cashier);
      await cashier.shows('confirming');
    },
  }),
};

const LAYOUTS = {
  page: { places: ALL },
  // With no order an element shows the shop's own content.
  panel: { places: inside(without(ALL, 'trouble-no-order')), dist: panel.folder },
  counter: { places: COUNTER, dist: counter.folder, viewport: { width: 1920, height: 1080 } },
};

/** So many screens are looked at in one test. */
const GROUP = 6;
const seen = {};

for (const [layout, { places, dist, viewport }] of Object.entries(LAYOUTS)) {
  const names = Object.keys(places);
  seen[layout] = new Set();
  for (let start = 0; start < names.length; start += GROUP) {
    const group = names.slice(start, start + GROUP);
    behaviour(`axe has nothing to say, ${layout}: ${group.join(', ')}`, async (world) => {
      world.allow(FAILED_REQUESTS);
      const found = [];
      for (const name of group) {
        const { page } = await reached(world, places[name], viewport && { viewport });
        seen[layout].add(await page.locator('.wc, .boot-trouble').first().getAttribute('data-screen'));
        assert.equal(await page.locator('wechat-cashier').count(), dist ? 1 : 0, `${name} is where it should be`);
        const judged = await judge(page);
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          found.push(...(await judged()).map((what) => `${name}, ${colorScheme}: ${what}`));
        }
        await page.context().close();
      }
      assert.equal(found.join('\n'), '');
    }, { timeout: 120_000, dist });
  }
}

behaviour('no screen is left out', async () => {
  const source = await readFile(new URL('../../src/core/screen.rs', import.meta.url), 'utf8');
  const [, match] = /fn name\(&self\)[^]*?match self \{([^]*?)\n {8}\}/.exec(source);
  const screens = [...match.matchAll(/=> "([a-z-]+)"/g)].map(([, name]) => name);
  const missing = (layout, ...elsewhere) => screens.filter((name) => !seen[layout].has(name) && !elsewhere.includes(name));
  assert.deepEqual(missing('page', 'idle'), []);
  assert.deepEqual(missing('panel', 'idle'), []);
  assert.deepEqual(missing('counter', 'pay', 'returned', 'take-code', 'await-payer'), []);
});
