// What is said of a payment.

import EXPONENTS from './exponents.js';

const TEXTS = {
  'zh-CN': { SpokenPaid: '微信支付收款{}', TapForSound: '点按开启声音' },
  'zh-HK': { SpokenPaid: '微信支付收款{}', TapForSound: '點按開啟聲音' },
  en: { SpokenPaid: 'WeChat Pay received {}', TapForSound: 'Tap for sound' },
};

/** A built-in text in this language, and the language that it is in; the integrator's own text comes before it. */
export function text(key, tag, own) {
  if (own && typeof own[key] === 'string' && own[key].includes('{}') === TEXTS.en[key].includes('{}')) {
    return [own[key], tag];
  }
  const lang = !/^zh(-|$)/i.test(tag) ? 'en' : /-(hk|mo|tw|hant)(-|$)/i.test(tag) ? 'zh-HK' : 'zh-CN';
  return [TEXTS[lang][key], lang];
}

/**
 * An amount of the contract as it is spoken: digits, then the currency's name. The digits are those of the integer, with
 * the point where ISO 4217 has it; `Intl` has the name, and where it does not, the code is said.
 */
export function spoken({ value, currency }, lang) {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`no amount: ${value}`);
  }
  if (!/^[A-Z]{3}$/.test(currency)) {
    throw new RangeError(`no currency: ${currency}`);
  }
  const decimals = EXPONENTS[currency] ?? 2;
  const all = String(value).padStart(decimals + 1, '0');
  const whole = all.slice(0, all.length - decimals);
  const rest = all.slice(all.length - decimals);
  // Nobody says "one hundred point zero zero".
  const digits = /[1-9]/.test(rest) ? `${whole}.${rest}` : whole;
  if (currency === 'CNY' && lang === 'zh-CN') {
    return `${digits}元`; // as WeChat's own speakers say it
  }
  try {
    return named(digits, digits === whole ? 0 : decimals, currency, lang);
  } catch {
    return `${digits} ${currency}`; // the browser does not know the language
  }
}

function named(digits, decimals, currency, lang) {
  const format = new Intl.NumberFormat(lang, {
    style: 'currency', currency, currencyDisplay: 'name', minimumFractionDigits: decimals, maximumFractionDigits: decimals,
  });
  const number = /^(integer|group|decimal|fraction)$/;
  let told = false;
  // The number here only chooses between singular and plural: what is said are the digits above.
  const said = format.formatToParts(Number(digits)).map(({ type, value: part }) => {
    if (!number.test(type)) {
      return part;
    }
    const first = told ? '' : digits;
    told = true;
    return first;
  }).join('').replace(/\s+/g, ' ').trim();
  if (!told) {
    throw new RangeError(`no number: ${said}`);
  }
  return said;
}
