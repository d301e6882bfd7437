// What the style sheets use that the oldest kernel does not know: each use has something before it that the kernel does know,
// or it is written here why nothing is lost without. `esbuild --target=chrome66` rewrites nested rules, colours and `inset`, and
// lets all else pass.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

const STYLE = new URL('../../style/', import.meta.url);
const SHEETS = readdirSync(STYLE).filter((name) => name.endsWith('.css') && name !== 'bundle.css');

/** What Chromium 66 knows of functions and units (MDN's compatibility tables). One that is not here is newer until looked up. */
const FUNCTIONS = new Set(['calc', 'cubic-bezier', 'linear-gradient', 'minmax', 'scale', 'scaleX', 'translateY', 'url', 'var']);
const UNITS = new Set(['%', 'deg', 'em', 'fr', 'ms', 'px', 'rem', 's', 'vh', 'vmin', 'vw']);
/** Words that are newer, with the Chromium that has them. */
const NEWER_WORDS = { 'overflow: clip': 90, 'overflow-wrap: anywhere': 80 };
/** Properties that Chromium 66 does not know, and what it is without them. */
const NEWER_PROPERTIES = {
  'color-scheme': 'the field and bars for scrolling are light',
  'contain-intrinsic-inline-size': 'goes with container-type',
  'container-type': 'its units have fallbacks',
  'forced-color-adjust': 'there are no forced colours',
  'margin-inline-end': '-webkit-margin-end beside it',
  'margin-inline-start': '-webkit-margin-start beside it',
  'scroll-margin-top': 'what is above the title is scrolled to by the payer',
  'text-wrap': 'a title of two lines is less even',
};
const KNOWN_PROPERTIES = new Set(`-webkit-box-orient -webkit-line-clamp -webkit-margin-end -webkit-margin-start -webkit-text-size-adjust
  align-items animation animation-delay background background-color background-image background-position background-size border
  border-color border-radius bottom box-shadow box-sizing color content cursor display fill flex flex-direction flex-wrap font
  font-family font-size font-variant-numeric font-weight grid-column grid-row grid-template-columns height inset justify-content left
  letter-spacing line-height margin margin-bottom margin-left margin-top max-height max-width min-height min-width object-fit
  opacity order outline outline-offset overflow overflow-wrap padding padding-bottom padding-left padding-right padding-top
  pointer-events position right rx stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-width
  text-align text-decoration text-indent text-transform top transform transform-origin transition vertical-align white-space
  width word-break z-index`.split(/\s+/));

/** The rules of a sheet, nested ones too: `{ path, declarations: [[property, value], …] }`. */
function rules(css) {
  const found = [];
  const open = [{ path: [], declarations: [] }];
  const text = css.replace(/\/\*[^]*?\*\//g, '');
  let word = '';
  let quote = '';
  for (const sign of text) {
    if (quote) {
      quote = sign === quote ? '' : quote;
      word += sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word += sign;
    } else if (sign === '{') {
      open.push({ path: [...open.at(-1).path, word.trim()], declarations: [] });
      word = '';
    } else if (sign === ';' || sign === '}') {
      const [, property, value] = /^\s*([\w-]+)\s*:\s*([^]*?)\s*$/.exec(word) ?? [];
      if (property) open.at(-1).declarations.push([property, value.replace(/\s+/g, ' ')]);
      word = '';
      if (sign === '}') found.push(open.pop());
    } else {
      word += sign;
    }
  }
  assert.equal(open.length, 1, 'as many braces are closed as opened');
  return found;
}

/** What of this value Chromium 66 cannot read. */
function newer(property, value) {
  const plain = value.replace(/"[^"]*"|'[^']*'|#[\da-f]+\b/gi, '');
  const functions = [...plain.matchAll(/([a-z][\w-]*)\(/gi)].map(([, name]) => name).filter((name) => !FUNCTIONS.has(name));
  const units = [...plain.matchAll(/(?<![\w-])[\d.]*\d([a-z%]+)/gi)].map(([, unit]) => unit).filter((unit) => !UNITS.has(unit));
  const words = plain.split(/[\s,]+/).map((word) => `${property}: ${word}`).filter((word) => word in NEWER_WORDS);
  return [...functions.map((name) => `${name}()`), ...units, ...words];
}

/** What stands without anything that Chromium 66 could take in its place. */
function bare(css) {
  const found = [];
  for (const { path, declarations } of rules(css)) {
    const where = path.join(' ').replace(/\s+/g, ' ');
    for (const [index, [property, value]] of declarations.entries()) {
      const before = declarations.slice(0, index).filter(([name]) => name === property);
      const missing = newer(property, value);
      const has = before.some(([, value]) => newer(property, value).length === 0) || path.some((rule) => rule.startsWith('@supports'))
        // A property of nothing but this is passed over as a whole, and is harmless without.
        || property in NEWER_PROPERTIES;
      if (missing.length > 0 && !has) found.push(`${where} { ${property}: ${value} }: ${missing.join(', ')}`);
      const beside = property.startsWith('margin-inline-')
        && !declarations.some((other) => other[0] === property.replace('margin-inline', '-webkit-margin') && other[1] === value);
      const unknown = !property.startsWith('--') && !KNOWN_PROPERTIES.has(property) && !(property in NEWER_PROPERTIES);
      if (beside || unknown) found.push(`${where} { ${property}: ${value} }: ${beside ? 'nothing beside it' : 'looked up by nobody'}`);
    }
  }
  return found;
}

test('what Chromium 66 does not know has something before it that it knows', () => {
  for (const sheet of SHEETS) {
    assert.deepEqual(bare(readFileSync(new URL(sheet, STYLE), 'utf8')), [], sheet);
  }
});

test('nothing is said by left and right that words from right to left would have the other way round', () => {
  // Symmetric, or of the window and not of the words.
  const fine = /^@keyframes|\.wc-over|\.wc-page$|counter|\[dir=/;
  const physical = /^(margin|padding|border)-(left|right)$|^(left|right|float)$/;
  for (const sheet of SHEETS) {
    for (const { path, declarations } of rules(readFileSync(new URL(sheet, STYLE), 'utf8'))) {
      for (const [property, value] of declarations) {
        const four = property === 'margin' || property === 'padding' ? value.match(/[^\s(]+(\([^)]*\))?/g) : [];
        const sided = physical.test(property) || (property === 'text-align' && /^(left|right)$/.test(value)) || (four.length === 4 && four[1] !== four[3]);
        assert.ok(!sided || fine.test(path.join(' ')), `${sheet}: ${path.join(' ')} { ${property}: ${value} }`);
      }
    }
  }
});

test('a sign is whole where nothing draws it, and none in the list of ways is drawn', () => {
  // WebKit 2.38 leaves an animation that begins in a list that was folded where it begins: of a sign there were only dots.
  for (const sheet of SHEETS) {
    for (const { path, declarations } of rules(readFileSync(new URL(sheet, STYLE), 'utf8'))) {
      for (const [property, value] of declarations) {
        const where = `${sheet}: ${path.join(' ')} { ${property}: ${value} }`;
        assert.ok(!property.startsWith('stroke-dash') || path.some((part) => part.startsWith('@keyframes')), where);
        if (/^animation/.test(property) && value.includes('wc-draw')) {
          assert.ok(path.at(-1).split(',').every((selector) => selector.includes('.wc-slot ')), where);
        }
      }
    }
  }
});

test('what the check lets pass and what not', () => {
  const found = (css) => bare(css).length;
  assert.equal(found('a { font-size: 1em; font-size: min(1em, 2cqi) }'), 0);
  assert.equal(found('a { font-size: min(1em, 2em) }'), 1);
  assert.equal(found('a { font-size: 10cqi; }'), 1);
  assert.equal(found('a { font-size: max(1em, 2em); font-size: min(1em, 2cqi); }'), 2, 'a fallback that is not known either');
  assert.equal(found('a { b { width: 1px } width: 10dvh }'), 1, 'of another rule');
  assert.equal(found('@supports (width: min(1px, 1px)) { a { --x: min(1px, 2px); } }'), 0);
  assert.equal(found('a { overflow: hidden; overflow: clip; }'), 0);
  assert.equal(found('a { overflow-wrap: anywhere; }'), 1);
  assert.equal(found('a { gap: 1em; }'), 1, 'a property that nobody has looked up');
  assert.equal(found('a { margin-inline-start: 1em; }'), 1);
  assert.equal(found('a { -webkit-margin-start: 1em; margin-inline-start: 1em; }'), 0);
  assert.equal(found('a { background: url(x.png) #12345678; content: "min(" }'), 0);
});
