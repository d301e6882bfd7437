// Starts the program: as WebAssembly, and where that is missing, forbidden or fails, as JavaScript.

import { again, isMissing, moduleAgain } from './fetched.js';

/** A reason why there is no program; its name is the code that `cashier-error` says. */
export class Trouble extends Error {
  constructor(code, reason) {
    super(reason);
    this.name = code;
  }
}

/** The smallest module there is: it holds nothing. */
const EMPTY = [0, 97, 115, 109, 1, 0, 0, 0];

/**
 * The program's class, out of these files: `wasm` is an address, `glue` and `fallback` import a module. Rejects with a
 * `Trouble`: `file_missing`, `file_unreachable`, or `no_webassembly` where neither of the two programs runs.
 */
export async function start({ wasm, glue, fallback }, browser = self) {
  let refused;
  try {
    return await asWasm(wasm, glue, browser);
  } catch (error) {
    if (error instanceof Trouble) {
      throw error;
    }
    refused = error;
  }
  try {
    const { default: init, Cashier } = await imported(fallback, browser);
    await init();
    return Cashier;
  } catch (error) {
    throw error instanceof Trouble ? error : new Trouble('no_webassembly', `${refused}; then ${error}`);
  }
}

async function asWasm(wasm, glue, browser) {
  const { WebAssembly } = browser;
  // Before anything is fetched: may one run here at all? A policy forbids the module in Chromium and Firefox, and in WebKit
  // only the instance.
  void new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(EMPTY)));
  const glued = imported(glue, browser);
  glued.catch(() => {}); // told below, after what the wasm has to say
  const module = await compiled(wasm, browser);
  const { default: init, Cashier } = await glued;
  await init({ module_or_path: module });
  return Cashier;
}

async function compiled(wasm, browser) {
  const { WebAssembly } = browser;
  if (WebAssembly.compileStreaming) {
    const response = await fetched(wasm, (answer) => answer, browser);
    try {
      return await WebAssembly.compileStreaming(response);
    } catch (error) {
      // Most often a server that does not know the type application/wasm. Once more, from the browser's cache.
    }
  }
  return WebAssembly.compile(await fetched(wasm, (answer) => answer.arrayBuffer(), browser));
}

/** What `read` makes of the answer. What can pass by itself is tried again. */
function fetched(address, read, browser) {
  const bring = async () => {
    let answer;
    try {
      answer = await browser.fetch(address, { credentials: 'same-origin' });
      const type = answer.headers.get('content-type');
      // Some servers answer every address with a page.
      if (answer.ok && !/^text\/html/.test(type)) {
        return await read(answer);
      }
      answer = `${answer.status} ${type}`;
    } catch (error) {
      throw new Trouble('file_unreachable', `${address}: ${error}`);
    }
    throw new Trouble(/^(5|408|429)/.test(answer) ? 'file_unreachable' : 'file_missing', `${address}: ${answer}`);
  };
  return again(bring, { mayCome: (error) => error.name === 'file_unreachable', browser }).brought;
}

/** The module, asked for again where it does not come. A browser does not say why; while there is a network, it is gone. */
export async function imported(bring, browser = self) {
  try {
    return await moduleAgain(bring, { browser }).brought;
  } catch (error) {
    throw isMissing(error) ? new Trouble(browser.navigator.onLine ? 'file_missing' : 'file_unreachable', String(error)) : error;
  }
}
