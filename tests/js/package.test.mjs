// What the package says of itself, in types, manifest and README, is what the sources do.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { WechatCashier } from '../../src/embed/element.js';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const json = (path) => JSON.parse(read(path));
/** What the first group of this finds, each once, in an order that does not change. */
const all = (text, pattern) => [...new Set([...text.matchAll(pattern)].map(([, found]) => found))].sort();
const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

const types = read('npm/wechat-cashier.d.ts');
const readme = read('npm/README.md');
const [{ declarations: [element] }] = json('npm/custom-elements.json').modules;
const attributes = [...WechatCashier.observedAttributes].sort();
const named = (list) => list.map(({ name }) => name).sort();
/** The strings of a type that is one of some. */
const oneOf = (name) => all(types.split(`export type ${name} =`)[1].split(';')[0].replace(/\/\/.*/g, ''), /'([^']+)'/g);
/** All scripts that can tell of a trouble of their own. */
const scripts = ['host', 'start', 'words/replace', 'dress', 'standing', 'counter', 'element'].map((name) => read(`src/embed/${name}.js`)).join('\n');
/** The words that a Rust function gives, by its text. */
const words = (path, start) => all(read(path).split(start)[1].split('\n    }\n')[0], /=> "([^"]+)"/g);

test('the element can be imported on a server', () => {
  assert.equal(typeof WechatCashier, 'function');
  assert.equal(typeof customElements, 'undefined');
});

test('attributes: the manifest, the types and the README name those that are observed', () => {
  assert.deepEqual(named(element.attributes), attributes);
  const properties = attributes.filter((name) => name !== 'lang').map(camel);
  assert.deepEqual(all(types, /^ {2}set (\w+)\(/gm), [...properties, 'first', 'firstAsked', 'texts'].sort());
  assert.deepEqual(element.attributes.map(({ name, fieldName }) => [name, fieldName]), element.attributes.map(({ name }) => [name, camel(name)]));
  assert.deepEqual(all(readme, /^\| `([\w-]+)` \| `\w+` \|/gm), attributes);
  for (const file of ['react', 'vue']) {
    const text = read(`npm/${file}.d.ts`);
    // `lang` is every element's.
    assert.deepEqual(properties.filter((name) => !new RegExp(`\\b${name}\\b`).test(text)), [], `${file}.d.ts`);
  }
});

test('members: the manifest names the properties and methods of the class', () => {
  const own = Object.getOwnPropertyNames(WechatCashier.prototype).filter((name) => !/^_|constructor|Callback$/.test(name));
  assert.deepEqual(named(element.members), own.sort());
});

test('events: the manifest, the types and the README name those that are fired', () => {
  // `measure` is for the script that measures.
  const told = all(read('src/embed/mod.rs').split('fn told(tell')[1], /\("(\w+)", (?:JsValue::UNDEFINED|object\()/g).filter((name) => name !== 'measure');
  const fired = told.map((name) => `cashier-${name}`).sort();
  assert.deepEqual(named(element.events).filter((name) => name !== 'cashier-error'), fired.filter((name) => name !== 'cashier-error'));
  assert.deepEqual(all(types, /^ {2}'(cashier-\w+)': CustomEvent/gm), named(element.events));
  assert.deepEqual(named(element.events).filter((name) => !readme.includes(`\`${name}\``)), []);
});

test('custom properties and parts: the manifest names those of the style and of the view', () => {
  const sheets = readdirSync(new URL('../../style', import.meta.url)).map((name) => read(`style/${name}`)).join('\n');
  assert.deepEqual(named(element.cssProperties), all(sheets, /var\((--cashier-[\w-]+)/g));
  const parts = all(read('src/view/element.rs').split('const PARTS')[1].split('];')[0], /^ {4}"(\w+)",/gm);
  assert.deepEqual(named(element.cssParts), [...parts, 'card', 'field'].sort());
});

test('words: the types name those that the program says', () => {
  assert.deepEqual(oneOf('Status'), words('src/core/report.rs', 'fn word(self)'));
  assert.deepEqual(oneOf('ScreenName'), words('src/core/screen.rs', 'fn name(&self)'));
  assert.deepEqual(oneOf('Stage'), words('src/core/screen.rs', 'fn word(self)'));
  const codes = [
    ...words('src/contract/problem.rs', 'fn word(self)'),
    ...words('src/core/bridge.rs', 'fn word(self)'),
    ...words('src/core/trouble.rs', 'fn code(&self)'),
    ...all(read('src/core/report.rs').split('fn error_on(&self')[1], /(?:=> |code: )"(\w+)"/g),
    ...all(scripts, /(?:Trouble\(|told\(|tellMissing\(\w+, |\? |: )'(\w+_\w+)'/g),
    ...all(read('src/core/update/answers.rs'), /note\("(\w+)"/g),
    'stopped',
  ];
  assert.deepEqual(oneOf('ErrorCode'), [...new Set(codes)].sort());
});

test('the contract: the types have the fields of openapi.json', () => {
  const { schemas } = json('docs/openapi.json').components;
  for (const name of ['Order', 'Money', 'Merchant', 'OfferObject', 'Payment', 'JsapiParams']) {
    const block = types.split(`export interface ${name} {`)[1].split('\n}')[0];
    const { properties, required } = schemas[name];
    assert.deepEqual(all(block, /^ {2}(\w+)\??:/gm), Object.keys(properties).sort(), name);
    assert.deepEqual(all(block, /^ {2}(\w+):/gm), [...required].sort(), name);
  }
  assert.deepEqual(oneOf('OrderStatus'), schemas.OrderStatus.oneOf.map((status) => status.const).sort());
  const action = types.split('export type Action =')[1].split(';\n\n')[0];
  assert.deepEqual(all(action, /type: '(\w+)'/g), schemas.Action.oneOf.map(({ properties }) => properties.type.const).sort());
});

test('the examples name one version of each package, and this one of the cashier', () => {
  const { dependencies, devDependencies } = json('examples/package.json');
  const [, version] = /^version = "(.+)"$/m.exec(read('Cargo.toml'));
  const versions = { ...dependencies, ...devDependencies, 'wechat-cashier': `file:../../target/wechat-cashier-${version}.tgz` };
  for (const name of ['plain', 'vite-react', 'vite-vue', 'next', 'webpack', 'esbuild', 'iframe']) {
    const example = json(`examples/${name}/package.json`);
    for (const [dependency, pinned] of Object.entries({ ...example.dependencies, ...example.devDependencies })) {
      assert.equal(pinned, versions[dependency], `${dependency} of examples/${name}`);
    }
  }
});

test('the documents install the tarball of this version, and no folder', () => {
  const [, version] = /^version = "(.+)"$/m.exec(read('Cargo.toml'));
  const documents = ['README.md', 'README.zh-CN.md', 'docs/embedding.md', 'npm/README.md', 'examples/README.md'].map(read).join('\n');
  const named = all(documents, /wechat-cashier-(\d[\w.-]*)\.tgz/g);
  assert.deepEqual(named, [version]);
  const installed = all(documents, /npm install ([^`\n]+)/g);
  assert.ok(installed.length > 0);
  assert.deepEqual(installed.filter((what) => !what.endsWith(`wechat-cashier-${version}.tgz`)), []);
});

test('the package has the documents that its README and its types refer to', () => {
  const packed = all(read('xtask/src/package.rs').split('const DOCUMENTS')[1].split('];')[0], /"(docs\/[\w.]+)"/g);
  const named = all(`${readme}\n${types}`, /\b(docs\/\w+\.\w+)/g);
  assert.ok(named.length > 2);
  assert.deepEqual(named.filter((name) => !packed.includes(name)), []);
  assert.ok(json('npm/package.json').files.includes('docs'));
});

test('no lock names the registry that it was made with', () => {
  assert.doesNotMatch(read('examples/package-lock.json'), /"resolved"/);
});
