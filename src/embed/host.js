// One cashier in one place: asks for the order before the program is there, and dispatches what that tells as DOM events.

import { optional } from './fetched.js';
import { mayDraw } from './first/plain.js';
import { draw, textOf } from './first/stage.js';
import { Trouble, imported, language, load, words } from './load.js';
import { nextTask } from './next-task.js';
import { eventOf } from './told.js';

/** So many events wait for what measures them, which most orders have not. */
const PAST_MAX = 50;
/** A first answer that may be older is asked for anew, in milliseconds. The core has the same bound. */
const FIRST_MAX_MS = 10000;
/** So long the program waits for what comes before it, in milliseconds: the answer, and the picture that is drawn of it. */
const BEFORE_MAX_MS = 1000;

/**
 * Starts a cashier. `place` is painted into, `target` hears the events; `settings` are read by Cashier::new in mod.rs too.
 * `onStop({ code, detail, below })`: there is no program, or no longer; a code was drawn before, which stays, and below it is the place
 * to say so. `seen`: what is drawn in the place is seen. Returns what the host does with it.
 */
export function open(place, target, settings, onStop, seen) {
  const { order, api, token, lang, layout, texts } = settings;
  const canceller = () => self.AbortController && new AbortController();
  const controller = canceller();
  const since = performance.now();
  /** What was fired before anybody measured it. */
  const past = [];
  let cashier;
  let over; // how it stands once taken away, or stopped
  let stopMeasuring = () => {};

  const fire = (name, detail, cancelable) => {
    const event = eventOf(name, { order, ...detail }, cancelable);
    if (past.length < PAST_MAX) {
      past.push(event);
    }
    return target.dispatchEvent(event);
  };
  /** Returns what was told. */
  const fail = (error, otherwise, fatal) => {
    const told = { code: error instanceof Trouble ? error.name : otherwise, detail: String(error), fatal };
    fire('error', told);
    return told;
  };
  const tell = (name, detail, cancelable) => (name === 'measure' ? begin(detail.url) : fire(name, detail, cancelable));
  const begin = (url) => {
    // Where it does not come, the shop counts one payer less.
    stopMeasuring = optional(() => import('./telemetry.js'), ({ measure }) => (
      over ? () => {} : measure(target, { url, order, lang, layout, since, past })
    ));
  };

  // A release build that panics stops at once, saying nothing: what is on the page then answers to nobody. Most errors of a
  // page are not ours. In a microtask no program runs any more, so what is in the midst of something then, died there.
  const watch = ({ error, reason = error }) => Promise.resolve().then(() => cashier && cashier.died() && stop(reason));
  addEventListener('error', watch);
  addEventListener('unhandledrejection', watch);

  let { firstAsked: asked, told } = settings;
  let early;
  let growsOld;
  /** What was drawn before the program, and is there until it takes over. */
  let drawn;
  const url = `${api.replace(/\/+$/, '')}/orders/${encodeURIComponent(order)}`;
  const request = async (of = controller, path = '', headers = {}, body) => fetch(url + path, {
    method: body ? 'POST' : 'GET',
    headers: { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body,
    cache: 'no-store',
    signal: of && of.signal,
  });
  /** The question for a payment, where that went out before the program was there. */
  let payment;
  const pay = (key, body) => {
    const controller = canceller();
    const answer = request(controller, '/payments', { 'content-type': 'application/json', 'idempotency-key': key }, body);
    payment = { key, answer, controller };
    return answer;
  };
  const ask = () => {
    ({ asked, answer: early } = begun(url) || { asked: performance.now(), answer: request() });
    early.catch(() => {}); // the program hears of it
  };
  const left = asked + FIRST_MAX_MS - since;
  if (left > 0 && left <= FIRST_MAX_MS && isOf(order, settings.first)) {
    growsOld = setTimeout(ask, left);
  } else if (order) {
    ask();
  }

  const said = (tag, own) => {
    return own ? imported(() => import('./words/replace.js')).then(({ replaced }) => replaced(tag, language([tag]), own, words, fire)) : words(tag);
  };
  const list = said(lang, texts);
  // An answer that is there already would be drawn by the task that reads the scripts, and at its end browsers lay out the page.
  const answer = async () => {
    await (early || nextTask());
    return { text: early ? await textOf(early) : settings.first, asked };
  };
  const stage = mayDraw(settings) && draw(place, settings, answer(), [texts && list, seen], () => !over && !cashier, pay);
  // What the code needs comes before what the program needs, down to the moment in which it is painted.
  const before = async () => {
    drawn = stage && await stage;
    if (drawn) {
      clearTimeout(growsOld); // it is before the payer's eyes, and what has become of it the program asks
      await painted(place);
    }
  };
  let late;
  const tooLate = new Promise((resume) => {
    late = setTimeout(resume, BEFORE_MAX_MS);
  });
  const program = Promise.race([before(), tooLate]).then(() => {
    clearTimeout(late);
    return load();
  });
  const ready = Promise.all([program, list]).then(async ([Cashier, words]) => {
    if (!over) {
      clearTimeout(growsOld);
      if (drawn && drawn.isOver) {
        drawn = payment = undefined; // nothing is concluded from an answer of back then
        ask();
      }
      // An answer of the page's own that was passed over is the program's to tell of.
      const what = drawn ? { drawn: drawn.text, asked: drawn.asked, first: early && settings.first }
        : { early, asked, controller, payment };
      cashier = new Cashier(place, { ...settings, words, ...what }, tell);
      // To make it and to start it each has much of the wasm compiled: as one task, that would be a long one.
      await nextTask();
    }
    if (cashier) {
      cashier.start();
      if (drawn) {
        drawn.taken();
      }
    }
  }).catch(stop);

  /** Of the program, as soon as there is one. What it throws is its own fault; what listeners throw goes elsewhere. */
  const call = (name, ...rest) => ready.then(() => cashier && cashier[name](...rest)).catch(stop);

  /** Lets go of the program, also when it has died. */
  function release(why) {
    const mine = cashier;
    over = why;
    cashier = undefined;
    clearTimeout(growsOld);
    clearTimeout(late);
    removeEventListener('error', watch);
    removeEventListener('unhandledrejection', watch);
    [controller, payment && payment.controller].forEach((one) => one && one.abort());
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
      const below = drawn && !cashier && drawn.alone();
      release('error');
      onStop({ ...fail(error, 'stopped', true), below });
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
        (error) => fail(error, 'file_missing', false),
      );
    },
    /** Takes the cashier away. Returns what has been told of the order, for the next cashier of the same order. */
    end() {
      if (!over) {
        release('idle');
      }
      if (drawn) {
        drawn.leave();
      }
      stopMeasuring();
      return told;
    },
  };
}

/** Until a frame that has what is in the place by now. In a page that nobody sees there is none. */
const painted = (place) => self.IntersectionObserver && new Promise((resume) => {
  new IntersectionObserver((_, observer) => {
    observer.disconnect();
    resume();
  }).observe(place);
});

/** Whether it is an answer about this order. One that is not is as good as none; the program tells why. */
function isOf(order, first) {
  try {
    return !!first && JSON.parse(first).order_id === order;
  } catch (error) {
    return false;
  }
}

/**
 * What the page has asked already for this address, and when (docs/embedding.md, the order asked for in the page's head). The
 * page may have put anything there: what is not that, is passed over.
 */
function begun(url) {
  try {
    const { url: address, asked, answer } = self.wechatCashierEarly || {};
    const age = performance.now() - asked;
    const isOf = new URL(address, location.href).href === new URL(url, location.href).href;
    if (isOf && age >= 0 && age < FIRST_MAX_MS && typeof answer.then === 'function') {
      self.wechatCashierEarly = undefined;
      return { asked, answer: Promise.resolve(answer) };
    }
  } catch (error) {
    // It is none.
  }
  return undefined;
}
