// Put in and taken out again and again, a cashier leaves nothing behind: no timer, no listener, no request, no node, no memory.

import assert from 'node:assert/strict';

import { behaviour } from './support/test.mjs';
import { attributes, openShop } from './support/shop.mjs';

/** In every such round the code is waited for; in the others the element goes at some earlier moment. */
const SHOWN_EVERY = 5;
/** Each other round goes after so many turns, from none to one less. */
const MOMENTS = 7;
/** By then everything that is made once is made, and the engine knows what it is to compile: each kind of round was there twice. */
const WARM = 2 * SHOWN_EVERY * MOMENTS;
/**
 * Twice as many again. What is counted is counted one by one, so that a single one too many is seen. The program's memory
 * grows by 64 KB at a time: 0.5 KB left behind by each round, or 2.3 KB by each that was shown, is seen.
 */
const ROUNDS = 3 * WARM;
/** The engine's own caches come and go: so much is their noise. */
const HEAP_MAX = 600_000;

/** Counts what is alive, by watching who asks the browser for it. Runs before the page's own scripts. */
function count() {
  const timers = new Set();
  const listeners = new Set();
  const requests = new Set();
  const memories = [];
  window.alive = () => ({
    timers: timers.size, requests: requests.size, listeners: [...listeners].map((key) => key.split(' ')[1]).sort(),
    memory: memories.map(({ buffer }) => buffer.byteLength),
  });

  const { setTimeout, setInterval, fetch, EventSource } = window;
  window.setTimeout = (task, ...rest) => {
    const id = setTimeout((...all) => {
      timers.delete(id);
      task(...all);
    }, ...rest);
    timers.add(id);
    return id;
  };
  window.setInterval = (...all) => {
    const id = setInterval(...all);
    timers.add(id);
    return id;
  };
  for (const name of ['clearTimeout', 'clearInterval']) {
    const clear = window[name];
    window[name] = (id) => {
      timers.delete(id);
      clear(id);
    };
  }

  const numbers = new WeakMap();
  const numberOf = (listener) => numbers.get(listener) || (numbers.set(listener, Math.random()), numbers.get(listener));
  for (const target of [window, document]) {
    const { addEventListener, removeEventListener } = target;
    const key = (name, listener, options) => {
      return [target === window ? 'window' : 'document', name, numberOf(listener), Boolean(options && (options.capture ?? options === true))].join(' ');
    };
    target.addEventListener = (name, listener, options) => {
      if (listener) listeners.add(key(name, listener, options));
      addEventListener.call(target, name, listener, options);
    };
    target.removeEventListener = (name, listener, options) => {
      if (listener) listeners.delete(key(name, listener, options));
      removeEventListener.call(target, name, listener, options);
    };
  }

  window.fetch = async (...all) => {
    const request = {};
    requests.add(request);
    try {
      return await fetch(...all);
    } finally {
      requests.delete(request);
    }
  };
  window.EventSource = class extends EventSource {
    constructor(...all) {
      super(...all);
      requests.add(this);
    }

    close() {
      requests.delete(this);
      super.close();
    }
  };

  const { instantiate, Memory } = WebAssembly;
  WebAssembly.instantiate = async (...all) => {
    const made = await instantiate(...all);
    const { exports } = made.instance || made;
    memories.push(...Object.values(exports).filter((value) => value instanceof Memory));
    return made;
  };
}

/** How many elements there still are. The list of them that the browser hands out holds each of them, until it is given back. */
async function elementsLeft(cdp) {
  const objectGroup = 'elements';
  const { result: { objectId: prototypeObjectId } } = await cdp.send('Runtime.evaluate', {
    expression: 'customElements.get("wechat-cashier").prototype', objectGroup,
  });
  const { objects } = await cdp.send('Runtime.queryObjects', { prototypeObjectId, objectGroup });
  const { result } = await cdp.send('Runtime.callFunctionOn', {
    objectId: objects.objectId, functionDeclaration: 'function () { return this.length; }', returnByValue: true,
  });
  await cdp.send('Runtime.releaseObjectGroup', { objectGroup });
  return result.value;
}

/** So often a page that has lost nothing has always been done with. More only makes a leak's failure late. */
const TRIES = 30;

/**
 * What the browser itself knows of, after everything that can go has gone. On a busy machine a collection may come too early for
 * what a task of the browser's still has in hand, and the page's own scripts cannot know of that. So it is done when no element is
 * left, which each look collects for.
 */
async function collected(page, cdp) {
  for (let tries = 1; (await elementsLeft(cdp)) > 0 && tries < TRIES; tries += 1) {
    await page.evaluate(() => window.observed.turn());
  }
  await cdp.send('HeapProfiler.collectGarbage'); // what has been found to be garbage is counted until the next
  const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters');
  // The fallback's memory is an array, which is kept beside the heap.
  const { usedSize, backingStorageSize } = await cdp.send('Runtime.getHeapUsage');
  return { nodes, jsEventListeners, heap: usedSize + backingStorageSize };
}

/** Mounts and unmounts, from this round to that. Some are shown; the others go at once, or a turn or some turns later. */
const rounds = (page, html, from, to) => page.evaluate(async ([html, from, to, shownEvery, moments]) => {
  const place = document.querySelector('main');
  const turn = () => new Promise((resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (port1.close(), resume());
    port2.postMessage(0);
  });
  for (let round = from; round < to; round += 1) {
    const template = document.createElement('template');
    template.innerHTML = html;
    const element = template.content.firstElementChild;
    const shown = round % shownEvery === 0 && new Promise((resume) => {
      element.addEventListener('cashier-status', ({ detail }) => detail.screen === 'scan' && resume());
    });
    place.append(element);
    await shown;
    for (let turns = round % moments; turns > 0; turns -= 1) {
      await turn();
    }
    element.remove();
    await turn();
  }
  // What was under way when the last went has its end.
  const mark = performance.now();
  while (window.alive().requests > 0 && performance.now() - mark < 5_000) {
    await turn();
  }
}, [html, from, to, SHOWN_EVERY, MOMENTS]);

/** All that can be counted, after so many rounds and after all of them. */
async function stays(world, t, before) {
  const order = await world.sandbox.newOrder({ events: true });
  const page = await openShop(world, '<main></main>', { clock: false, before });
  const cdp = await page.context().newCDPSession(page);
  const html = `<wechat-cashier ${attributes(order)}><p>own</p></wechat-cashier>`;

  const look = async () => ({ ...(await page.evaluate(() => window.alive())), ...(await collected(page, cdp)) });
  await rounds(page, html, 0, WARM);
  const warm = await look();
  await rounds(page, html, WARM, ROUNDS);
  const end = await look();
  t.diagnostic(`after ${WARM}: ${JSON.stringify(warm)}; after ${ROUNDS}: ${JSON.stringify(end)}`);

  assert.equal(end.timers, 0, 'timers');
  assert.equal(end.requests, 0, 'requests');
  assert.deepEqual(end.listeners, [], 'listeners on the window and the document');
  assert.equal(await elementsLeft(cdp), 0, 'elements');
  assert.ok(end.nodes <= warm.nodes, `nodes: ${warm.nodes}, then ${end.nodes}`);
  assert.ok(end.jsEventListeners <= warm.jsEventListeners, `listeners of any kind: ${warm.jsEventListeners}, then ${end.jsEventListeners}`);
  assert.ok(end.heap - warm.heap < HEAP_MAX, `heap: ${warm.heap}, then ${end.heap}`);
  assert.deepEqual(end.memory, warm.memory, 'memory of the wasm');
  return end;
}

behaviour(`${ROUNDS} times put in and taken out: no timer, listener, request, node or memory is left`, async (world, t) => {
  const { memory } = await stays(world, t, (page) => page.addInitScript(count));
  assert.equal(memory.length, 1, 'one program for all');
}, { timeout: 180_000 });

behaviour(`${ROUNDS} times put in and taken out without WebAssembly: nothing is left either`, async (world, t) => {
  const { memory } = await stays(world, t, async (page) => {
    await page.addInitScript(count);
    await page.addInitScript(() => delete window.WebAssembly);
  });
  assert.equal(memory.length, 0);
}, { timeout: 180_000 });
