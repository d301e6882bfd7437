// An integrator's own texts in place of the built-in ones.

import keys from './keys.js';

/** What only a counter's screen says, by a script of its own. */
const ELSEWHERE = /^(SpokenPaid|TapForSound)$/;

/**
 * The words in the language `lang` with these texts in place. `base`, a built-in language, fills what is missing, and `fire`
 * tells when that is another one than the texts are in, when a key is not known, and when a text has lost the place of its value (`{}`): nothing that
 * the payer must know goes missing.
 */
export async function replaced(lang, base, texts, words, fire) {
  const list = await words(base);
  const same = lang.slice(0, 2).toLowerCase() === base.slice(0, 2);
  const wrong = Object.keys(texts).filter((key) => !keys.includes(key) && !ELSEWHERE.test(key));
  const missing = [];
  const said = keys.map((key, index) => {
    const text = texts[key];
    if (typeof text === 'string' && text.includes('{}') === list[index].includes('{}')) {
      return text;
    }
    if (text !== undefined) {
      wrong.push(key);
    } else if (!same) {
      missing.push(key);
    }
    return list[index];
  });
  // A built-in text that names a button in quotes names it as it is.
  const button = keys.indexOf('HavePaid');
  const whole = said.map((text, index) => (text !== list[index] ? text
    : text.replace(/([“「])(.+)([”」])/, (quote, open, name, close) => (name === list[button] ? open + said[button] + close : quote))));
  const told = (code, which) => which.length && fire('error', { code, detail: which.join(' '), fatal: false });
  told('texts_unknown', wrong);
  told('texts_incomplete', missing);
  return whole;
}
