// The screen stays on: a customer who looks for the code finds it (field problem 29).

/** Holds a wake lock for as long as the page is seen. Returns what lets go of it. */
export function awake(browser) {
  const { document, navigator } = browser;
  let stopped = false;
  let asking = false;
  let lock;

  async function hold() {
    if (stopped || asking || lock || document.visibilityState !== 'visible') {
      return;
    }
    asking = true;
    try {
      const held = await navigator.wakeLock.request('screen');
      if (stopped) {
        held.release().catch(() => {});
      } else {
        lock = held;
        // The browser lets go of it by itself when the page is hidden, and when the battery is low.
        held.onrelease = () => { lock = undefined; };
      }
    } catch (error) {
      // Not now: hidden meanwhile, or a device that saves its battery. Asked again when the page is next seen.
    }
    asking = false;
  }

  if (navigator.wakeLock) { // of secure pages, in browsers that have it
    document.addEventListener('visibilitychange', hold);
    hold();
  }
  return () => {
    stopped = true;
    document.removeEventListener('visibilitychange', hold);
    if (lock) {
      lock.onrelease = null;
      lock.release().catch(() => {});
      lock = undefined;
    }
  };
}
