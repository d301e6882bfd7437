// What is said of an amount. Money: each digit counts.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { spoken, text } from '../../src/embed/counter/amount.js';
import EXPONENTS from '../../src/embed/counter/exponents.js';

const openapi = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
/** All of ISO 4217, as the contract has it. */
const CODES = openapi.components.schemas.Currency.enum;

const say = (value, currency, lang) => spoken({ value, currency }, lang).replace(/\u00a0/g, ' ');

test('an amount is spoken as its integer says, by the decimals of its currency', () => {
  const cases = [
    [1250, 'CNY', 'zh-CN', '12.50元'],
    [1, 'CNY', 'zh-CN', '0.01元'],
    [10, 'CNY', 'zh-CN', '0.10元'],
    [100, 'CNY', 'zh-CN', '1元'],
    [10000, 'CNY', 'zh-CN', '100元'],
    [123456789, 'CNY', 'zh-CN', '1234567.89元'],
    [9007199254740991, 'CNY', 'zh-CN', '90071992547409.91元'],
    [9007199254740990, 'CNY', 'zh-CN', '90071992547409.90元'],
    [1200, 'JPY', 'zh-CN', '1200日元'],
    [12500, 'KWD', 'zh-CN', '12.500科威特第纳尔'],
    [12005, 'KWD', 'zh-CN', '12.005科威特第纳尔'],
    [12000, 'KWD', 'zh-CN', '12科威特第纳尔'],
    [1250, 'HKD', 'zh-HK', '12.50 港元'],
    [1250, 'CNY', 'zh-HK', '12.50 人民幣'],
    [1250, 'CNY', 'en', '12.50 Chinese yuan'],
    [100, 'USD', 'en', '1 US dollar'],
    [200, 'USD', 'en', '2 US dollars'],
    [1234567, 'USD', 'en', '12345.67 US dollars'],
    [9007199254740991, 'USD', 'en', '90071992547409.91 US dollars'],
  ];
  for (const [value, currency, lang, said] of cases) {
    assert.equal(say(value, currency, lang), said);
  }
});

test('no two amounts sound alike', () => {
  for (const [currency, lang] of [['CNY', 'zh-CN'], ['CNY', 'zh-HK'], ['KWD', 'en'], ['JPY', 'zh-CN']]) {
    const decimals = { CNY: 2, KWD: 3, JPY: 0 }[currency];
    for (let value = 1; value < 2_000_000; value += 1 + value % 3989) {
      const [digits] = /^[\d.]+/.exec(say(value, currency, lang));
      const [whole, rest = ''] = digits.split('.');
      assert.equal(Number(whole + rest.padEnd(decimals, '0')), value, digits);
      assert.ok(rest === '' || rest.length === decimals, digits);
    }
  }
});

test('what is no amount is not said', () => {
  for (const value of [12.5, -1, NaN, Infinity, '1250', 2 ** 53, null, undefined]) {
    assert.throws(() => spoken({ value, currency: 'CNY' }, 'zh-CN'), RangeError);
  }
  for (const currency of ['yuan', '', undefined, 'cny', 'constructor']) {
    assert.throws(() => spoken({ value: 1250, currency }, 'zh-CN'), RangeError);
  }
});

/** Every currency with its decimals, by what the browser says or does not say of them. */
function everyCurrency() {
  assert.ok(CODES.length > 160);
  for (const currency of CODES) {
    const decimals = EXPONENTS[currency] ?? 2;
    const all = '123456789';
    const digits = decimals ? `${all.slice(0, -decimals)}.${all.slice(-decimals)}` : all;
    for (const lang of ['zh-CN', 'zh-HK', 'en']) {
      const said = say(Number(all), currency, lang);
      assert.equal(/^[\d.]+/.exec(said)?.[0], digits, `${currency}: ${said}`);
      const whole = say(5 * 10 ** decimals, currency, lang);
      assert.equal(/^[\d.]+/.exec(whole)?.[0], '5', `${currency}: ${whole}`);
    }
  }
}

test('every currency has the decimals of ISO 4217, of which the browser shows others', () => {
  const shown = (currency) => new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
  assert.ok(CODES.some((currency) => shown(currency) !== (EXPONENTS[currency] ?? 2)), 'else this proves little');
  everyCurrency();
});

test('nor is a browser asked that does not know it: Chromium 77 and 78 say nothing where there are none', (t) => {
  const { resolvedOptions } = Intl.NumberFormat.prototype;
  t.mock.method(Intl.NumberFormat.prototype, 'resolvedOptions', function resolved() {
    const { minimumFractionDigits, maximumFractionDigits, ...rest } = resolvedOptions.call(this);
    return maximumFractionDigits ? { ...rest, minimumFractionDigits, maximumFractionDigits } : rest;
  });
  everyCurrency();
});

test('where the browser cannot name it, the code is said', (t) => {
  assert.equal(say(1250, 'CNY', 'fr_FR'), '12.50 CNY');
  assert.equal(say(1200, 'JPY', '!'), '1200 JPY');
  t.mock.method(Intl.NumberFormat.prototype, 'formatToParts', () => []);
  assert.equal(say(5_000_000, 'IDR', 'en'), '50000 IDR');
});

test('each language has its own words, and others have English', () => {
  const of = (tag) => text('SpokenPaid', tag);
  assert.deepEqual(of('zh'), ['微信支付收款{}', 'zh-CN']);
  assert.deepEqual(of('zh-Hans-SG'), ['微信支付收款{}', 'zh-CN']);
  assert.deepEqual(of('zh-Hant-TW'), ['微信支付收款{}', 'zh-HK']);
  assert.deepEqual(of('fr'), ['WeChat Pay received {}', 'en']);
  assert.deepEqual(of(''), ['WeChat Pay received {}', 'en']);
  assert.deepEqual(text('SpokenPaid', 'fr', { SpokenPaid: 'Reçu : {}' }), ['Reçu : {}', 'fr']);
  assert.deepEqual(text('TapForSound', 'fr', { SpokenPaid: 'Reçu : {}' }), ['Tap for sound', 'en']);
});
