// WeChat's largest text, about 160 %, on phones (field problem 20; acceptance 7 of issue 3). Screens of a QR on a desk are in
// layout.test.mjs.

import assert from 'node:assert/strict';

import { growText, misfits, plainText } from './support/fit.mjs';
import { PLACES, reached } from './support/places.mjs';
import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 640 };

const named = (...starts) => Object.keys(PLACES).filter((name) => starts.some((start) => name.startsWith(start)));
const GROUPS = {
  'paying and coming back': named('pay', 'returned'),
  'the till': named('take-code', 'await'),
  'codes and other ways': named('scan', 'ways', 'trouble'),
  'what WeChat says': named('wechat'),
};

for (const lang of ['zh-CN', 'en']) {
  for (const [group, names] of Object.entries(GROUPS)) {
    behaviour(`on a phone nothing is cut or covered, all can be reached, also with text at 160 % (field problem 20): ${group}, ${lang}`, async (world) => {
      world.allow(FAILED_REQUESTS);
      const found = [];
      for (const name of names) {
        const { page } = await reached(world, PLACES[name], { lang, hasTouch: true, isMobile: true });
        const look = async (how) => found.push(...(await misfits(page)).map((what) => `${name}, ${how}: ${what}`));
        for (const size of [PHONE, SMALL]) {
          await page.setViewportSize(size);
          await look(`${size.width} px`);
          await growText(page, 1.6);
          await look(`${size.width} px, 160 %`);
          await plainText(page);
        }
        await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
        await look(`${SMALL.width} px, everything at 200 %`);
        const moving = await page.evaluate(() => document.getAnimations().length);
        if (moving > 0) {
          found.push(`${name}: something moves, which the payer does not want`);
        }
        await page.context().close();
      }
      assert.equal(found.join('\n'), '');
    });
  }
}

behaviour('every screen of the other ways is looked at', async () => {
  assert.deepEqual(Object.values(GROUPS).flat().sort(), Object.keys(PLACES).sort());
});

behaviour('a large amount and long words fit too, with text at 160 % (field problem 20)', async (world) => {
  const found = [];
  const wish = { value: 123_456_789, description: 'Weißer-Pfirsich-Oolong-Teebeutelgroßhandelspackung'.repeat(2) };
  for (const name of ['pay-h5', 'pay-ready', 'returned', 'take-code']) {
    const { page } = await reached(world, { ...PLACES[name], wish }, { hasTouch: true, isMobile: true });
    for (const size of [PHONE, SMALL]) {
      await page.setViewportSize(size);
      await growText(page, 1.6);
      found.push(...(await misfits(page)).map((what) => `${name}, ${size.width} px: ${what}`));
    }
    await page.context().close();
  }
  assert.equal(found.join('\n'), '');
});

behaviour('the 18 digits of a code can be read in the till\'s field, on a phone too', async (world) => {
  const { page } = await reached(world, PLACES['take-code'], { hasTouch: true, isMobile: true, viewport: PHONE });
  const field = page.locator('.wc-till input');
  await field.fill('134567890123456789');
  assert.equal(await field.evaluate((input) => input.scrollWidth <= input.clientWidth), true);
});
