// What is fetched when it is needed, and did not come: it is asked for again.

/** The first wait, in milliseconds; each is twice as long as the one before. */
const FIRST_MS = 600;
const LONGEST_MS = 30000;

/** How long to wait after so many failures in a row. Cashiers that lost the same server do not come back at the same time. */
export const delay = (failures) => Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS) * (0.5 + Math.random() / 2);

/** Runs `task` after `ms`, or as soon as there is a network again or somebody looks. Returns what cancels it. */
export function later(ms, task, browser) {
  const { document } = browser;
  const cancel = () => {
    browser.clearTimeout(timer);
    browser.removeEventListener('online', run);
    document.removeEventListener('visibilitychange', onSeen);
  };
  const run = () => {
    cancel();
    task();
  };
  const onSeen = () => document.visibilityState === 'visible' && run();
  const timer = browser.setTimeout(run, ms);
  browser.addEventListener('online', run);
  document.addEventListener('visibilitychange', onSeen);
  return cancel;
}

/**
 * Calls `bring(failures)` until it succeeds, has failed `tries` times, or fails in a way that `mayCome` says is for good.
 * `onFailure` is called with the first failure. `brought` is the promise of what it gives; after `stop()` it stays open.
 */
export function again(bring, { tries = 3, mayCome = isMissing, onFailure = () => {}, browser = self } = {}) {
  let stopped = false;
  let cancel = () => {};
  const brought = new Promise((resolve, reject) => {
    let failures = 0;
    const attempt = () => Promise.resolve().then(() => bring(failures)).then((found) => {
      if (!stopped) {
        resolve(found);
      }
    }, (error) => {
      failures += 1;
      if (failures === 1 && !stopped) {
        onFailure(error);
      }
      if (stopped) {
        return; // by whom it was told, too
      }
      if (failures < tries && mayCome(error)) {
        cancel = later(delay(failures), attempt, browser);
      } else {
        reject(error);
      }
    });
    attempt();
  });
  return {
    brought,
    stop() {
      stopped = true;
      cancel();
    },
  };
}

/** As `again`, of a module: `bring` is `() => import('./file.js')`, with the name in full for bundlers. */
export const moduleAgain = (bring, options) => again(
  (failures) => (failures ? bring().catch((error) => elsewhere(error, failures)) : bring()),
  options,
);

/** Whether a module could not be had, as opposed to not read. webpack has an error of its own for that. */
export const isMissing = (error) => error instanceof TypeError || (error && error.name === 'ChunkLoadError');

/**
 * The module under another address. Chromium keeps a module that it could not fetch as failed under its address for as long as
 * the page lives, and so did other browsers (https://github.com/whatwg/html/pull/10327); with a fragment it is another
 * address for the browser and the same one for the server. Chromium and Firefox say in the error which one it was.
 */
function elsewhere(error, failures) {
  const [address] = /\bhttps?:\/\/[^\s#]+$/.exec(error.message) || [];
  if (!(error instanceof TypeError) || !address || new URL(address).origin !== new URL(import.meta.url).origin || isPinned()) {
    throw error;
  }
  return import(`${address}#${failures}`);
}

/** What an import map's `integrity` pins is to be had under its own address or not at all. */
function isPinned() {
  return [...document.querySelectorAll('script[type="importmap"]')].some((map) => map.textContent.includes('"integrity"'));
}
