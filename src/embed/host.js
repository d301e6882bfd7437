// One cashier in one place: asks for the order before the program is there, and dispatches what that tells as DOM events.

import { moduleAgain } from './fetched.js';
import { Trouble, imported, language, load, words } from './load.js';

/** So many events wait for what measures them, which most orders have not. */
const PAST_MAX = 50;
/** A first answer that may be older is asked for anew, in milliseconds. The core has the same bound. */
const FIRST_MAX_MS = 10000;

/**
 * Starts a cashier. `place` is painted into, `target` hears the events; `settings` are read by Cashier::new in mod.rs too.
 * `onStop(code, reason)`: there is no program, or no longer. Returns what the host does with it.
 */
export function open(place, target, settings, onStop) {
  const { order, api, token, lang, layout, texts } = settings;
  const controller = typeof AbortController === 'function' ? new AbortController() : undefined;
  const since = performance.now();
  /** What was fired before anybody measured it. */
  const past = [];
  /** What was called before there was a program. */
  const calls = [];
  let cashier;
  let over; // how it stands once taken away, or stopped
  let told; // by then
  let stopMeasuring = () => {};

  const fire = (name, detail, cancelable = false) => {
    const init = { detail: { order, ...detail }, bubbles: true, composed: true, cancelable };
    const event = new CustomEvent(`cashier-${name}`, init);
    if (past.length < PAST_MAX) {
      past.push(event);
    }
    return target.dispatchEvent(event);
  };
  const fail = (code, detail, fatal) => fire('error', { code, detail, fatal });
  const tell = (name, detail, cancelable) => (name === 'measure' ? begin(detail.url) : fire(name, detail, cancelable));
  const begin = (url) => {
    const measuring = moduleAgain(() => import('./telemetry.js'));
    stopMeasuring = measuring.stop;
    measuring.brought.then(({ measure }) => {
      if (!over) {
        stopMeasuring = measure(target, { url, order, lang, layout, since, past });
      }
    }, () => {}); // the shop counts one payer less
  };

  // A release build that panics stops at once, saying nothing: what is on the page then answers to nobody. Most errors of a
  // page are not ours. In a microtask no program runs any more, so what is in the midst of something then, died there.
  const watch = ({ error, reason = error }) => Promise.resolve().then(() => cashier && cashier.died() && stop(reason));
  addEventListener('error', watch);
  addEventListener('unhandledrejection', watch);

  let { firstAsked: asked } = settings;
  let early;
  let growsOld;
  const ask = () => {
    asked = performance.now();
    const headers = { accept: 'application/json' };
    if (token) {
      headers.authorization = `Bearer ${token}`;
    }
    early = new Promise((resolve) => {
      const url = `${api.replace(/\/+$/, '')}/orders/${encodeURIComponent(order)}`;
      resolve(fetch(url, { headers, cache: 'no-store', signal: controller && controller.signal }));
    });
    early.catch(() => {}); // the program hears of it
  };
  if (answers(settings.first, order, since - asked)) {
    growsOld = setTimeout(ask, FIRST_MAX_MS - (since - asked));
  } else if (order) {
    ask();
  }

  const said = (tag, own) => {
    return own ? imported(() => import('./words/replace.js')).then(({ replaced }) => replaced(tag, language([tag]), own, words, fail)) : words(tag);
  };
  Promise.all([load(), said(lang, texts)]).then(([Cashier, list]) => {
    if (!over) {
      clearTimeout(growsOld);
      cashier = new Cashier(place, { ...settings, words: list, early, asked, controller }, tell);
      cashier.start();
      calls.splice(0).forEach((called) => call(...called));
    }
  }).catch(stop);

  /** Of the program, now or as soon as there is one. What it throws is its own fault; what listeners throw goes elsewhere. */
  function call(name, ...rest) {
    try {
      if (cashier) {
        cashier[name](...rest);
      } else if (!over) {
        calls.push([name, ...rest]);
      }
    } catch (error) {
      stop(error);
    }
  }

  /** Lets go of the program, also when it has died. */
  function release(why) {
    const mine = cashier;
    told = settings.told;
    over = why;
    cashier = undefined;
    clearTimeout(growsOld);
    removeEventListener('error', watch);
    removeEventListener('unhandledrejection', watch);
    if (controller) {
      controller.abort();
    }
    if (mine) {
      told = mine.told();
      mine.end();
      try {
        mine.free();
      } catch (error) {
        // It is held by a call that is under way, or that never came to its end.
      }
    }
  }

  function stop(error) {
    if (!over) {
      release('error');
      const code = error instanceof Trouble ? error.name : 'stopped';
      const reason = String(error);
      fail(code, reason, true);
      onStop(code, reason);
    }
  }

  let turn = 0;
  return {
    call,
    status: () => over || (cashier ? cashier.status() : 'loading'),
    /** In this language from now on, or with these texts. */
    say(tag, own) {
      const mine = ++turn;
      said(tag, own).then(
        (list) => mine === turn && call('words', tag, list),
        (error) => fail(error instanceof Trouble ? error.name : 'file_missing', String(error), false),
      );
    },
    /** Takes the cashier away. Returns what has been told of the order, for the next cashier of the same order. */
    end() {
      if (!over) {
        release('idle');
      }
      stopMeasuring();
      return told;
    },
  };
}

/** Whether this is an answer about the order, and young. One that is not is as good as none; the program tells why. */
function answers(first, order, age) {
  try {
    return age >= 0 && age < FIRST_MAX_MS && JSON.parse(first).order_id === order;
  } catch (error) {
    return false;
  }
}
