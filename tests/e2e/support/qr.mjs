// Reading a QR off a screenshot, by a decoder that is not ours.

import jsqr from 'jsqr';
import { PNG } from 'pngjs';

/** The text of the QR in a PNG, or null. Codes that are light on dark are not read: phones do not all read them either. */
export function decode(png) {
  const { data, width, height } = PNG.sync.read(png);
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  return jsqr(pixels, width, height, { inversionAttempts: 'dontInvert' })?.data ?? null;
}

/** What the page shows as a picture, read. */
export async function readQrFromScreenshot(page) {
  await finishAnimations(page);
  return decode(await page.screenshot());
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
