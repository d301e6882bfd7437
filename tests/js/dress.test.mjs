// A style that is there before the browser tells of it counts at once: until then nothing of the cashier is seen.

import assert from 'node:assert/strict';
import test from 'node:test';

import { dress } from '../../src/embed/dress.js';

/** A place that is not seen yet. `radius()` is what a rule of the sheet says, once that is there. */
function undressed(radius) {
  Object.assign(globalThis, {
    self: globalThis,
    document: { createElement: () => ({ sheet: { cssRules: ['.wc{}'] } }) },
    getComputedStyle: () => ({ getPropertyValue: (name) => (name === '--wc-radius' ? radius() : '') }),
  });
  const place = { style: { opacity: '0', maxWidth: '' } };
  const seen = [];
  const root = { appendChild: (link) => (root.link = link) };
  const { look } = dress(root, place, new EventTarget(), 'cashier.css', () => seen.push(place.style.opacity));
  return { place, look, seen, root };
}

test('a sheet that is there is seen by looking, before the browser tells', () => {
  const { place, look, seen, root } = undressed(() => '12px');
  assert.deepEqual([place.style.opacity, seen], ['0', []]);
  look();
  assert.deepEqual([place.style, seen], [{ opacity: '', maxWidth: '' }, ['']]);
  // What comes after that changes nothing.
  look();
  assert.equal(seen.length, 1);
  root.link.onload();
  assert.deepEqual(place.style, { opacity: '', maxWidth: '' });
});

test('one that is not there yet is waited for', () => {
  let radius = '';
  const { place, look, seen, root } = undressed(() => radius);
  look();
  assert.deepEqual([place.style.opacity, seen], ['0', []]);
  radius = '12px';
  root.link.onload();
  assert.deepEqual([place.style.opacity, seen], ['', ['']]);
});
