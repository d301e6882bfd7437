// Optional telemetry: watches the events that a cashier dispatches and sends what they tell of the payer's way through it
// to the order's `telemetry_url`. It changes nothing and needs nothing of the cashier. docs/telemetry.md has the whole of it.

import { take } from './telemetry/funnel.js';
import { keep, send, sendKept } from './telemetry/kept.js';
import { random, recall, remember } from './telemetry/visit.js';

/** Records wait for company so long, in milliseconds, */
const WAIT_MS = 10000;
/** and until there are so many. */
const BATCH_MAX = 20;
/** Where neither the network nor the storage takes them, so many wait in the page. */
const WAITING_MAX = 60;

const EVENTS = ['status', 'paid', 'expired', 'closed', 'error', 'navigate'].map((name) => `cashier-${name}`);

/**
 * Measures one cashier with one order, until the function that is returned is called.
 *
 * `target` dispatches the cashier's events. `url` is where batches go, as the core allowed it; `order` the order's id, which
 * stays in this tab; `lang` and `layout` are told as they are. `since` is when the cashier came onto the page, by
 * `performance.now()`, and `past` are the events that it has dispatched since, for this file may come later than they.
 */
export function measure(target, { url, order, lang, layout, since, past = [] }, page = window) {
  const { document, performance } = page;
  const start = since === undefined ? performance.now() : since;
  const began = page.Date.now() - Math.round(performance.now() - start);
  const visit = recall(page, order, began);
  const { seen } = visit;
  // Within a page the clock that nobody sets; between pages of a visit there is only the other.
  const before = began - visit.began;
  let waiting = [];
  let timer;

  /** A moment as milliseconds of the visit: never going back, and never ahead, for old kernels count an event's time from 1970. */
  const moment = (time) => (visit.at = Math.max(visit.at, Math.round(before + Math.min(time, performance.now()) - start)));

  function flush() {
    page.clearTimeout(timer);
    timer = undefined;
    if (waiting.length) {
      const batch = {
        v: 1, batch_id: random(page), visit: visit.id, lang, layout,
        sent_at_ms: moment(performance.now()), dropped: seen.dropped, events: waiting,
      };
      if (send(page, url, batch) || keep(page, url, batch)) {
        seen.dropped = 0;
        waiting = [];
      } else {
        waiting = waiting.slice(-WAITING_MAX);
        seen.dropped = batch.dropped + batch.events.length - waiting.length;
      }
    }
    remember(page, visit);
  }

  function hear(type, detail, time) {
    waiting.push(...take(seen, type, detail, moment(time)));
    if (waiting.length >= BATCH_MAX) {
      flush();
    } else if (waiting.length && timer === undefined) {
      timer = page.setTimeout(flush, WAIT_MS);
    }
  }

  const now = (type) => hear(type, undefined, performance.now());
  const onEvent = ({ type, detail }) => hear(type, detail, performance.now());
  const onHide = () => document.visibilityState === 'hidden' && flush();
  const onLeave = () => {
    now('left');
    flush();
  };
  // Out of the browser's cache of pages: the visit goes on.
  const onBack = ({ persisted }) => persisted && now('back');
  const onLine = () => {
    flush();
    seen.dropped += sendKept(page);
  };
  const listeners = EVENTS.map((type) => [target, type, onEvent]).concat([
    [document, 'visibilitychange', onHide],
    [page, 'pagehide', onLeave], // not `unload`: phones do not tell it, and it keeps pages out of that cache
    [page, 'pageshow', onBack],
    [page, 'online', onLine],
  ]);

  hear('shown', undefined, start);
  for (const { type, detail, timeStamp } of past) {
    if (EVENTS.includes(type)) {
      hear(type, detail, timeStamp);
    }
  }
  seen.dropped += sendKept(page);
  for (const [source, type, listener] of listeners) {
    source.addEventListener(type, listener);
  }

  let stopped = false;
  return () => {
    if (!stopped) {
      stopped = true;
      for (const [source, type, listener] of listeners) {
        source.removeEventListener(type, listener);
      }
      onLeave();
    }
  };
}
