// What is fetched when it is needed, and does not come at first (src/embed/fetched.js, sheet.js, standing.js).

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { again, delay } from '../../src/embed/fetched.js';
import { sheet } from '../../src/embed/sheet.js';
import { standing } from '../../src/embed/standing.js';
import { Browser, errorsOf, settled } from './support/counter.mjs';
import { dress } from '../../src/embed/counter/style.js';

const MISSING = new TypeError('Failed to fetch dynamically imported module');

/** Fails as often as this, and then gives what it has. */
const failing = (times, error = MISSING) => {
  const bring = async () => {
    bring.calls += 1;
    if (bring.calls <= times) {
      throw error;
    }
    return 'here';
  };
  bring.calls = 0;
  return bring;
};

/** Whether it is there by now, and what it is; and what stops it. */
function asked(bring, mayCome) {
  const state = {};
  const stop = again(bring, (value) => (state.value = value), (error) => (state.error = error), mayCome);
  return { state, stop };
}

test('what comes at once is asked for once, and nothing is left behind', async () => {
  const browser = new Browser();
  const bring = failing(0);
  const { state } = asked(bring);
  await settled();
  assert.equal(state.value, 'here');
  assert.deepEqual([bring.calls, browser.left().timers, browser.left().listeners], [1, 0, []]);
});

test('what fails once is asked for again after a while', async () => {
  const browser = new Browser();
  const bring = failing(2);
  const { state } = asked(bring);
  await settled();
  assert.equal(bring.calls, 1, 'not at once');
  await browser.pass(600);
  assert.equal(bring.calls, 2);
  await browser.pass(1200);
  assert.equal(state.value, 'here');
  assert.deepEqual([browser.left().timers, browser.left().listeners], [0, []]);
});

test('it gives up after so many tries, and not before', async () => {
  const browser = new Browser();
  const bring = failing(Infinity);
  const { state } = asked(bring);
  for (let index = 0; index < 5; index += 1) {
    await browser.pass(60_000);
  }
  assert.deepEqual([bring.calls, state.error], [3, MISSING]);
});

test('what can never come is not asked for again', async () => {
  const browser = new Browser();
  for (const error of [new SyntaxError('Unexpected token'), new Error('of its own'), null]) {
    const { state } = asked(failing(Infinity, error));
    await settled();
    assert.ok('error' in state);
    assert.equal(browser.left().timers, 0);
  }
});

test('webpack\'s own error for a file that did not come is one too', async () => {
  const browser = new Browser();
  const { state } = asked(failing(1, Object.assign(new Error('Loading chunk 1 failed'), { name: 'ChunkLoadError' })));
  await settled();
  await browser.pass(600);
  assert.equal(state.value, 'here');
});

for (const [name, happens] of [
  ['the network is back', (browser) => browser.fire('online')],
  ['the page is seen', (browser) => browser.sees('visible')],
]) {
  test(`asked for again as soon as ${name}`, async () => {
    const browser = new Browser();
    const bring = failing(1);
    const { state } = asked(bring);
    await settled();
    await browser.sees('hidden');
    assert.equal(bring.calls, 1);
    happens(browser);
    await settled();
    assert.equal(state.value, 'here');
    assert.deepEqual([browser.left().timers, browser.left().listeners], [0, []]);
  });
}

test('a rule of its own says whether it may come, and hears each failure with its number', async () => {
  const browser = new Browser();
  const heard = [];
  const { state } = asked(failing(Infinity), (error, failures) => {
    heard.push([error, failures]);
    return failures < 5;
  });
  for (let index = 0; index < 6; index += 1) {
    await browser.pass(60_000);
  }
  assert.deepEqual(heard, [1, 2, 3, 4, 5].map((failures) => [MISSING, failures]));
  assert.equal(state.error, MISSING);
});

test('stopped, it asks no more and leaves nothing, whenever that is', async () => {
  for (const failed of [false, true]) {
    const browser = new Browser();
    const { state, stop } = asked(failing(Infinity));
    await (failed ? settled() : undefined);
    stop();
    await browser.pass(60_000);
    assert.deepEqual([state, browser.left().timers, browser.left().listeners], [{}, 0, []]);
  }
  new Browser();
  const { state, stop } = asked(failing(0));
  stop();
  await settled();
  assert.deepEqual(state, {}, 'what has come by then is not heard of either');
});

test('the waits grow to half a minute and no further', () => {
  for (let failures = 1; failures < 200; failures += 1) {
    const most = Math.min(600 * 2 ** (failures - 1), 30_000);
    assert.ok(delay(failures) <= most && delay(failures) >= most / 2, String(failures));
  }
});

// ── A module's other address ─────────────────────────────────────────────────────────────────────────────────────────

/** A module that fails under its own address for ever, as in Chromium, and what a page says of pinned files. */
async function underAnotherAddress(message, importmaps = []) {
  const browser = new Browser();
  browser.document.scripts = importmaps.map((text) => ({ type: 'importmap', text }));
  const { state } = asked(failing(Infinity, new TypeError(message)), (error, failures) => failures < 2);
  await settled();
  await browser.pass(600);
  await settled();
  return state;
}

test('no address of another origin, of no origin, or pinned by an import map is imported', async () => {
  for (const [message, importmaps] of [
    ['Failed to fetch dynamically imported module: https://elsewhere.example/x.js', []],
    ['Importing a module script failed.', []],
    ['Failed to fetch dynamically imported module: https://elsewhere.example/x.js', ['{"integrity": {}}']],
  ]) {
    assert.equal((await underAnotherAddress(message, importmaps)).error.message, message);
  }
});

// ── A counter's script ───────────────────────────────────────────────────────────────────────────────────────────────

test('counter.js that fails once is asked for again, the host is told once, and then it stands', async () => {
  const browser = new Browser();
  const { element } = browser;
  const errors = errorsOf(element);
  let stood = 0;
  let stopped = 0;
  const module = { stand: () => ((stood += 1), () => (stopped += 1)) };
  const bring = failing(40);
  const stop = standing(element, () => bring().then(() => module));
  await settled();
  assert.deepEqual(errors, [['counter_unavailable', false]]);
  for (let index = 0; index < 40; index += 1) {
    assert.equal(stood, 0);
    await browser.pass(30_000);
  }
  assert.deepEqual([stood, errors.length], [1, 1]);
  stop();
  assert.equal(stopped, 1);
});

test('what is no counter any more when counter.js comes does not stand', async () => {
  const browser = new Browser();
  const stop = standing(browser.element, async () => ({ stand: () => assert.fail('it stands') }));
  stop();
  await settled();
  const late = standing(browser.element, failing(Infinity));
  await settled();
  late();
  assert.deepEqual([browser.left().timers, browser.left().listeners], [0, []]);
});

// ── A style sheet ────────────────────────────────────────────────────────────────────────────────────────────────────

const SHEET = 'https://shop.example/cashier.css';

function styled() {
  const browser = new Browser();
  const { element } = browser;
  const told = [];
  element.addEventListener('cashier-error', ({ detail: { code, detail } }) => told.push(`${code} ${detail}`));
  const made = sheet(element.shadowRoot, SHEET, element, (isThere) => told.push(isThere));
  return { browser, root: element.shadowRoot, told, made, link: () => element.shadowRoot.children.at(-1) };
}

test('a sheet that does not come is told once, and fetched anew in the same place', async () => {
  const { browser, root, told, link } = styled();
  root.appendChild({});
  const first = root.children[0];
  first.onerror();
  assert.deepEqual(told, [false, `style_missing ${SHEET}`], 'and what it is for can be seen');
  await browser.pass(600);
  assert.equal(root.children.length, 2);
  const second = root.children[0];
  assert.notEqual(second, first);
  assert.deepEqual([second.rel, second.href], ['stylesheet', SHEET]);
  second.onerror();
  await browser.pass(1200);
  root.children[0].onload();
  assert.deepEqual(told, [false, `style_missing ${SHEET}`, false, true]);
  assert.notEqual(link(), root.children[0]);
  assert.deepEqual([browser.left().timers, browser.left().listeners.filter((name) => !name.startsWith('cashier-'))], [0, []]);
});

test('a sheet that comes empty is told once, and not asked for again; one that nobody may look into counts', async () => {
  const { browser, root, told } = styled();
  const [link] = root.children;
  link.sheet = { cssRules: [] };
  link.onload();
  await browser.pass(60_000);
  assert.deepEqual([root.children[0], told], [link, [false, `style_missing ${SHEET}`]]);
  link.sheet = { get cssRules() { throw new Error('SecurityError'); } };
  link.onload();
  assert.deepEqual(told.slice(2), [true]);
});

test('a sheet of what was taken out waits for nothing', () => {
  const { browser, root, made } = styled();
  root.children[0].onerror();
  made.rest();
  assert.deepEqual([browser.left().timers, browser.left().listeners.filter((name) => !name.startsWith('cashier-'))], [0, []]);
  assert.equal(root.children.length, 1);
});

test('a counter\'s sheet is taken away with all that waits for it', () => {
  const browser = new Browser();
  const { shadowRoot } = browser.element;
  const undress = dress(browser.element);
  const [link] = shadowRoot.children;
  link.onerror();
  undress();
  assert.deepEqual([browser.left().timers, browser.left().listeners, shadowRoot.children.length], [0, [], 0]);
  assert.deepEqual([link.onload, link.onerror], [null, null]);
});
