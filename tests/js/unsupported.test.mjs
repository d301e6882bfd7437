// What stands in the hosted page where it did not start (public/unsupported.js).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';
import { transformSync } from 'esbuild';

const SOURCE = readFileSync(new URL('../../public/unsupported.js', import.meta.url), 'utf8');

class Element {
  children = [];
  attributes = { 'aria-busy': 'true' };
  text = '';
  set innerHTML(text) {
    assert.equal(text, '');
    this.children = [];
  }
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  removeAttribute(name) {
    delete this.attributes[name];
  }
  appendChild(child) {
    this.children.push(child);
    return child;
  }
  get said() {
    return this.text + this.children.map((child) => child.said).join('|');
  }
}

/** The page of a browser whose modules end so. */
function page({ started = false, error, language = 'zh-CN', search = '?order=1', type = 0 } = {}) {
  const listeners = {};
  const place = new Element();
  place.appendChild(Object.assign(new Element(), { text: 'shimmering' }));
  const found = { place, reloads: 0, intervals: [], requests: [] };
  const window = {
    addEventListener: (name, listener) => (listeners[name] = listener),
    performance: { navigation: { type } },
  };
  vm.runInNewContext(SOURCE, {
    window,
    performance: window.performance,
    navigator: { language },
    location: { search, href: `https://pay.example/${search}`, reload: () => (found.reloads += 1) },
    setInterval: (task, ms) => found.intervals.push([task, ms]),
    XMLHttpRequest: class {
      open(method, url) {
        found.requests.push([method, url, this]);
      }
      send() {}
    },
    document: {
      getElementById: () => place,
      createElement: () => new Element(),
      createTextNode: (text) => Object.assign(new Element(), { text }),
    },
  });
  if (error) {
    listeners.error(error);
  }
  if (started) {
    place.attributes['data-started'] = '';
  }
  listeners.load();
  return found;
}

const SYNTAX = { target: {}, message: 'SyntaxError' };
const GONE = { target: { nodeName: 'SCRIPT' } };

test('a page that started is left alone', () => {
  const { place, reloads } = page({ started: true, error: SYNTAX });
  assert.deepEqual([place.said, reloads], ['shimmering', 0]);
});

test('a browser that does not read it is too old: without modules, with a syntax error, with something missing', () => {
  for (const error of [undefined, SYNTAX, { target: { nodeName: 'LINK' } }]) {
    const { place, reloads } = page({ error });
    assert.match(place.said, /^\|?当前浏览器版本过低/);
    assert.equal(place.getAttribute('aria-busy'), null);
    assert.equal(reloads, 0);
  }
  assert.match(page({ language: 'de' }).place.said, /too old for the cashier/);
});

test('page.js did not come: one reload, then a word and a button', () => {
  assert.equal(page({ error: GONE }).reloads, 1);
  const found = page({ error: GONE, type: 1 });
  assert.match(found.place.said, /收银台加载失败.*重新加载/);
  assert.deepEqual([found.reloads, found.intervals.length], [0, 0]);
  const [button] = found.place.children[0].children.filter(({ type }) => type === 'button');
  button.onclick();
  assert.equal(found.reloads, 1);
});

test('on a counter nobody presses it: loaded again once the page is there', () => {
  const found = page({ error: GONE, type: 1, search: '?surface=counter&channel=a' });
  const [[task, ms]] = found.intervals;
  assert.equal(ms, 30_000);
  task();
  const [[, url, request]] = found.requests;
  assert.equal(url, 'https://pay.example/?surface=counter&channel=a');
  request.status = 503;
  request.onload();
  assert.equal(found.reloads, 0);
  request.status = 200;
  request.onload();
  assert.equal(found.reloads, 1);
});

test('browsers of long ago can read it', () => {
  const text = (target) => transformSync(SOURCE, { target, charset: 'utf8' }).code;
  assert.equal(text('es5'), text('esnext'));
  assert.throws(() => transformSync('const a = 1;', { target: 'es5' }), 'and esbuild knows what they can read');
});
