// What the host is told of the cashier's own files, by the events that the program's news come in too.

function fire(target, name, detail, cancelable) {
  const order = target.order || '';
  return target.dispatchEvent(new CustomEvent(`cashier-${name}`, { detail: { order, ...detail }, bubbles: true, composed: true, cancelable }));
}

/** Something is missing that can be done without: `cashier-error`, not fatal. */
export const tellMissing = (target, code, detail) => fire(target, 'error', { code, detail, fatal: false }, false);

/** Loads the page again, unless the host keeps it. */
export function reload(target, location = self.location) {
  if (fire(target, 'navigate', { url: location.href, reason: 'reload' }, true)) {
    location.reload();
  }
}
