// One cashier in one place: asks for the order before the program is there, and turns what it tells into DOM events.

import { moduleAgain } from './fetched.js';
import { Trouble, imported, language, load, words } from './load.js';

/** So many events wait for what measures them, which most orders have not. */
const PAST_MAX = 50;

/**
 * Starts a cashier. `place` is painted into, `target` hears the events; `settings` are read by Cashier::new in mod.rs too.
 * `onStop(code, reason)`: there is no program, or no longer. Returns what the host does with it.
 */
export function open(place, target, settings, onStop) {
  const { order, api, token, lang, layout, first, texts } = settings;
  const controller = typeof AbortController === 'function' ? new AbortController() : undefined;
  let cashier;
  let closed;
  const wished = [];
  let stopMeasuring = () => {};
  const since = performance.now();
  /** What was fired before anybody measured it. */
  const past = [];
  let state = { status: 'loading' };

  const fire = (name, detail, cancelable = false) => {
    const init = { detail: { order, ...detail }, bubbles: true, composed: true, cancelable };
    const event = new CustomEvent(`cashier-${name}`, init);
    if (past.length < PAST_MAX) {
      past.push(event);
    }
    return target.dispatchEvent(event);
  };
  const fail = (code, detail, fatal) => fire('error', { code, detail, fatal });
  const heard = {
    report(status, screen, method, stage, code, detail, fatal) {
      const before = state;
      state = { status, shown: [status, screen, method, stage].join(), error: code && [code, detail].join() };
      if (state.shown !== before.shown) {
        fire('status', { status, screen, method, stage, previous: before.status });
      }
      if (status !== before.status) {
        if (before.status === 'loading') {
          fire('ready');
        }
        if (/^(expired|closed)$/.test(status)) {
          fire(status);
        }
      }
      if (code && state.error !== before.error) {
        fail(code, detail, Boolean(fatal));
      }
    },
    paid: (currency, value) => fire('paid', { amount: { value, currency } }),
    go: (url, reason) => fire('navigate', { url, reason }, true),
    measure(url) {
      const measuring = moduleAgain(() => import('./telemetry.js'));
      stopMeasuring = measuring.stop;
      measuring.brought.then(({ measure }) => {
        if (!closed) {
          stopMeasuring = measure(target, { url, order, lang, layout, since, past });
        }
      }, () => {}); // the shop counts one payer less
    },
  };

  // A release build that panics stops at once, saying nothing: what is on the page then answers to nobody. Most errors of a
  // page are not ours: the program is asked, or the error names one of its files.
  const watch = ({ error, reason = error }) => {
    if (cashier && (!cashier.is_well() || /^Runtime[^]*(cashier|fallback)/.test(reason && reason.name + reason.stack))) {
      cashier = undefined;
      stopped(reason);
    }
  };
  addEventListener('error', watch);
  addEventListener('unhandledrejection', watch);

  // A link back to the shop is followed by the browser itself; the host may have it otherwise.
  const click = (event) => {
    const link = event.target.closest('a[href]');
    if (link && !heard.go(link.href, 'shop')) {
      event.preventDefault();
    }
  };
  place.addEventListener('click', click);

  const asked = first ? 0 : performance.now();
  const early = order ? ask() : undefined;
  function ask() {
    const headers = { accept: 'application/json' };
    if (token) {
      headers.authorization = `Bearer ${token}`;
    }
    const url = `${api.replace(/\/+$/, '')}/orders/${encodeURIComponent(order)}?n=${Math.random()}`;
    const answer = first
      ? Promise.resolve(new Response(first, { headers: { 'content-type': 'application/json' } }))
      : fetch(url, { headers, cache: 'no-store', signal: controller && controller.signal });
    answer.catch(() => {}); // the program hears of it
    return answer;
  }

  const said = texts
    ? imported(() => import('./words/replace.js')).then(({ replaced }) => replaced(lang, language([lang]), texts, words, fail))
    : words(lang);
  Promise.all([load(), said]).then(([Cashier, list]) => {
    if (!closed) {
      cashier = new Cashier(place, { ...settings, words: list, early, asked, controller }, (kind, ...rest) => heard[kind](...rest));
      wished.forEach((name) => cashier[name]());
    }
  }).catch(stopped);
  function stopped(error) {
    if (!closed) {
      const code = error instanceof Trouble ? error.name : 'stopped';
      const reason = String(error);
      state = { ...state, status: 'error' };
      fail(code, reason, true);
      onStop(code, reason);
    }
  }

  return {
    status: () => state.status,
    /** `refresh`, `retry` or `close`, now or as soon as there is a program. */
    wish: (name) => (cashier ? cashier[name]() : wished.push(name)),
    end() {
      closed = true;
      removeEventListener('error', watch);
      removeEventListener('unhandledrejection', watch);
      place.removeEventListener('click', click);
      if (controller) {
        controller.abort();
      }
      if (cashier) {
        cashier.free();
      }
      stopMeasuring();
    },
  };
}
