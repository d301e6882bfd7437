// The drawn code is read off screenshots by a decoder that is not ours, wherever and however it is drawn.

import assert from 'node:assert/strict';
import { PNG } from 'pngjs';

import { behaviour } from './support/test.mjs';
import { finishAnimations } from './support/qr.mjs';

const WIDTHS = { 320: 640, 390: 844, 1280: 800, 1920: 1080 };
const SIDE_MIN = 220;

/** Where the QR is, its quiet zone included, in CSS pixels. */
const boxOfQr = (page) => page.locator('[data-qr]').evaluate((svg) => {
  const { x, y, width, height } = svg.getBoundingClientRect();
  return { x, y, side: Math.min(width, height), modules: svg.viewBox.baseVal.width };
});

for (const scale of [1, 2]) {
  for (const lang of ['zh-CN', 'zh-HK', 'en']) {
    behaviour(`the code is read at ${scale}×, ${lang}, light and dark, 320 to 1920 px wide, and is 220 px or more`, async (world) => {
      const { cashier, page } = await world.scanning({ scale, lang, wish: { lang }, reducedMotion: false });
      const code = await cashier.code();
      for (const theme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: theme });
        for (const [width, height] of Object.entries(WIDTHS)) {
          await page.setViewportSize({ width: Number(width), height });
          // Once by a decoder that does not know where to look.
          const whole = scale === 1 && lang === 'zh-CN' && theme === 'light';
          assert.equal(await cashier.readQr({ whole }), code, `${theme}, ${width} px`);
          const { side } = await boxOfQr(page);
          assert.ok(side >= SIDE_MIN, `${theme}, ${width} px: ${side} px`);
        }
      }
    });
  }
}

behaviour('the code is read with forced colours', async (world) => {
  const { cashier, page } = await world.scanning();
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    assert.equal(await cashier.readQr(), await cashier.code(), colorScheme);
  }
});

behaviour('in dark mode the four modules around the code are white', async (world) => {
  const { page } = await world.scanning({ theme: 'dark', scale: 2 });
  await finishAnimations(page);
  const { x, y, side, modules } = await boxOfQr(page);
  const inset = 3; // the rounded corner and the edge's half pixel
  const ring = PNG.sync.read(await page.screenshot({ clip: { x, y, width: side, height: side } }));
  const quiet = Math.floor((4 * ring.width) / modules) - inset;
  const corner = 32 + inset;
  let looked = 0;
  for (let row = 0; row < ring.height; row += 1) {
    for (let column = 0; column < ring.width; column += 1) {
      const [left, right, top, bottom] = [column, ring.width - 1 - column, row, ring.height - 1 - row];
      const edge = Math.min(left, right, top, bottom);
      const inCorner = Math.min(left, right) < corner && Math.min(top, bottom) < corner;
      if (edge >= inset && edge < quiet && !inCorner) {
        const at = 4 * (row * ring.width + column);
        assert.deepEqual([...ring.data.subarray(at, at + 3)], [255, 255, 255], `${column}, ${row}`);
        looked += 1;
      }
    }
  }
  assert.ok(looked > 10_000, `${looked} pixels`);
});

behaviour('a screen reader is told what the code is', async (world) => {
  const { page } = await world.scanning({ lang: 'en' });
  await page.getByRole('img', { name: 'QR code: Open WeChat and use Scan to pay' }).waitFor();
});
