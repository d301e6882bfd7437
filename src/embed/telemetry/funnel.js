// From what a cashier tells its page to the records of a funnel. Pure: no browser, no clock, no chance.
// docs/telemetry.md says what each record means.

/** So many records of one visit; a screen on a counter may stand for weeks. */
const RECORDS_MAX = 60;
/** So many errors of one code. */
const ERRORS_MAX = 5;
/** The records that a visit ends with get in beyond RECORDS_MAX, up to here; `paid`, which comes once, always. */
const ALL_MAX = 80;

/** After these there is nothing left to abandon. */
const ENDS = ['paid', 'refunded', 'closed', 'expired'];
const ENDINGS = { 'cashier-paid': 'paid', 'cashier-expired': 'expired', 'cashier-closed': 'closed' };
/** Screens whose coming is a step of the payer's. */
const STEPS = { scan: 'qr', 'await-payer': 'opened', returned: 'returned', confirming: 'confirming' };

/** What a visit that has not begun has shown: plain data, so that it can be kept over a reload. */
export const nothingSeen = () => ({ count: 0, dropped: 0, errors: {}, ends: [] });

/**
 * Takes one piece of news into `seen`, and returns the records that follow, with times in milliseconds of the visit.
 *
 * `type` is the type of one of the cashier's events, and `detail` that event's; or `shown` when a page begins, `left` when
 * it goes, and `back` when it comes back as it was.
 */
export function take(seen, type, detail, at) {
  const { status, screen, method, stage, code, fatal, reason } = detail || {};
  const records = [];

  const put = (name, at_ms, more) => {
    const last = name === 'abandoned' || ENDS.includes(name);
    if (name !== 'paid' && seen.count >= (last ? ALL_MAX : RECORDS_MAX)) {
      seen.dropped += 1;
      return;
    }
    seen.count += 1;
    // What is not known yet is left out of the JSON.
    const { method, screen } = name === 'shown' ? {} : seen;
    records.push({ name, at_ms, method, screen, ...more });
  };
  const note = (name, more) => {
    // A page is worth a record once there is something to say of it.
    if (seen.shown !== undefined) {
      const shown = seen.shown;
      delete seen.shown;
      put('shown', shown);
    }
    put(name, at, more);
  };
  const end = (name) => {
    // Who only comes to look at an order that is over makes no visit.
    if (!seen.count) {
      seen.mute = true;
    } else if (!seen.ends.includes(name)) {
      note(name);
      seen.ends.push(name);
    }
  };
  const opened = () => {
    if (!seen.opened) {
      seen.opened = true;
      note('opened');
    }
  };

  const over = type === 'cashier-status' ? status === 'refunded' && status : ENDINGS[type];
  if (seen.mute || (seen.ends.length && !over && type !== 'shown')) {
    return records;
  }
  if (over) {
    end(over);
  } else if (type === 'shown') {
    seen.shown = at;
    // The new page draws everything anew.
    delete seen.screen;
    delete seen.opened;
    delete seen.leaving;
  } else if (type === 'back') {
    delete seen.leaving;
    note('shown');
  } else if (type === 'left') {
    // Who is on the way to WeChat, or there, or logs in, has not given up: WeChat may close the page once it is paid.
    if (!seen.leaving && !seen.opened) {
      note('abandoned');
    }
  } else if (type === 'cashier-error') {
    const named = word(code);
    const count = seen.errors[named] || 0;
    if (count >= ERRORS_MAX || seen.count >= RECORDS_MAX) {
      seen.dropped += 1;
    } else {
      seen.errors[named] = count + 1;
      note('error', { code: named, fatal: fatal ? true : undefined });
    }
  } else if (type === 'cashier-navigate') {
    seen.leaving = reason !== 'shop';
    if (reason === 'pay') {
      opened();
    } else if (reason === 'login') {
      note('login');
    }
  } else if (ENDS.includes(status)) {
    // Said by an event of its own, which may come after this one.
    seen.mute = !seen.count;
  } else {
    if (method && word(method) !== seen.method) {
      seen.method = word(method);
      note('method');
    }
    if (screen && screen !== seen.screen) {
      seen.screen = word(screen);
      delete seen.opened;
      delete seen.leaving;
      if (STEPS[screen]) {
        note(STEPS[screen]);
      } else if (screen === 'expired') {
        note('code_expired');
      }
    }
    if (stage === 'opening') {
      opened();
    } else if (stage) {
      delete seen.opened;
    }
  }
  return records;
}

/** Only words of the program's own and ids of methods travel; whatever else comes in their place does not. */
function word(text) {
  return typeof text === 'string' && /^[\w.-]{1,40}$/.test(text) ? text : 'other';
}
