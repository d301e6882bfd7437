// What is fetched when it is needed, and did not come: it is asked for again.

/** The first wait, in milliseconds; each is twice as long as the one before. */
const FIRST_MS = 600;
const LONGEST_MS = 30000;
/** So often it is tried, unless the caller has a rule of its own. */
const TRIES = 3;

/** How long to wait after so many failures in a row. Cashiers that lost the same server do not come back at the same time. */
export const delay = (failures) => Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS) * (0.5 + Math.random() / 2);

/** Runs `task` after so many failures, or as soon as there is a network again or somebody looks. Returns what cancels it. */
export function later(failures, task) {
  const cancel = () => {
    clearTimeout(timer);
    removeEventListener('online', run);
    document.removeEventListener('visibilitychange', onSeen);
  };
  const run = () => {
    cancel();
    task();
  };
  const onSeen = () => document.visibilityState === 'visible' && run();
  const timer = setTimeout(run, delay(failures));
  addEventListener('online', run);
  document.addEventListener('visibilitychange', onSeen);
  return cancel;
}

/** Whether something could not be had, as opposed to not read. webpack has an error of its own for a module, `start.js` for the wasm. */
export const isMissing = (error) => /^(TypeError|ChunkLoadError|file_unreachable)/.test(error);

const goesOn = (error, failures) => failures < TRIES && isMissing(error);

/**
 * Calls `bring`, which is a fetch or `() => import('./file.js')` with the name in full for bundlers, until it succeeds, which
 * `onFound` hears, or until `mayCome(error, failures)` says no, which `onGone` hears. Returns what stops it: neither hears
 * of anything then.
 */
export function again(bring, onFound, onGone, mayCome = goesOn) {
  let failures = 0;
  let stopped = false;
  let cancel = () => {};
  const attempt = () => bring().catch((error) => elsewhere(error, failures)).then((found) => stopped || onFound(found), (error) => {
    failures += 1;
    if (stopped) {
      return;
    }
    if (mayCome(error, failures)) {
      cancel = later(failures, attempt);
    } else {
      onGone(error);
    }
  });
  attempt();
  return () => {
    stopped = true;
    cancel();
  };
}

/** Hands to `use` a module that can be done without. Returns what stops that, and what `use` has returned by then. */
export function optional(bring, use, mayCome) {
  let stop = again(bring, (module) => {
    stop = use(module);
  }, () => {}, mayCome);
  return () => stop();
}

/**
 * The module under another address. Chromium keeps a module that it could not fetch as failed under its address for as long as
 * the page lives, and so did other browsers (https://github.com/whatwg/html/pull/10327); with a fragment it is another
 * address for the browser and the same one for the server. Chromium and Firefox say in the error which one it was.
 */
function elsewhere(error, failures) {
  const [, address = ''] = /^TypeError.* ([^\s#]+)$/.exec(error) || [];
  // A file that there is: of any other address, bundlers warn, bring along what they take it for, or write a path of theirs.
  const { origin } = new URL('./cashier.wasm', import.meta.url);
  if (!failures || !address.startsWith(`${origin}/`)) {
    throw error;
  }
  // What an import map's `integrity` pins is to be had under its own address or not at all.
  if ([...document.scripts].some(({ type, text }) => type === 'importmap' && /"integrity"/.test(text))) {
    throw error;
  }
  return import(`${address}#${failures}`);
}

