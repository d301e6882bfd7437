// One test: one behaviour.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { World, closeBrowser } from './cashier.mjs';
import { Sandbox } from './sandbox.mjs';

export { Cashier, FAILED_REQUESTS, World, fault, holdClock, keepPagesForBack } from './cashier.mjs';

/** So long the program waits for the answer and for the picture that is drawn of it (src/embed/host.js). */
export const BEFORE_MAX_MS = 1_000;

/** The question about an order, whatever is in its query. */
export const ORDER = /\/api\/orders\/[^/?]+(\?|$)/;

/** Sandboxes that no test is using, by the folder that they serve. Nearly always one: tests of a file run one after the other. */
const idle = new Map();

after(() => Promise.all([closeBrowser(), ...[...idle.values()].map((sandbox) => sandbox.kill())]));

async function take({ dist }) {
  const sandbox = idle.get(dist);
  idle.delete(dist);
  await sandbox?.renew();
  return sandbox ?? Sandbox.start({ dist });
}

/**
 * A test of one behaviour. `body` gets a {@link World} and the test. What the browser complains of fails it, unless allowed.
 * `dist`: the folder that the sandbox serves as the page.
 */
export function behaviour(name, body, { timeout = 60_000, dist } = {}) {
  test(name, { timeout }, async (t) => {
    const world = new World(await take({ dist }));
    // Whatever a test that is given up is in the middle of ends then, with its own sandbox.
    const end = () => world.end();
    t.signal.addEventListener('abort', end);
    try {
      await body(world, t);
      assert.deepEqual(world.complaints(), [], 'the browser complained');
      await world.close();
      if (idle.has(dist)) {
        await world.sandbox.kill(); // this test was given up meanwhile, and another began
      } else {
        idle.set(dist, world.sandbox);
      }
    } catch (error) {
      await world.end();
      throw error;
    } finally {
      t.signal.removeEventListener('abort', end); // it comes after every test
    }
  });
}
