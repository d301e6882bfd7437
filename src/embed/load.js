// Brings the program: glue, wasm and words side by side; where there is no WebAssembly, the same program in JavaScript.
//
// The names of the files stand here in full, so that bundlers find them; `xtask finish` puts the names that they have on the
// hosted page.

/** A reason why there is no program; its name is the code that `cashier-error` says. */
export class Trouble extends Error {
  constructor(code, reason) {
    super(reason);
    this.name = code;
  }
}

const WASM = new URL('./cashier.wasm', import.meta.url).href;
const WORDS = {
  'zh-CN': () => import('./words/zh-CN.js'),
  'zh-HK': () => import('./words/zh-HK.js'),
  en: () => import('./words/en.js'),
};
const RELOADED = 'wechat-cashier.reloaded-for';

let program;

/** The program, started once for all cashiers of the page. A failure is not remembered: the next one tries again. */
export function load() {
  program = program || start().catch((error) => {
    program = undefined;
    throw error;
  });
  return program;
}

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

/** The words of a built-in language, in the program's order. */
export const words = async (tag) => (await imported(WORDS[tag]())).default;

async function start() {
  if (mayCompile()) {
    const glue = imported(import('./glue.js'));
    glue.catch(() => {}); // told below, after what the wasm has to say
    const module = await compiled();
    if (module) {
      const { default: init, Cashier } = await glue;
      await init({ module_or_path: module });
      return Cashier;
    }
  }
  const { default: init, Cashier } = await imported(import('./fallback.js'));
  await init();
  return Cashier;
}

/** May a module be compiled here at all? Asked with the smallest there is, before anything is fetched. */
function mayCompile() {
  try {
    return Boolean(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  } catch (error) {
    return false; // there is no WebAssembly, or a content security policy forbids it
  }
}

/** The module; nothing if this browser takes the file and makes no module of it. */
async function compiled() {
  const response = await fetched();
  try {
    if (WebAssembly.compileStreaming) {
      return await WebAssembly.compileStreaming(response);
    }
  } catch (error) {
    // Most often a server that does not know the type application/wasm. Once more, from the browser's cache.
    return compiledWhole(await fetched());
  }
  return compiledWhole(response);
}

async function compiledWhole(response) {
  let bytes;
  try {
    bytes = await response.arrayBuffer();
  } catch (error) {
    throw new Trouble('file_unreachable', `${WASM}: ${error}`);
  }
  return WebAssembly.compile(bytes).catch(() => {});
}

async function fetched() {
  let response;
  try {
    response = await fetch(WASM, { credentials: 'same-origin' });
  } catch (error) {
    throw new Trouble('file_unreachable', `${WASM}: ${error}`);
  }
  const type = response.headers.get('content-type');
  // Some servers answer every address with a page.
  if (response.ok && !/^text\/html/.test(type)) {
    return response;
  }
  return missing(`${WASM}: ${response.status} ${type}`, response.status < 500);
}

/** What was imported. A browser does not say why it was not; while there is a network, the file is gone. */
async function imported(module) {
  try {
    return await module;
  } catch (error) {
    if (error instanceof TypeError) {
      return missing(String(error), navigator.onLine);
    }
    throw new Trouble('no_webassembly', String(error)); // this browser cannot read what it got
  }
}

/** A file is gone: a release has replaced it since this page was fetched or cached. The new page names the new files. */
function missing(reason, isGone) {
  try {
    if (isGone && sessionStorage.getItem(RELOADED) !== WASM) {
      sessionStorage.setItem(RELOADED, WASM);
      location.reload();
      return new Promise(() => {}); // the page is on its way out
    }
  } catch (error) {
    // Without storage a reload could go on for ever: the payer has the button.
  }
  throw new Trouble(isGone ? 'file_missing' : 'file_unreachable', reason);
}
