// The screen on a counter. What it does, it does by the events that the element fires, and by setting the element's `order`:
// stays awake, says what was paid, goes back to idle, takes the next order.

import { spoken, text } from './counter/amount.js';
import { awake } from './counter/awake.js';
import { hint } from './counter/hint.js';
import { listen } from './counter/orders.js';
import { sound } from './counter/sound.js';
import { dress } from './counter/style.js';
import { voice } from './counter/voice.js';
import { reload } from './told.js';

/** Seconds that the end of an order stays. */
const IDLE_AFTER = 10;
/** Beyond it `setTimeout` fires at once. */
const LONGEST_MS = 2147483647;
/** Nobody presses a button here: so often it is tried again by itself. */
const MEND_MS = 30000;
/** There is no program, or no longer: only loading the page again brings it back. */
const LOST = /^(file_missing|file_unreachable|no_webassembly|stopped)$/;
/** Seen unpaid: what is paid after that was paid here and now. */
const UNPAID = /^(pending|confirming|expired|closed)$/;
const OVER = /^(paid|expired|closed|refunded)$/;

/**
 * Stands `element` on a counter. What is not in `options` is read from its attributes, and followed there:
 * `speech`, `idleAfter` (`idle-after`), `channel`. `texts`: the integrator's own, else the element's. Returns what stops all of it.
 */
export function stand(element, options = {}, browser = self) {
  const { document } = browser;
  /** What the program has painted; nothing if there is no program. */
  const painted = () => (element.shadowRoot || element).querySelector('.wc[lang]');
  const asked = (name, attribute = name) => (name in options ? options[name] : element.getAttribute(attribute));
  let ended; // the order that is over, and its timer
  let unpaid; // the order that was seen unpaid
  let base; // the element's own token, while one of a message is in its place
  let orders;
  let channel;
  let sounds;
  let unhint;
  let mending;
  let lost = false; // the program

  // ── The order ────────────────────────────────────────────────────────────────────────────────────────────────────────

  function show({ order, token }) {
    if (token !== undefined) {
      base = base || { token: element.token };
      element.token = token;
    } else if (base) {
      element.token = base.token;
      base = undefined;
    }
    element.order = order || null;
  }

  /** The end of an order stays for a while, unless another has taken its place. */
  function endLater(order) {
    const given = asked('idleAfter', 'idle-after');
    if (given === 'never') {
      return;
    }
    const seconds = given === null || given === undefined || given === '' || !(given >= 0) ? IDLE_AFTER : Number(given);
    ended = browser.setTimeout(() => {
      ended = undefined;
      if (element.order === order) {
        show({ order: '' });
      }
    }, Math.min(seconds * 1000, LONGEST_MS));
  }

  function stands(order, status) {
    rest();
    if (UNPAID.test(status)) {
      unpaid = order;
    }
    if (OVER.test(status)) {
      endLater(order);
    } else if (status === 'error') {
      mend();
    }
    if (orders) {
      orders.tell(order, status);
    }
  }

  // ── Sound ────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The language that the screen is in. */
  function language() {
    return (painted() || element).lang || document.documentElement.lang || browser.navigator.language || '';
  }

  const say = (key) => text(key, language(), options.texts || element.texts);

  function announce(amount) {
    try {
      const [said, lang] = say('SpokenPaid');
      sounds.voice.say(said.replace('{}', () => spoken(amount, lang)), lang);
    } catch (error) {
      sounds.sound.play(); // an amount that cannot be said: paid it is nevertheless
    }
  }

  function offer() {
    unhint = hint(browser, element.shadowRoot || document.body, say('TapForSound'));
  }

  function offered() {
    if (unhint) {
      unhint();
      unhint = undefined;
    }
  }

  /** Any gesture will do that the browser takes for one. */
  function touched() {
    if (sounds) {
      sounds.voice.unlock();
      sounds.sound.unlock(offered);
    }
  }

  function hush() {
    if (sounds) {
      sounds.voice.stop();
      sounds.sound.stop();
      sounds = undefined;
    }
    offered();
  }

  // ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** In, never out: that is Escape's. A key that is typed into a field is not meant for us. */
  function fill(event) {
    const typing = event.type === 'keydown'
      && (!/^f$/i.test(event.key) || event.ctrlKey || event.metaKey || event.altKey || isField(event.composedPath()[0]));
    const page = document.documentElement;
    const request = page.requestFullscreen || page.webkitRequestFullscreen;
    if (!typing && request && !document.fullscreenElement && !document.webkitFullscreenElement) {
      Promise.resolve(request.call(page)).catch(() => {});
    }
  }

  /** Does what a payer would press a button for, again and again until something else is told. */
  function mend() {
    rest();
    const mine = browser.setTimeout(async () => {
      if (!lost && painted()) {
        element.retry();
      } else if (await isThere() && mending === mine) {
        reload(element, browser.location);
      }
      if (mending === mine) {
        mend();
      }
    }, MEND_MS);
    mending = mine;
  }

  /** A page that loads itself without a network is gone. */
  const isThere = () => browser.fetch(browser.location.href, { cache: 'no-store' }).then(({ ok }) => ok, () => false);

  /** Whatever was to be done later is not to be done any more. */
  function rest() {
    browser.clearTimeout(ended);
    browser.clearTimeout(mending);
    ended = mending = undefined;
  }

  // ── What is heard ────────────────────────────────────────────────────────────────────────────────────────────────────

  const heard = [];
  const hear = (target, name, listener) => {
    target.addEventListener(name, listener);
    heard.push(() => target.removeEventListener(name, listener));
  };
  const own = (listener) => (event) => event.target === element && listener(event.detail, event);

  hear(element, 'cashier-status', own(({ order, status }) => {
    lost = false;
    stands(order, status);
  }));
  hear(element, 'cashier-paid', own(({ order, amount }) => {
    // What was paid when it came is shown and not said: a till that sends an old order has not been paid again.
    if (sounds && unpaid === order) {
      announce(amount);
    }
    unpaid = undefined;
  }));
  hear(element, 'cashier-error', own(({ order, code, fatal }) => {
    if (fatal && LOST.test(code)) {
      if (orders) {
        orders.tell(order, 'error');
      }
      lost = true;
      mend();
    }
  }));
  // A counter's screen goes nowhere else.
  hear(element, 'cashier-navigate', own(({ reason }, event) => reason !== 'reload' && event.preventDefault()));
  hear(element, 'dblclick', fill);
  hear(browser, 'keydown', fill);
  ['keydown', 'pointerup', 'click'].forEach((name) => hear(browser, name, touched));

  /** What the attributes say now. */
  function follow() {
    const name = asked('channel') || '';
    if (name !== (channel || '')) {
      if (orders) {
        orders.stop();
      }
      channel = name;
      orders = name ? listen(browser, name, show) : undefined;
    }
    const speech = asked('speech');
    const aloud = speech !== null && speech !== undefined && speech !== false;
    if (aloud && !sounds) {
      const chime = sound(browser, offer);
      sounds = { sound: chime, voice: voice(browser, chime.play) };
    } else if (!aloud) {
      hush();
    }
  }

  const attributes = new browser.MutationObserver(follow);
  attributes.observe(element, { attributeFilter: ['channel', 'speech'] });
  const sleep = awake(browser);
  const undress = dress(element);
  follow();
  // Something may have been told before this file was here.
  stands(element.order || '', element.status);

  return () => {
    heard.forEach((stop) => stop());
    attributes.disconnect();
    sleep();
    undress();
    hush();
    if (orders) {
      orders.stop();
    }
    rest();
  };
}

const isField = (target) => /^(INPUT|TEXTAREA|SELECT)$/.test(target.nodeName) || Boolean(target.isContentEditable);
