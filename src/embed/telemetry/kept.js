// Batches that could not be sent, in the browser's storage until they can. One key for each, with its time in the name, so
// that two tabs do not write over each other and the oldest is found without reading any.

/** Followed by the time in base 36, which sorts until 2059, a dot and the batch's id. */
const PREFIX = 'wechat-cashier.batch.';
/** So many batches, and so many characters of them, are kept; older ones make room. */
const BATCHES_MAX = 40;
const CHARS_MAX = 60000;
/** After a week nobody asks any more. */
const LIFE_MS = 7 * 24 * 3600 * 1000;

/** Gives a batch to the browser. False: it did not take it. */
export function send(page, url, batch) {
  const { navigator } = page;
  try {
    // Text, not JSON: of another origin, JSON asks first (a preflight), and Chrome 59 to 80 refuses to send it at all.
    return navigator.onLine !== false && navigator.sendBeacon(url, JSON.stringify(batch));
  } catch (error) {
    return false; // there is no sendBeacon, or it does not take the address
  }
}

/** Puts a batch aside. The records of those that make room for it are counted in its `dropped`. False: nothing is kept here. */
export function keep(page, url, batch) {
  try {
    const storage = page.localStorage;
    const kept = names(storage);
    let chars = kept.reduce((sum, name) => sum + storage.getItem(name).length, 0);
    while (kept.length && (kept.length >= BATCHES_MAX || chars + text(url, batch).length > CHARS_MAX)) {
      const oldest = storage.getItem(kept[0]);
      storage.removeItem(kept.shift());
      chars -= oldest.length;
      batch.dropped += lost(oldest);
    }
    storage.setItem(PREFIX + page.Date.now().toString(36) + '.' + batch.batch_id, text(url, batch));
    return true;
  } catch (error) {
    return false; // full, forbidden, or another tab was quicker
  }
}

/** Sends what was put aside, the oldest first. Returns how many records were too old for that. */
export function sendKept(page) {
  let dropped = 0;
  try {
    const storage = page.localStorage;
    for (const name of page.navigator.onLine === false ? [] : names(storage)) {
      const kept = storage.getItem(name);
      // Taken away first: a tab that comes a moment later does not find it.
      storage.removeItem(name);
      const late = page.Date.now() - parseInt(name.slice(PREFIX.length), 36);
      if (late > LIFE_MS) {
        dropped += lost(kept);
      } else if (kept && !again(page, kept, late)) {
        storage.setItem(name, kept);
        break;
      }
    }
  } catch (error) {
    // As above.
  }
  return dropped;
}

/** False: not now. What cannot be read is none of ours, and done with. */
function again(page, kept, late) {
  let url, batch;
  try {
    ({ url, batch } = JSON.parse(kept));
    batch.sent_at_ms += Math.max(0, late);
  } catch (error) {
    return true;
  }
  return send(page, url, batch);
}

const names = (storage) => Object.keys(storage).filter((name) => name.startsWith(PREFIX)).sort();

const text = (url, batch) => JSON.stringify({ url, batch });

/** How many records go with a batch that is thrown away. */
function lost(kept) {
  try {
    const { batch } = JSON.parse(kept);
    return batch.events.length + batch.dropped;
  } catch (error) {
    return 0;
  }
}
