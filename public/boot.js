// Starts the cashier: fetches the glue and the wasm side by side, and says so on the page when that cannot be done.
// Where there is no WebAssembly it takes the fallback in their place, which is both in JavaScript.
// Trunk.toml puts the names of all on this script's tag. esbuild rewrites what the oldest kernels would not parse.

const TEXT = {
  zh: {
    unsupported: '当前浏览器无法运行收银台。请更新微信或换用其他浏览器。',
    unreachable: '收银台加载失败，请检查网络后重试。',
    stopped: '收银台意外停止。付款结果以商户订单为准，请重新加载查看。',
    reload: '重新加载',
  },
  en: {
    unsupported: 'This browser cannot run the cashier. Please update it, or use another one.',
    unreachable: 'The cashier could not be loaded. Check the connection and try again.',
    stopped: 'The cashier has stopped. Nothing is lost: load it again to see the state of your payment.',
    reload: 'Try again',
  },
};

const RELOADED = 'wechat-cashier.reloaded-for';

/** A reason the payer is told; `kind` is a key of TEXT. */
class Trouble extends Error {
  constructor(kind, reason) {
    super(reason);
    this.kind = kind;
  }
}

const script = document.querySelector('script[data-glue][data-wasm][data-fallback]');
const glueUrl = new URL(script.dataset.glue, document.baseURI).href;
const wasmUrl = new URL(script.dataset.wasm, document.baseURI).href;
const fallbackUrl = new URL(script.dataset.fallback, document.baseURI).href;

async function start() {
  const [glue, module] = mayCompile() ? await Promise.all([loadScript(glueUrl), loadModule()]) : [];
  if (module) {
    await glue.default({ module_or_path: module });
  } else {
    await (await loadScript(fallbackUrl)).default();
  }
}

async function loadScript(url) {
  try {
    return await import(url);
  } catch (error) {
    await fetchFile(url); // tells a missing file from a missing network
    throw new Trouble('unsupported', String(error));
  }
}

/** May a module be compiled here at all? Asked with the smallest there is, before anything is fetched. */
function mayCompile() {
  try {
    return Boolean(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  } catch (error) {
    return false; // there is no WebAssembly, or a content security policy forbids it
  }
}

/** Undefined if this browser takes the file and makes no module of it. */
async function loadModule() {
  const response = await fetchFile(wasmUrl);
  if (WebAssembly.compileStreaming) {
    try {
      return await WebAssembly.compileStreaming(response);
    } catch (error) {
      // Most often a server that does not know the type application/wasm. Once more, from the browser's cache.
      return compile(await fetchFile(wasmUrl));
    }
  }
  return compile(response);
}

async function compile(response) {
  try {
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) {
      return undefined;
    }
    throw new Trouble('unreachable', String(error));
  }
}

async function fetchFile(url) {
  let response;
  try {
    response = await fetch(url, { credentials: 'same-origin' });
  } catch (error) {
    throw new Trouble('unreachable', `${url}: ${error}`);
  }
  const isPage = (response.headers.get('content-type') || '').startsWith('text/html');
  if (response.ok && !isPage) {
    return response;
  }
  if ((response.status === 404 || response.status === 410 || isPage) && reloadOnce()) {
    return new Promise(() => {}); // the page is on its way out
  }
  throw new Trouble('unreachable', `${url}: ${isPage ? 'a page' : response.status}`);
}

/** A file is gone: a release has replaced it since this page was fetched or cached. The new page names the new files. */
function reloadOnce() {
  try {
    if (sessionStorage.getItem(RELOADED) !== wasmUrl) {
      sessionStorage.setItem(RELOADED, wasmUrl);
      location.reload();
      return true;
    }
  } catch (error) {
    // Without storage a reload could go on for ever: the payer has the button.
  }
  return false;
}

function show(kind, reason) {
  const text = TEXT[/^zh/i.test(navigator.language || '') ? 'zh' : 'en'];
  const element = (name, className, content) => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = content;
    return made;
  };
  const button = element('button', 'boot-reload', text.reload);
  button.type = 'button';
  button.addEventListener('click', () => location.reload());
  const box = element('div', 'boot-trouble', '');
  box.setAttribute('role', 'alert');
  box.append(element('p', 'boot-text', text[kind]), button, element('p', 'boot-reason', reason));
  const cashier = document.getElementById('cashier') || document.body;
  cashier.textContent = '';
  cashier.removeAttribute('aria-busy');
  cashier.append(box);
}

// A release build that panics stops at once, saying nothing: what is on the page then answers to nobody.
function watch(error) {
  if (error && error.name === 'RuntimeError') { // WebAssembly's, and the fallback's
    show('stopped', String(error));
  }
}
addEventListener('error', (event) => watch(event.error));
addEventListener('unhandledrejection', (event) => watch(event.reason));

start().catch((error) => show(error.kind || 'stopped', error.message || String(error)));
