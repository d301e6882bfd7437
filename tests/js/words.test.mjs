// Texts of an integrator's own in place of the built-in ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import keys from '../../src/embed/words/keys.js';
import { replaced } from '../../src/embed/words/replace.js';

const words = (tag) => import(`../../src/embed/words/${tag}.js`).then((module) => module.default);

/** What is said with these texts, by its keys, and what was told of them. */
async function said(lang, base, texts) {
  const told = [];
  const list = await replaced(lang, base, texts, words, (name, detail) => told.push({ name, ...detail }));
  return { told, text: Object.fromEntries(keys.map((key, index) => [key, list[index]])) };
}

test('a button that is named otherwise is named so in the built-in texts that quote it, and in no others', async () => {
  for (const [tag, quote] of [['en', '“$&”'], ['zh-CN', '“$&”'], ['zh-HK', '「$&」']]) {
    const list = await words(tag);
    const at = keys.indexOf('HavePaid');
    const quoted = (name) => quote.replace('$&', () => name);
    const quoting = keys.filter((_, index) => list[index].includes(quoted(list[at])));
    assert.deepEqual(quoting, ['TillOverText', 'CodeExpiredText', 'OrderOverText'], tag);
    const { text, told } = await said(tag, tag, { HavePaid: 'Done $&', OrderOverText: `Mine: ${quoted(list[at])}` });
    assert.deepEqual(told, []);
    for (const [index, key] of keys.entries()) {
      const expected = {
        HavePaid: 'Done $&',
        OrderOverText: `Mine: ${quoted(list[at])}`,
        TillOverText: list[index].split(list[at]).join('Done $&'),
        CodeExpiredText: list[index].split(list[at]).join('Done $&'),
      }[key];
      assert.equal(text[key], expected ?? list[index], `${tag} ${key}`);
    }
  }
});

test('what is missing, unknown, or lacks the place of its value is told, and the built-in text is shown', async () => {
  const { text, told } = await said('fr', 'en', { HavePaid: 'J’ai payé', Nonsense: 'x', OrderNumber: 7 });
  const codes = Object.fromEntries(told.map(({ code, detail, fatal }) => [code, { which: detail.split(' '), fatal }]));
  assert.ok(codes.texts_unknown.which.includes('Nonsense') && !codes.texts_unknown.fatal);
  assert.ok(codes.texts_incomplete.which.includes('CodeExpiredText') && !codes.texts_incomplete.which.includes('HavePaid'));
  assert.match(text.CodeExpiredText, /“J’ai payé”/);
});
