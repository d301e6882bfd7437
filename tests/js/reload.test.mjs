// The hosted page's one reload (src/embed/reload.js), and what a button says before it loads a page again (told.js).

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { reloadOnce } from '../../src/embed/reload.js';
import { reload } from '../../src/embed/told.js';
import { Browser } from './support/counter.mjs';

/** A tab: a reload keeps the state of its history's entry. `forgets`: a page that clears it when it starts. */
function tab({ state = null, type = 'navigate', forgets = false, old = false } = {}) {
  const page = { loads: 1, history: { state }, location: {} };
  let visit = type;
  page.history.replaceState = (next) => (page.history.state = structuredClone(next));
  page.location.reload = () => {
    page.loads += 1;
    visit = 'reload';
    if (forgets) {
      page.history.state = null;
    }
  };
  page.performance = old
    ? { get navigation() { return { type: visit === 'reload' ? 1 : 0 }; } }
    : { getEntriesByType: () => [{ type: visit }] };
  return page;
}

/** Fails to start until it does not load itself again, ten times at most. */
function run(page, code = 'file_missing', version = 'page-1.js') {
  for (let index = 0; index < 10 && reloadOnce(code, page, version); index += 1) {
    // loaded again
  }
  return page.loads;
}

test('a missing file loads the page again, once', () => {
  for (const old of [false, true]) {
    assert.equal(run(tab({ old })), 2);
  }
});

test('never without an end, whatever the page does to the mark', () => {
  assert.equal(run(tab({ forgets: true })), 2);
  assert.equal(run(tab({ forgets: true, old: true })), 2);
});

test('the mark alone is enough, and is of this version', () => {
  const page = tab();
  run(page);
  page.performance = { getEntriesByType: () => [{ type: 'navigate' }] };
  assert.equal(run(page), 2);
  assert.equal(run(page, 'file_missing', 'page-2.js'), 3);
});

test('what the history\'s entry holds stays', () => {
  const page = tab({ state: { router: 1 } });
  run(page);
  assert.deepEqual(page.history.state, { router: 1, 'wechat-cashier.reloaded-for': 'page-1.js' });
});

test('for no other reason, and not where it cannot be marked', () => {
  for (const code of ['file_unreachable', 'no_webassembly', 'stopped']) {
    assert.equal(run(tab(), code), 1);
  }
  const page = tab();
  page.history.replaceState = () => {
    throw new DOMException('too many', 'SecurityError');
  };
  assert.equal(run(page), 1);
  assert.equal(run(Object.assign(tab(), { performance: {} })), 1);
});

test('a button\'s reload can be kept by the host', () => {
  const browser = new Browser();
  const { element, location } = browser;
  element.order = 'A';
  reload(element, location);
  assert.equal(browser.reloads, 1);
  element.addEventListener('cashier-navigate', (event) => {
    assert.deepEqual(event.detail, { order: 'A', url: location.href, reason: 'reload' });
    event.preventDefault();
  });
  reload(element, location);
  assert.equal(browser.reloads, 1);
});
