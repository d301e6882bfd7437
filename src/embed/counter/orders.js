// The next order, from another page of the same origin in the same browser.

/** An id of an order: no control characters, and no longer than a database's key. */
const ORDER = /^[^\u0000-\u001f\u007f]{1,200}$/;
/** What a header may hold (RFC 6750 section 2.1 allows less). */
const TOKEN = /^[\u0021-\u007e]{1,4096}$/;

/**
 * What a message asks for: `{order, token}` to show an order, `{order: ''}` to show none; nothing if it asks for nothing that
 * we know. Other pages may talk of other things on the channel.
 */
export function read(message) {
  if (typeof message !== 'object' || message === null) {
    return undefined;
  }
  const { type, order, token } = message;
  if (type === 'idle') {
    return { order: '' };
  }
  const named = typeof order === 'string' && ORDER.test(order) && order.trim() === order;
  const allowed = token === undefined || (typeof token === 'string' && TOKEN.test(token));
  return type === 'order' && named && allowed ? { order, token } : undefined;
}

/** Listens on the channel of this name; what it hears goes to `onOrder`. */
export function listen(browser, name, onOrder) {
  let channel;
  try {
    channel = new browser.BroadcastChannel(name);
  } catch (error) {
    return { tell() {}, stop() {} }; // too old for it, or a page that has no origin to share it with
  }
  channel.onmessage = ({ data }) => {
    const wanted = read(data);
    if (wanted) {
      onOrder(wanted);
    }
  };
  return {
    /** How the order stands, for the till. Never its token. */
    tell: (order, status) => channel.postMessage({ type: 'status', order, status }),
    stop() {
      channel.onmessage = null;
      channel.close();
    },
  };
}
