// `import 'wechat-cashier/warm'`: for the page before the checkout, such as a cart. It fetches what a cashier needs while that
// page has nothing to do, so that the next one has it. It opens no cashier, asks for no order, and is no visit.

import { language, words } from './load.js';

const UNHURRIED = { credentials: 'same-origin', priority: 'low' };
const fetched = async (address) => (await fetch(address, UNHURRIED)).arrayBuffer();

/** In the order in which a cashier needs them. */
const FILES = [
  () => import('./wechat-cashier.js'),
  () => fetched(new URL('./cashier.css', import.meta.url)),
  () => words(language([document.documentElement.lang, ...navigator.languages])),
  () => import('./glue.js'),
  () => fetched(new URL('./cashier.wasm', import.meta.url)),
];

const loaded = () => new Promise((resume) => {
  if (document.readyState === 'complete') {
    resume();
  } else {
    addEventListener('load', resume, { once: true });
  }
});

/** Safari has no such moment; a task after all others is the nearest. */
const idle = () => new Promise((resume) => (self.requestIdleCallback || setTimeout)(resume));

/** Whether the payer pays for each byte, or waits for it. */
function isDear({ saveData, effectiveType } = navigator.connection || {}) {
  return saveData || /2g/.test(effectiveType);
}

async function warm() {
  await loaded();
  for (const bring of FILES) {
    await idle();
    await bring();
  }
}

if (typeof document === 'object' && !isDear()) {
  warm().catch(() => {}); // the checkout fetches what is missing, and says what it cannot have
}
