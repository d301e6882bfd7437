// Every currency, drawn by the real program. Where the point is, is ISO 4217's to say and not the browser's.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import EXPONENTS from '../../src/embed/counter/exponents.js';
import { behaviour } from './support/test.mjs';
import { openShop } from './support/shop.mjs';

const openapi = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
const CODES = openapi.components.schemas.Currency.enum;

/** A page with an element, and a backend whose orders are named by what they cost, such as `IDR-5000000`, and are paid. */
async function pageOf(world, before) {
  const page = await openShop(world, '<wechat-cashier api="/api"></wechat-cashier>', { before: async (page) => {
    // In the page, since hundreds of orders are asked for one after the other.
    await page.addInitScript(() => {
      const { fetch } = window;
      window.fetch = (asked, ...rest) => {
        const [, name] = /\/api\/orders\/([^?]+)/.exec(asked.url ?? asked) ?? [];
        if (!name) return fetch(asked, ...rest);
        const [currency, value] = name.split('-');
        const now = new Date().toISOString();
        return Promise.resolve(new Response(JSON.stringify({
          order_id: name, status: 'paid', amount: { value: Number(value), currency }, description: 'Tea',
          merchant: { name: 'Tea House' }, now, expires_at: now, methods: [],
        }), { headers: { 'content-type': 'application/json' } }));
      };
    });
    await before?.(page);
  } });
  await page.waitForFunction(() => customElements.get('wechat-cashier'));
  return {
    page,
    /** What is drawn for each order, one after the other, in one page. */
    drawn: (lang, orders) => page.evaluate(async ([lang, orders]) => {
      const cashier = document.querySelector('wechat-cashier');
      cashier.lang = lang;
      const texts = [];
      for (const order of orders) {
        const paid = new Promise((resolve) => {
          cashier.addEventListener('cashier-paid', resolve, { once: true });
        });
        cashier.order = order;
        await paid;
        // Told and drawn are one task, in whichever order. (The page's clock stands still.)
        await new Promise((resolve) => {
          const channel = new MessageChannel();
          channel.port1.onmessage = resolve;
          channel.port2.postMessage('');
        });
        texts.push(cashier.shadowRoot.querySelector('.wc-amount').textContent);
      }
      return texts;
    }, [lang, orders]),
  };
}

const digitsOf = (text) => text.replace(/[^\d.,]/g, '');

/** Chromium 77 and 78 leave out how many decimals there are where there are none. */
const sabotage = (page) => page.addInitScript(() => {
  Intl.NumberFormat.prototype.resolvedOptions = () => ({});
});

behaviour('every currency of ISO 4217 has its decimals, whatever the browser says of them', async (world) => {
  assert.ok(CODES.length > 160);
  const { page, drawn } = await pageOf(world, sabotage);
  const odd = await page.evaluate((codes) => codes.filter(
    (currency) => !/1,234,567\.89/.test(new Intl.NumberFormat('en', { style: 'currency', currency }).format(1234567.89)),
  ), CODES);
  assert.ok(odd.some((code) => !(code in EXPONENTS)), 'this browser has no decimals of its own: this proves little');
  const grouped = ['123,456,789', , '1,234,567.89', '123,456.789', '12,345.6789'];
  // The other languages differ in nothing but the sign: those with decimals that are not 2, and some more, will do.
  const some = CODES.filter((code) => code in EXPONENTS || odd.includes(code) || ['CNY', 'HKD', 'USD'].includes(code));
  for (const [lang, codes] of [['en', CODES], ['zh-CN', some], ['zh-HK', some]]) {
    const texts = await drawn(lang, codes.map((code) => `${code}-123456789`));
    const wrong = codes.filter((code, index) => digitsOf(texts[index]) !== grouped[EXPONENTS[code] ?? 2]);
    assert.deepEqual(wrong, [], `${lang}: ${texts.join(' ')}`);
  }
});

behaviour('no digit of an amount is lost', async (world) => {
  const { drawn } = await pageOf(world, sabotage);
  const cases = {
    'JPY-1200': '1,200',
    'IDR-5000000': '50,000.00',
    'CLF-1': '0.0001',
    'CNY-999999999999999': '9,999,999,999,999.99',
    // Two amounts that are one number once they are divided: not the browser's to write.
    'CNY-9007199254740893': '90071992547408.93',
    'CNY-9007199254740894': '90071992547408.94',
    'JPY-9007199254740991': '9007199254740991',
    'KWD-9007199254740991': '9007199254740.991',
    'CLF-9007199254740991': '900719925474.0991',
  };
  const texts = await drawn('en', Object.keys(cases));
  assert.deepEqual(texts.map(digitsOf), Object.values(cases));
});

for (const [what, broken] of Object.entries({
  'throws at every language': () => {
    Intl.NumberFormat = function NumberFormat() { throw new RangeError('Incorrect locale information provided'); };
  },
  'writes nothing': () => {
    Object.defineProperty(Intl.NumberFormat.prototype, 'format', { get: () => () => '' });
  },
  'has decimals of its own': () => {
    Object.defineProperty(Intl.NumberFormat.prototype, 'format', { get: () => (value) => `¥${value.toFixed(1)}` });
  },
  'is not there': () => {
    delete window.Intl;
  },
})) {
  behaviour(`an amount is written by its code where the browser's Intl ${what}`, async (world) => {
    const { drawn } = await pageOf(world, (page) => page.addInitScript(broken));
    // The first has its signs in our own table, which asks nobody.
    const texts = await drawn('en', ['CNY-1999', 'CLP-1200', 'IDR-5000000']);
    assert.deepEqual(texts, ['CN¥19.99', 'CLP\u00a01200', 'IDR\u00a050000.00']);
  });
}
