// What hangs in the gallery is what the program draws: one live screen of each build, beside its picture.

import assert from 'node:assert/strict';

import { DESK } from './support/desk.mjs';
import { bones, hall, hang, pictures } from './support/gallery.mjs';
import { PLACES, reached } from './support/places.mjs';
import { FAILED_REQUESTS, behaviour } from './support/test.mjs';

/** A picture, and the screen that it is of. */
const PAIRS = {
  scan: DESK.scan,
  'scan-offline': DESK['scan-offline'],
  'pay-ready': PLACES['pay-h5'],
  returned: PLACES.returned,
  'take-code': PLACES['take-code'],
  'take-code-malformed': PLACES['take-code-malformed'],
  confirming: DESK.confirming,
  'expired-renewable': DESK['code-expired'],
  closed: DESK.closed,
  'trouble-amount_changed': DESK['trouble-amount-changed'],
  'trouble-upstream_unavailable': DESK['trouble-upstream'],
};

behaviour('the pictures in the gallery are what the program draws', async (world) => {
  world.allow(FAILED_REQUESTS);
  const gallery = await hall(world, 'page');
  const all = Object.fromEntries(pictures('page'));
  for (const [name, place] of Object.entries(PAIRS)) {
    const { page } = await reached(world, place);
    await hang(gallery, all[name]);
    assert.equal(await bones(page), await bones(gallery), name);
    await page.context().close();
  }
}, { timeout: 120_000 });
