// Starts the program: as WebAssembly, and where that is missing, forbidden or fails, as JavaScript.

import { again, isMissing } from './fetched.js';

/** A reason why there is no program; its name is the code that `cashier-error` says. */
export class Trouble extends Error {
  constructor(code, reason) {
    super(reason);
    this.name = code;
  }
}

/** The smallest module there is: it holds nothing. */
const EMPTY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/**
 * The program's class, out of these files: `wasm` is a URL, `glue` and `fallback` import a module. Rejects with a
 * `Trouble`: `file_missing`, `file_unreachable`, or `no_webassembly` where neither of the two programs runs.
 */
export const start = ({ wasm, glue, fallback }) => asWasm(wasm, glue).catch(butTrouble((refused) => (
  begun(imported(fallback)).catch(butTrouble((error) => {
    throw new Trouble('no_webassembly', `${refused}; then ${error}`);
  }))
)));

/** Does this with any error that is no `Trouble` yet. */
const butTrouble = (act) => (error) => {
  if (error instanceof Trouble) {
    throw error;
  }
  return act(error);
};

async function begun(glued, files) {
  const { default: init, Cashier } = await glued;
  await init(files);
  return Cashier;
}

async function asWasm(wasm, glue) {
  // Before anything is fetched: may one run here at all? A policy forbids the module in Chromium and Firefox, and in WebKit
  // only the instance.
  void new WebAssembly.Instance(new WebAssembly.Module(EMPTY));
  const glued = imported(glue);
  glued.catch(() => {}); // told below, after what the wasm has to say
  return begun(glued, { module_or_path: await compiled(wasm) });
}

async function compiled(wasm) {
  if (WebAssembly.compileStreaming) {
    const response = await fetched(wasm, (answer) => answer);
    try {
      return await WebAssembly.compileStreaming(response);
    } catch (error) {
      // Most often a server that does not know the type application/wasm. Once more, from the browser's cache.
    }
  }
  return WebAssembly.compile(await fetched(wasm, (answer) => answer.arrayBuffer()));
}

/** What `read` makes of the answer. What can pass by itself is tried again. */
function fetched(address, read) {
  const bring = async () => {
    let reason;
    try {
      // As the head of the hosted page has a phone ask for it (Trunk.toml): WebKit would ask twice if one had another mode.
      const asked = await fetch(address, location.origin === address.origin ? { mode: 'no-cors', credentials: 'include' } : {});
      // Of such an answer nothing can be read where a redirect has led to another origin.
      const answer = asked.status ? asked : await fetch(address);
      reason = `${answer.status} ${answer.headers.get('content-type')}`;
      // Some servers answer every address with a page.
      if (/^2.. (?!text\/html)/.test(reason)) {
        return await read(answer);
      }
    } catch (error) {
      reason = error;
    }
    throw new Trouble(/^(?!5|408|429)\d/.test(reason) ? 'file_missing' : 'file_unreachable', `${address}: ${reason}`);
  };
  return brought(bring);
}

const brought = (bring) => new Promise((resolve, reject) => again(bring, resolve, reject));

/** The module, asked for again where it does not come. A browser does not say why; while there is a network, it is gone. */
export const imported = (bring) => brought(bring).catch((error) => {
  throw isMissing(error) ? new Trouble(navigator.onLine ? 'file_missing' : 'file_unreachable', String(error)) : error;
});
