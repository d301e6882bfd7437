// What a page holds ten seconds after its program is at work: the heap of its scripts after a collection, and the memories of its
// wasm. Not in it: the code that the engine has made of either, buffers outside of the heap, the document's own nodes.

import { setTimeout as wait } from 'node:timers/promises';

import { inBrowser } from './visit.mjs';

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

/** `{ heap, wasm }` in bytes. */
export const memory = (server, page, profile) => inBrowser(server, page, profile, async ({ tab, cdp, url, done }) => {
  await tab.goto(url, { waitUntil: 'commit' });
  await done();
  await wait(AFTERWARDS_MS);
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('Performance.enable');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize').value;
  const wasm = await tab.evaluate(() => [...window.benchMemories].reduce((total, { buffer }) => total + buffer.byteLength, 0));
  return { heap, wasm };
}, [keepMemories]);
