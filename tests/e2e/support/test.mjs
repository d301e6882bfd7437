// One test: one behaviour.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { World, closeBrowser } from './cashier.mjs';
import { Sandbox } from './sandbox.mjs';

export { Cashier, FAILED_REQUESTS, World, fault, holdClock, keepPagesForBack } from './cashier.mjs';

after(closeBrowser);

/**
 * A test of one behaviour. `body` gets a {@link World} and the test. What the browser complains of fails it, unless allowed.
 * `sandbox`: how the sandbox is started.
 */
export function behaviour(name, body, { timeout = 60_000, ...sandbox } = {}) {
  test(name, { timeout }, async (t) => {
    const world = new World(await Sandbox.start(sandbox));
    try {
      await body(world, t);
      assert.deepEqual(world.complaints(), [], 'the browser complained');
    } finally {
      await world.end();
    }
  });
}
