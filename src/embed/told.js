// How the host is told of something: what the program tells, and what becomes of the cashier's own files.

/** An event that leaves the shadow root. */
export const eventOf = (name, detail, cancelable) => new CustomEvent(`cashier-${name}`, { detail, bubbles: true, composed: true, cancelable });

/** Without a program that would know, the order is the one that the target has. */
const orderOf = (target) => target.order || '';

/** Something is missing that can be done without: `cashier-error`, not fatal. */
export const tellMissing = (target, code, detail) => target.dispatchEvent(eventOf('error', { order: orderOf(target), code, detail, fatal: false }));

/** Loads the page again, unless the host keeps it. */
export function reload(target, location = self.location) {
  if (target.dispatchEvent(eventOf('navigate', { order: orderOf(target), url: location.href, reason: 'reload' }, true))) {
    location.reload();
  }
}
