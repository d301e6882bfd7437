// The program and its words, fetched side by side, once for all cashiers of the page.
//
// The names of the files stand here in full, so that bundlers find them; `xtask finish` puts the names that they have on the
// hosted page.

import { imported, start } from './start.js';

export { Trouble, imported } from './start.js';

const PROGRAM = {
  wasm: new URL('./cashier.wasm', import.meta.url).href,
  glue: () => import('./glue.js'),
  fallback: () => import('./fallback.js'),
};
const WORDS = {
  'zh-CN': () => import('./words/zh-CN.js'),
  'zh-HK': () => import('./words/zh-HK.js'),
  en: () => import('./words/en.js'),
};

/** What has been asked for, by its name. */
const asked = new Map();

/** A failure is not remembered: the next one tries again. */
function once(name, bring) {
  if (!asked.has(name)) {
    const brought = bring();
    asked.set(name, brought);
    brought.catch(() => asked.delete(name));
  }
  return asked.get(name);
}

/** The program's class. Rejects with a `Trouble`. */
export const load = () => once('program', () => start(PROGRAM));

/** The words of a built-in language, in the program's order. */
export const words = (tag) => once(tag, () => imported(WORDS[tag]).then((module) => module.default));

/** The first of these languages that is there, or English for readers of none (BCP 47). */
export function language(tags) {
  for (const tag of tags) {
    const [name, ...rest] = String(tag).toLowerCase().split(/[-_]/);
    if (name === 'zh') {
      return rest.some((part) => /^(hk|mo|tw|hant)$/.test(part)) ? 'zh-HK' : 'zh-CN';
    }
    if (name === 'en') {
      return name;
    }
  }
  return 'en';
}

/** A language tag as BCP 47 writes it, such as `fr-FR` for `fr_FR`; nothing for what is none: `Intl` throws at that. */
export function canonical(tag) {
  try {
    return Intl.getCanonicalLocales(String(tag).replace(/_/g, '-'))[0] || '';
  } catch (error) {
    return '';
  }
}
