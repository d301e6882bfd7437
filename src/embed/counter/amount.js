// What is said of a payment.

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
 * An amount of the contract as it is spoken: digits, then the currency's name. The digits are those of the integer, moved
 * by the currency's decimals and never divided; `Intl` has the name and says how many decimals there are.
 */
export function spoken({ value, currency }, lang) {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`no amount: ${value}`);
  }
  const style = { style: 'currency', currency, currencyDisplay: 'name' };
  const decimals = new Intl.NumberFormat(lang, style).resolvedOptions().maximumFractionDigits;
  const all = String(value).padStart(decimals + 1, '0');
  const whole = all.slice(0, all.length - decimals);
  const rest = all.slice(all.length - decimals);
  // Nobody says "one hundred point zero zero".
  const digits = /[1-9]/.test(rest) ? `${whole}.${rest}` : whole;
  if (currency === 'CNY' && lang === 'zh-CN') {
    return `${digits}元`; // as WeChat's own speakers say it
  }
  // The number here only chooses between singular and plural: what is said are the digits above.
  const format = new Intl.NumberFormat(lang, { ...style, minimumFractionDigits: digits === whole ? 0 : decimals });
  const number = /^(integer|group|decimal|fraction)$/;
  let told = false;
  return format.formatToParts(Number(digits)).map(({ type, value: part }) => {
    if (!number.test(type)) {
      return part;
    }
    const said = told ? '' : digits;
    told = true;
    return said;
  }).join('').replace(/\s+/g, ' ').trim();
}
