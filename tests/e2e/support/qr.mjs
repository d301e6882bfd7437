// Reading a QR off a screenshot, by a decoder that is not ours.

import { isDeepStrictEqual } from 'node:util';

import jsqr from 'jsqr';
import { PNG } from 'pngjs';

/**
 * The text of the QR in a PNG, or null. Codes that are light on dark are not read: phones do not all read them either. The
 * decoder may take other shapes for a code that says nothing, and that is none.
 */
export function decode(png) {
  const { data, width, height } = PNG.sync.read(png);
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  return jsqr(pixels, width, height, { inversionAttempts: 'dontInvert' })?.data || null;
}

/** So much around a code is on the picture: more than a decoder needs of quiet, and whatever lies over its edge. */
const AROUND_PX = 40;

/**
 * What the page shows as a picture, read. Where there is one code, the picture is of its place in the window: to search the
 * `whole` window takes the decoder ten times as long. A code that has moved meanwhile, as by a style sheet that came late, is not
 * in the picture: it is taken of where the code is then.
 */
export async function readQrFromScreenshot(page, { whole = false } = {}) {
  await finishAnimations(page);
  if (whole) {
    return decode(await page.screenshot());
  }
  for (let clip = await placeOfCode(page), now; ; clip = now) {
    const picture = await page.screenshot({ clip });
    now = await placeOfCode(page);
    if (isDeepStrictEqual(now, clip)) {
      return decode(picture);
    }
  }
}

/** Where in the window the page's one code is, and some room around it. */
async function placeOfCode(page) {
  const codes = page.locator('[data-qr]');
  const box = (await codes.count()) === 1 ? await codes.boundingBox() : null;
  if (!box) {
    return undefined;
  }
  const window = page.viewportSize();
  const [left, top] = [box.x, box.y].map((start) => Math.max(0, Math.floor(start - AROUND_PX)));
  const width = Math.min(window.width, Math.ceil(box.x + box.width + AROUND_PX)) - left;
  const height = Math.min(window.height, Math.ceil(box.y + box.height + AROUND_PX)) - top;
  return width > 0 && height > 0 ? { x: left, y: top, width, height } : undefined;
}

/** Runs every animation that has an end to its end; those without are stopped at this time of theirs. */
export function finishAnimations(page, endlessAtMs = 0) {
  return page.evaluate((endlessAtMs) => {
    for (const animation of document.getAnimations()) {
      if (animation.effect.getComputedTiming().endTime === Infinity) {
        animation.pause();
        animation.currentTime = endlessAtMs;
      } else {
        animation.finish();
      }
    }
  }, endlessAtMs);
}
