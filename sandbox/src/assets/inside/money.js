// Amounts, by the exponents of ISO 4217 that `exponents.js` has.

function decimalsOf(currency) {
  return currency in EXPONENTS ? EXPONENTS[currency] : 2;
}

function money(amount, lang) {
  const decimals = decimalsOf(amount.currency);
  const format = new Intl.NumberFormat(lang || 'zh-CN', {
    style: 'currency', currency: amount.currency, minimumFractionDigits: decimals, maximumFractionDigits: decimals,
  });
  return format.format(amount.value / Math.pow(10, decimals));
}

