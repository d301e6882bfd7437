// What is delivered holds no syntax that the oldest engines do not read: there a script that is not read does nothing at all.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { transformSync } from 'esbuild';

import { PACKAGE } from './support/shop.mjs';

const DIST = process.env.DIST ?? new URL('../../dist', import.meta.url).pathname;
/** The first of each that has `import()` and `import.meta`. esbuild holds faults of Safari's, which are not met here, for missing syntax. */
const OLDEST = {
  target: ['chrome64', 'safari11.1', 'firefox67'],
  supported: { destructuring: true, 'template-literal': true, 'const-and-let': true },
};

const scripts = (folder) => readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js')).map((name) => join(folder, name));

/** Whether esbuild has to rewrite something for these engines. */
const isRead = (code, engines) => transformSync(code, engines).code === transformSync(code, { target: 'esnext' }).code;

test('the check knows new syntax', () => {
  for (const code of ['try {} catch {}', 'a?.b', 'a ?? b', 'class A { b = 1 }', 'class A { #b() {} }', 'a ??= b', 'async function* f() {}', '/(?<=a)b/']) {
    assert.equal(isRead(code, OLDEST), false, code);
  }
  assert.ok(isRead('export default async ({ a, ...b }) => `${await import(a)}`;', OLDEST));
});

for (const file of [...scripts(PACKAGE), ...scripts(DIST)]) {
  test(`${file.split('/').slice(-2).join('/')} is read by engines of 2018`, () => {
    const code = readFileSync(file, 'utf8');
    assert.ok(isRead(code, OLDEST));
    if (/unsupported/.test(file)) {
      assert.ok(isRead(code, { target: 'es5' }), 'and by all others');
    }
  });
}

// V8 compiles functions of such a script with the script, and not one by one when they are called first: xtask/src/scripts.rs.
for (const [folder, name] of [[DIST, /^page-\w+\.js$/], [PACKAGE, /^wechat-cashier\.js$/]]) {
  test(`what draws the first code is compiled at once: ${name.source}`, () => {
    const [file, ...others] = readdirSync(folder).filter((found) => name.test(found));
    assert.deepEqual(others, []);
    assert.ok(readFileSync(join(folder, file), 'utf8').startsWith('//# allFunctionsCalledOnLoad\n'));
  });
}
