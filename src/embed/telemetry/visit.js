// A visit: one tab's stay with one order. It goes on over a reload, a login and the way to WeChat and back, so the tab
// remembers it; nothing of it is known to another tab, or when the tab is closed.

import { nothingSeen } from './funnel.js';

const KEY = 'wechat-cashier.visits';
/** A tab that shows one order after the other remembers so many. */
const VISITS_MAX = 8;
/** A tab that the browser brings back after longer than this begins a new visit. */
const VISIT_MS = 24 * 3600 * 1000;

/** The visit of this order that goes on, or a new one that began at this time. */
export function recall(page, order, began) {
  const known = visits(page).find((visit) => visit.order === order && began >= visit.began && began - visit.began < VISIT_MS);
  return known || { order, id: random(page), began, at: 0, seen: nothingSeen() };
}

export function remember(page, visit) {
  try {
    const others = visits(page).filter(({ order }) => order !== visit.order);
    page.sessionStorage.setItem(KEY, JSON.stringify(others.concat(visit).slice(-VISITS_MAX)));
  } catch (error) {
    // Full or forbidden: a reload is then a visit of its own.
  }
}

function visits(page) {
  try {
    return JSON.parse(page.sessionStorage.getItem(KEY)).filter(({ id, seen }) => id && seen.ends);
  } catch (error) {
    return []; // none, or not ours
  }
}

/** 96 bits that mean nothing. */
export function random(page) {
  return Array.from(page.crypto.getRandomValues(new Uint8Array(12)), (byte) => (byte + 256).toString(16).slice(1)).join('');
}
