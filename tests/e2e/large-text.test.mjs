// WeChat's largest text, about 160 %, on phones (field problem 20).

import assert from 'node:assert/strict';

import { growText, misfits, plainText } from './support/fit.mjs';
import { hall, hang, pictures } from './support/gallery.mjs';
import { PLACES, reached } from './support/places.mjs';
import { behaviour } from './support/test.mjs';

const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 640 };
const TOUCH = { hasTouch: true, isMobile: true };

/** What is wrong with what this page shows at its size, also with large text. */
async function look(page, how) {
  const found = (await misfits(page)).map((what) => `${how}: ${what}`);
  await growText(page, 1.6);
  found.push(...(await misfits(page)).map((what) => `${how}, 160 %: ${what}`));
  await plainText(page);
  return found;
}

for (const lang of ['zh-CN', 'en']) {
  behaviour(`on a phone nothing is cut or covered on any screen in the gallery, all can be reached, also with text at 160 % (field problem 20), ${lang}`, async (world) => {
    const page = await hall(world, 'page', { ...TOUCH, viewport: PHONE });
    const found = [];
    for (const size of [PHONE, SMALL]) {
      await page.setViewportSize(size);
      for (const [name, html] of pictures('page', lang)) {
        await hang(page, html, lang);
        found.push(...(await look(page, `${name}, ${size.width} px`)));
        if (size === SMALL) {
          await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
          found.push(...(await misfits(page)).map((what) => `${name}, ${size.width} px, everything at 200 %: ${what}`));
          await page.evaluate(() => (document.documentElement.style.fontSize = ''));
        }
      }
    }
    assert.equal(found.join('\n'), '');
  }, { timeout: 120_000 });
}

behaviour('on a live phone nothing is cut or covered, with text at 160 % (field problem 20)', async (world) => {
  const { page } = await reached(world, PLACES['ways-open'], { ...TOUCH, viewport: SMALL });
  assert.deepEqual(await look(page, 'ways-open'), []);
});

behaviour('the 18 digits of a code can be read in the till\'s field, on a phone too', async (world) => {
  const { page } = await reached(world, PLACES['take-code'], { ...TOUCH, viewport: PHONE });
  const field = page.locator('.wc-till input');
  await field.fill('134567890123456789');
  assert.equal(await field.evaluate((input) => input.scrollWidth <= input.clientWidth), true);
});
