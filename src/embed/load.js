// The program and its words, fetched side by side, once for all cashiers of the page.
//
// The names of the files stand here in full, so that bundlers find them; `xtask finish` puts the names that they have on the
// hosted page.

import { imported, start } from './start.js';

export { Trouble, imported } from './start.js';

const WORDS = {
  'zh-CN': () => import('./words/zh-CN.js'),
  'zh-HK': () => import('./words/zh-HK.js'),
  en: () => import('./words/en.js'),
};

let program;

/** The program's class, asked for once. A failure is not remembered: the next one tries again. Rejects with a `Trouble`. */
export function load() {
  program = program || start({
    wasm: new URL('./cashier.wasm', import.meta.url),
    glue: () => import('./glue.js'),
    fallback: () => import('./fallback.js'),
  }).catch((error) => {
    program = undefined;
    throw error;
  });
  return program;
}

/** The words of a built-in language, in the program's order. */
export const words = (tag) => imported(WORDS[tag]).then((module) => module.default);

/** The first of these languages that is there, or English for readers of none (BCP 47). */
export function language(tags) {
  const tag = tags.find((tag) => /^(zh|en)([-_]|$)/i.test(tag));
  if (!/^zh/i.test(tag)) {
    return 'en';
  }
  return /[-_](hk|mo|tw|hant)([-_]|$)/i.test(tag) ? 'zh-HK' : 'zh-CN';
}

/** A language tag as BCP 47 writes it, such as `fr-FR` for `fr_FR`; nothing for what is none: `Intl` throws at that. */
export function canonical(tag) {
  try {
    return Intl.getCanonicalLocales(String(tag).replace(/_/g, '-'))[0] || '';
  } catch (error) {
    return '';
  }
}
