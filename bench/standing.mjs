// What a page takes while the payer scans: of the main thread for ten seconds once its program is at work, and of memory after
// that, the heap of its scripts after a collection, and the memories of its wasm. Not in it: the code that the engine has made of
// either, buffers outside of the heap, the document's own nodes.

import { setTimeout as wait } from 'node:timers/promises';

import { inBrowser } from './visit.mjs';

/** After this the start is over. */
const SETTLED_MS = 2_000;
const AFTERWARDS_MS = 10_000;

/** Installed by `addInitScript`: keeps the memories of all instances. */
function keepMemories() {
  window.benchMemories = new Set();
  const keep = (instance) => {
    for (const value of Object.values(instance.exports)) {
      if (value instanceof WebAssembly.Memory) {
        window.benchMemories.add(value);
      }
    }
    return instance;
  };
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const before = WebAssembly[name];
    WebAssembly[name] = (...given) => before(...given).then((made) => {
      keep(made.instance ?? made);
      return made;
    });
  }
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, { construct: (made, given) => keep(Reflect.construct(made, given)) });
}

/** `{ heap, wasm }` in bytes, and `busy`: milliseconds of the processor's that the main thread has a second. */
export const standing = (server, page, profile) => inBrowser(server, page, profile, async ({ tab, cdp, url, done }) => {
  const measured = async (name) => (await cdp.send('Performance.getMetrics')).metrics.find((metric) => metric.name === name).value;
  await tab.goto(url, { waitUntil: 'commit' });
  await done();
  // Of the thread and not of the clock: what else the machine does is not in it.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await wait(SETTLED_MS);
  const before = await measured('TaskDuration');
  await wait(AFTERWARDS_MS);
  const busy = (await measured('TaskDuration') - before) * 1_000 / (AFTERWARDS_MS / 1_000);
  await cdp.send('HeapProfiler.collectGarbage');
  const heap = await measured('JSHeapUsedSize');
  const wasm = await tab.evaluate(() => [...window.benchMemories].reduce((total, { buffer }) => total + buffer.byteLength, 0));
  return { heap, wasm, busy };
}, [keepMemories]);
