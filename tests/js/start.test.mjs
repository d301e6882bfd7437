// How the program is started (src/embed/start.js), in a browser and a network of the test's own.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Trouble, imported, start } from '../../src/embed/start.js';
import { Browser, settled } from './support/counter.mjs';

const WASM = new URL('https://shop.example/cashier.wasm');
const AsWasm = class {};
const AsScript = class {};

const answer = (status, type = 'application/wasm') => ({
  ok: status === 200, status, headers: { get: () => type }, arrayBuffer: async () => new ArrayBuffer(8),
});
const refuse = (error) => () => {
  throw error;
};

/** A browser in which everything works, but for what `set` changes; and what was called of it. */
function world(set = () => {}) {
  const browser = new Browser();
  const called = [];
  const all = {
    browser,
    called,
    files: {
      wasm: WASM,
      glue: async () => ({ default: async ({ module_or_path: module }) => void called.push(`init ${module}`), Cashier: AsWasm }),
      fallback: async () => (called.push('fallback'), { default: async () => void called.push('init fallback'), Cashier: AsScript }),
    },
    answers: [answer(200)],
    WebAssembly: {
      Module: class {},
      Instance: class {},
      compileStreaming: async () => 'streamed',
      compile: async () => 'whole',
    },
  };
  set(all);
  browser.WebAssembly = all.WebAssembly;
  browser.fetch = async (_, { mode, credentials } = {}) => {
    called.push('fetch');
    all.asked = [mode, credentials];
    const next = all.answers.length > 1 ? all.answers.shift() : all.answers[0];
    if (next instanceof Error) {
      throw next;
    }
    return next;
  };
  return all;
}

/** What comes of it, once whatever is waited for has passed. */
async function outcome(set) {
  const all = world(set);
  const { browser, called, files } = all;
  const state = {};
  start(files).then((found) => (state.found = found), (error) => Object.assign(state, { error }));
  for (let index = 0; index < 8; index += 1) {
    await settled();
    await browser.pass(60_000);
  }
  assert.equal(browser.left().timers, 0);
  return { ...state, called, asked: all.asked };
}

const pays = async (set, Program = AsScript) => {
  const { found, error, called } = await outcome(set);
  assert.equal(error, undefined, String(error));
  assert.equal(found, Program);
  return called;
};

test('WebAssembly, and nothing of the fallback', async () => {
  assert.deepEqual(await pays(undefined, AsWasm), ['fetch', 'init streamed']);
});

test('where it cannot be compiled while it comes in, it is compiled whole', async () => {
  for (const set of [
    ({ WebAssembly }) => (WebAssembly.compileStreaming = undefined),
    ({ WebAssembly }) => (WebAssembly.compileStreaming = async () => refuse(new TypeError('wrong type'))()),
  ]) {
    assert.equal((await pays(set, AsWasm)).at(-1), 'init whole');
  }
});

test('the wasm is asked for as the page\'s head does, or from elsewhere so that the answer may be read', async () => {
  const asked = async (address) => (await outcome((all) => (all.files.wasm = new URL(address)))).asked;
  assert.deepEqual(await asked(WASM), ['no-cors', 'include']);
  assert.deepEqual(await asked('https://cdn.example/cashier.wasm'), [undefined, undefined]);
});

test('a redirect to another origin is followed so that the answer may be read', async () => {
  const called = await pays((all) => (all.answers = [answer(0, null), answer(200)]), AsWasm);
  assert.deepEqual(called, ['fetch', 'fetch', 'init streamed']);
});

const FORBIDDEN = {
  'there is no WebAssembly': (all) => (all.WebAssembly = undefined),
  'the module is refused, as in Chromium': ({ WebAssembly }) => (WebAssembly.Module = refuse(new WebAssemblyError('CompileError'))),
  'only the instance is refused, as in WebKit': ({ WebAssembly }) => (WebAssembly.Instance = refuse(new EvalError('Refused to create a WebAssembly object'))),
};
for (const [name, set] of Object.entries(FORBIDDEN)) {
  test(`${name}: the fallback, and no wasm is fetched`, async () => {
    assert.deepEqual(await pays(set), ['fallback', 'init fallback']);
  });
}

function WebAssemblyError(name) {
  return Object.assign(new Error(name), { name });
}

/** A glue whose start fails so. */
const initFails = (error) => ({ files }) => (files.glue = async () => ({ default: async () => refuse(error)(), Cashier: AsWasm }));
const FAILURES = {
  'it does not compile': ({ WebAssembly }) => {
    WebAssembly.compileStreaming = WebAssembly.compile = async () => refuse(WebAssemblyError('CompileError'))();
  },
  'an import is missing': initFails(WebAssemblyError('LinkError')),
  'there is no memory': initFails(new RangeError('WebAssembly.instantiate(): Out of memory')),
  'it traps when it starts': initFails(WebAssemblyError('RuntimeError')),
  'the browser refuses the instance later': initFails(new EvalError('Refused')),
  'the glue misses something of the browser': initFails(new TypeError('TextDecoder is not a constructor')),
  'the glue was cut off': ({ files }) => (files.glue = async () => refuse(new SyntaxError('Unexpected end'))()),
};
for (const [name, set] of Object.entries(FAILURES)) {
  test(`${name}: the fallback`, async () => {
    assert.equal((await pays(set)).at(-1), 'init fallback');
  });
}

test('neither runs: both reasons are said', async () => {
  for (const fallback of [
    async () => refuse(new SyntaxError('Unexpected token'))(),
    async () => ({ default: async () => refuse(new SyntaxError('Unexpected token'))() }),
  ]) {
    const { error } = await outcome((all) => {
      FAILURES['there is no memory'](all);
      all.files.fallback = fallback;
    });
    assert.ok(error instanceof Trouble);
    assert.equal(error.name, 'no_webassembly');
    assert.match(error.message, /Out of memory; then SyntaxError: Unexpected token/);
  }
});

test('a server that stumbles once is asked again, and pays', async () => {
  for (const first of [answer(503), answer(429), answer(500), new TypeError('Failed to fetch')]) {
    assert.deepEqual(await pays(({ answers }) => answers.unshift(first), AsWasm), ['fetch', 'fetch', 'init streamed']);
  }
  const broken = { ...answer(200), arrayBuffer: async () => refuse(new TypeError('network error'))() };
  const called = await pays((all) => {
    all.WebAssembly.compileStreaming = undefined;
    all.answers.unshift(broken);
  }, AsWasm);
  assert.equal(called.at(-1), 'init whole');
});

const fails = async (code, reason, fetches, set) => {
  const { error, called } = await outcome(set);
  assert.ok(error instanceof Trouble, String(error));
  assert.equal(error.name, code);
  assert.match(error.message, reason);
  assert.equal(called.filter((what) => what === 'fetch').length, fetches);
};

test('a wasm that is gone is said at once, and one that does not come after three tries', async () => {
  await fails('file_missing', /cashier\.wasm: 404/, 1, (all) => (all.answers = [answer(404)]));
  await fails('file_missing', /cashier\.wasm: 200 text\/html/, 1, (all) => (all.answers = [answer(200, 'text/html; charset=utf-8')]));
  await fails('file_unreachable', /cashier\.wasm: 503/, 3, (all) => (all.answers = [answer(503)]));
  await fails('file_unreachable', /cashier\.wasm: TypeError: Failed/, 3, (all) => (all.answers = [new TypeError('Failed to fetch')]));
});

test('a glue or a fallback that does not come: missing while there is a network', async () => {
  const gone = async () => refuse(new TypeError('Failed to fetch dynamically imported module'))();
  await fails('file_missing', /Failed to fetch/, 1, ({ files }) => (files.glue = gone));
  await fails('file_unreachable', /Failed to fetch/, 1, ({ files, browser }) => {
    browser.navigator.onLine = false;
    files.glue = gone;
  });
  await fails('file_missing', /Failed to fetch/, 0, (all) => {
    all.WebAssembly = undefined;
    all.files.fallback = gone;
  });
});

test('words that fail once are asked for again', async () => {
  const browser = new Browser();
  let calls = 0;
  const words = imported(async () => {
    calls += 1;
    return calls === 1 ? refuse(new TypeError('Failed to fetch dynamically imported module'))() : 'words';
  }, browser);
  await settled();
  await browser.pass(600);
  assert.equal(await words, 'words');
});
