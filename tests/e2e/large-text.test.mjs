// WeChat's largest text, about 160 %, on phones (field problem 20).

import assert from 'node:assert/strict';

import { looked } from './support/fit.mjs';
import { hall, pictures, tour } from './support/gallery.mjs';
import { PLACES, reached } from './support/places.mjs';
import { behaviour } from './support/test.mjs';

const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 640 };
const TOUCH = { hasTouch: true, isMobile: true };

/** What is wrong with what the page shows at its size, with large text, and, if `doubled`, with everything twice as large. */
function look(fit, { how, doubled }) {
  const wrong = (more) => fit.misfits().map((what) => `${how}${more}: ${what}`);
  const found = wrong('');
  fit.grow(1.6);
  found.push(...wrong(', 160 %'));
  fit.plain();
  if (doubled) {
    document.documentElement.style.fontSize = '200%';
    found.push(...wrong(', everything at 200 %'));
    document.documentElement.style.fontSize = '';
  }
  return found;
}

for (const lang of ['zh-CN', 'en']) {
  behaviour(`on a phone nothing is cut or covered on any screen in the gallery, all can be reached, also with text at 160 % (field problem 20), ${lang}`, async (world) => {
    const page = await hall(world, 'page', { ...TOUCH, viewport: PHONE });
    const found = [];
    for (const size of [PHONE, SMALL]) {
      await page.setViewportSize(size);
      const argument = { how: `${size.width} px`, doubled: size === SMALL };
      found.push(...(await tour(page, pictures('page', lang), look, { lang, argument })));
    }
    assert.equal(found.join('\n'), '');
  }, { timeout: 120_000 });
}

behaviour('on a live phone nothing is cut or covered, with text at 160 % (field problem 20)', async (world) => {
  const { page } = await reached(world, PLACES['ways-open'], { ...TOUCH, viewport: SMALL });
  assert.deepEqual(await looked(page, look, { how: 'ways-open' }), []);
});

behaviour('the 18 digits of a code can be read in the till\'s field, on a phone too', async (world) => {
  const { page } = await reached(world, PLACES['take-code'], { ...TOUCH, viewport: PHONE });
  const field = page.locator('.wc-till input');
  await field.fill('134567890123456789');
  assert.equal(await field.evaluate((input) => input.scrollWidth <= input.clientWidth), true);
});
