// Whether there is a picture to draw before the program is there, and what is on it. That is so in the plain case alone: on a
// computer, an order that can be paid, with a code to scan. In every other case nothing is drawn here, and the program, whose
// rules these are (`src/contract`, `src/core`), says what the payer sees. Tests hold this to it: over all answers of
// tests/golden, thousands of changed ones and every place that the cashier knows, it is the same picture or none.

import {
  AGENTS, CODE_MAX, CODE_START, DRESSED_MAX, ELSEWHERE, KEPT, KEPT_QUESTION, KEY_START, KNOWN, MONEY, RETURNED, SAID, SHORT_S,
} from './rules.js';

const isText = (value) => typeof value === 'string';
const has = (table, key) => Object.keys(table).includes(key);
/** What is not there: absent, null or an empty text. */
const isNothing = (value) => [undefined, null, ''].includes(value);

/** Whether a picture may be drawn here and now, whatever the answer is. */
export function mayDraw({ order, api, lang, surface, told }, page = self) {
  const { navigator, location } = page;
  const query = new URLSearchParams(location.search);
  // Where a login has just led here, the program takes care of that.
  const isLogin = query.has('code') && query.has('state');
  return order && has(SAID, lang) && !surface && !told && navigator.onLine && !AGENTS.test(navigator.userAgent)
    // Quoted, since names that begin so are shortened.
    && typeof page.WeixinJSBridge !== 'object' && page['__wxjs_environment'] !== 'miniprogram'
    && !query.has(RETURNED) && !isLogin && keptKey({ api, order }, page) !== undefined;
}

/** Where what is kept of this order is. */
export const keptUnder = ({ api, order }) => `${KEPT}${api} ${order}`;

/**
 * The key with which an earlier visit of this tab has asked for a code, or an empty one. Nothing where something else was kept,
 * which may lead elsewhere.
 */
export function keptKey(settings, page = self) {
  try {
    const text = page.sessionStorage.getItem(keptUnder(settings));
    const [, key] = new RegExp(`^${KEPT_QUESTION}(${KEY_START}[\\d-]{1,32})$`).exec(text) || [];
    return text === null ? '' : key;
  } catch (error) {
    return ''; // nothing is kept here
  }
}

/**
 * What is to be drawn of an answer about the order, that was asked for so many milliseconds ago; nothing where it is not
 * plain. `asks`: there is no code yet, and one is to be asked for.
 */
export function plain(text, { order, methods }, age, base) {
  try {
    const { order_id: id, status, amount, description, merchant, now, expires_at: ends, methods: offers, payment } = JSON.parse(text);
    const { value, currency } = amount;
    const ways = waysOf(offers, methods);
    const until = (deadline) => deadline - time(now) - Math.floor(age);
    const isPlain = id === order && status === 'pending' && isText(description) && isText(merchant.name)
      && Number.isSafeInteger(value) && value > 0 && value <= DRESSED_MAX && has(MONEY, currency)
      && ways[0] === 'native' && until(time(ends)) > 0;
    const bill = {
      id, description, merchant: merchant.name, logo: logo(merchant.logo_url, base), amount: { value, currency },
      others: ways.some((way) => way !== 'native'),
    };
    if (!isPlain || isNothing(payment)) {
      return isPlain ? { ...bill, asks: true } : undefined;
    }
    const { payment_id: name, method, expires_at: dies, now: made, action } = payment;
    const left = until(Math.min(time(ends), isNothing(dies) ? Infinity : time(dies)));
    const seconds = Math.ceil(left / 1000);
    const isCodeToScan = isText(name) && method === 'native' && time(made) > -Infinity
      && action.type === 'show_qr' && isCode(action.content) && seconds > SHORT_S;
    return isCodeToScan ? { ...bill, content: action.content, left, seconds } : undefined;
  } catch (error) {
    return undefined; // something that is not there, or of another kind
  }
}

const isCode = (content) => isText(content) && content.startsWith(CODE_START) && content.length > CODE_START.length
  && new TextEncoder().encode(content).length <= CODE_MAX;

/** The ways to pay that are offered on a computer, by their ids, the best first; those that are wanted, in their order. */
function waysOf(offers, wanted) {
  const ids = offers.map((offer) => (isText(offer) ? { id: offer } : offer))
    // A way of the merchant's own is offered by its label.
    .filter(({ id, label }) => (KNOWN.includes(id) || (isText(label) && /[^\t\n\f\r ]/.test(label))) && isText(id))
    .map(({ id }) => id);
  const ways = [...new Set(['native', ...ids])].filter((id) => ids.includes(id) && !ELSEWHERE.includes(id));
  return wanted && wanted.length ? wanted.filter((id) => ways.includes(id)) : ways;
}

/** Milliseconds since 1970 of a time in RFC 3339. Throws, or is not a number, for what is none. */
function time(text) {
  const [, local, part = '', zone] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text);
  // Browsers take the thirtieth of February for a day in March.
  const isDay = isText(text) && new Date(`${local}Z`).toISOString().startsWith(local);
  return isDay ? Date.parse(`${local}.${`${part}00`.slice(0, 3)}${zone}`) : NaN;
}

/** The address of the merchant's picture, as it is written; throws for one that is not shown. */
function logo(address, base) {
  if (isNothing(address)) {
    return undefined;
  }
  const { protocol, username, password } = new URL(address, base);
  const isShown = /^data:image\//.test(address) || (/^https?:$/.test(protocol) && !username && !password);
  if (!isText(address) || !isShown || /^\s*(null|undefined|none|nil|nan)?\s*$/i.test(address)) {
    throw new RangeError(address);
  }
  return address;
}
