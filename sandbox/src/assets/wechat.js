// The emulator: a phone in a frame, and everything about it that can be set. The page in the frame gets `inside.js`.

import { ANSWERS } from '/assets/answers.js';
import { call, clockTime, toast } from '/assets/call.js';
import { Layer, decimalsOf, make } from '/assets/layer.js';

const element = (id) => document.getElementById(id);
const frame = element('page');
const device = element('device');
const controls = element('phone');

/** What only a new page notices. */
const AT_LOAD = ['system', 'bridge', 'late_ms', 'font_percent', 'jssdk'];
const BROWSERS = { phone_browser: true, iphone_browser: true, tablet_browser: true, null: true };
/** Under which the shop's pages may ask for money. */
const DIRECTORIES = ['/wechat/cashier/', '/cashier/', '/'];
const APPS = { alipay: '支付宝', unionpay: '云闪付', qq: 'QQ', wecom: '企业微信', mini_program: '小程序' };

async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message);
    return undefined;
  }
}

// ── The page inside ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Where the phone is, as a path of this server; empty while nothing is open. */
function inner() {
  try {
    const { href, origin, pathname, search, hash } = frame.contentWindow.location;
    if (href === 'about:blank') return '';
    return origin === location.origin ? pathname + search + hash : href;
  } catch {
    return '';
  }
}

let opened = '';

function open(path) {
  const url = new URL(path, location.href);
  if (url.origin !== location.origin) return toast(`Only pages of ${location.origin} open here.`);
  // The frame stays one step of the browser's own history for each order.
  frame.hidden = false;
  frame.contentWindow.location.replace(url.href);
  opened = url.href;
  element('empty').hidden = true;
  element('closed').hidden = true;
}

function reload() {
  if (inner()) frame.contentWindow.location.reload();
  else if (opened) open(opened);
}

/** One step in the frame's own history; where that cannot be told from the emulator's own, there is no step. */
function step(direction) {
  const { navigation, history } = frame.contentWindow;
  if (navigation) {
    if (direction < 0 ? navigation.canGoBack : navigation.canGoForward) history.go(direction);
  } else if (inner()) {
    history.go(direction);
  }
}

function watchPage() {
  const path = inner();
  const address = element('address');
  if (document.activeElement !== address && address.value !== path) address.value = path;
  element('browser-address').textContent = path ? location.host + path.split('?')[0] : '';
  const title = path ? frame.contentDocument?.title || location.host : APPS[device.dataset.system] ?? '微信';
  element('title').textContent = title;
  const isClosed = Boolean(opened) && !path && !frame.hidden && frame.contentDocument?.readyState === 'complete';
  element('closed').hidden = !isClosed;
  element('time').textContent = clockTime();
}

const GO = { back: () => step(-1), forward: () => step(1), reload };
for (const button of document.querySelectorAll('[data-go]')) button.addEventListener('click', () => GO[button.dataset.go]());
element('go').addEventListener('submit', (event) => {
  event.preventDefault();
  open(element('address').value.trim());
});
element('app-back').addEventListener('click', GO.back);
element('reopen').addEventListener('click', reload);
frame.addEventListener('load', watchPage);

// ── The menu behind ··· ──────────────────────────────────────────────────────────────────────────────────────────────

const menu = element('menu');
function showMenu(shown) {
  menu.hidden = !shown;
  element('menu-open').setAttribute('aria-expanded', String(shown));
  (shown ? element('menu-reload') : element('menu-open')).focus();
}
element('menu-open').addEventListener('click', () => showMenu(menu.hidden));
element('menu-close').addEventListener('click', () => showMenu(false));
element('menu-reload').addEventListener('click', () => {
  showMenu(false);
  reload();
});
element('menu-browser').addEventListener('click', () => {
  showMenu(false);
  change({ system: settings.system === 'ios' ? 'iphone_browser' : 'phone_browser' });
});
menu.addEventListener('keydown', (event) => {
  const items = [...menu.querySelectorAll('button')];
  const at = items.indexOf(document.activeElement);
  if (event.key === 'Escape') showMenu(false);
  else if (event.key === 'ArrowDown') items[(at + 1) % items.length].focus();
  else if (event.key === 'ArrowUp') items[(at + items.length - 1) % items.length].focus();
  else return;
  event.preventDefault();
});

// ── WeChat in front of a browser (H5) ────────────────────────────────────────────────────────────────────────────────

const layer = new Layer(device);
window.phoneIsCovered = false;

function cover(covered) {
  window.phoneIsCovered = covered;
  frame.contentWindow.postMessage({ phoneIsCovered: covered }, location.origin);
}

/** Called by the H5 middle page: WeChat is another program, its sheet outlives that page. Resolves when the sheet is gone. */
window.openWeChat = async (show) => {
  cover(true);
  try {
    return await show(layer);
  } finally {
    cover(false);
  }
};

// ── Settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────

let settings = {};

function fillAnswers() {
  const groups = ANSWERS.map(([label, answers]) => {
    const group = make('optgroup', { label });
    group.append(...answers.map(([text, gloss]) => make('option', { value: text }, `${text} — ${gloss}`)));
    return group;
  });
  element('answer').append(
    make('option', { value: '' }, '由付款单决定 The payment sheet decides'), ...groups,
    make('option', { value: 'own' }, '自定义… Your own…'));
}

function showSettings() {
  for (const field of controls.elements) {
    if (!(field.name in settings) || field === document.activeElement) continue;
    const value = settings[field.name];
    if (field.type === 'checkbox') field.checked = value === true;
    else if (field.name === 'answer') showAnswer(value);
    else field.value = value ?? '';
  }
  element('directories').value = settings.pay_directories?.length === 0 ? 'none' : 'cashier';
  const system = settings.system ?? 'null';
  device.dataset.system = system;
  device.dataset.bar = system in BROWSERS ? 'browser' : 'app';
  watchPage();
}

function showAnswer(value) {
  const select = element('answer');
  const known = value === null || [...select.options].some((option) => option.value === value);
  if (select.value === 'own' && value === null) return;
  select.value = known ? value ?? '' : 'own';
  element('own-answer').hidden = select.value !== 'own';
  if (!known) element('own-text').value = value;
}

async function change(part) {
  const answer = await attempt(() => call('PUT', '/wechat/phone', part));
  if (answer === undefined) return;
  settings = await attempt(() => call('GET', '/wechat/phone')) ?? settings;
  showSettings();
  if (Object.keys(part).some((name) => AT_LOAD.includes(name))) reload();
}

function valueOf(field) {
  if (field.type === 'checkbox') return field.checked;
  if ('number' in field.dataset) return Number(field.value);
  return field.name === 'system' && field.value === '' ? null : field.value;
}

controls.addEventListener('submit', (event) => event.preventDefault());
controls.addEventListener('change', ({ target }) => {
  if (target.name === 'answer' || target.id === 'own-text') {
    const own = element('answer').value === 'own';
    element('own-answer').hidden = !own;
    const text = own ? element('own-text').value.trim() : element('answer').value;
    if (own && target.name === 'answer') element('own-text').focus();
    return change({ answer: text || null, answer_count: Number(controls.elements.answer_count.value) });
  }
  if (target.id === 'directories') return change({ pay_directories: target.value === 'none' ? [] : DIRECTORIES });
  if (target.name && target.checkValidity()) change({ [target.name]: valueOf(target) });
});

async function refresh() {
  if (document.visibilityState !== 'visible') return;
  try {
    // An answer that is to be given once is used up by the page.
    const now = await call('GET', '/wechat/phone');
    const isNew = JSON.stringify(now) !== JSON.stringify(settings);
    settings = now;
    if (isNew) showSettings();
  } catch {
    // Said when something is changed.
  }
}

// ── Orders ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const CURRENCIES = { oolong: 'CNY', sencha: 'JPY', assam: 'KWD' };
const OWN_METHODS = {
  alipay: { 'zh-CN': '支付宝', 'zh-HK': '支付寶', en: 'Alipay' },
  unionpay: { 'zh-CN': '云闪付', 'zh-HK': '雲閃付', en: 'UnionPay' },
};

function wish(form) {
  const { tea, amount, lang } = form.elements;
  const chosen = [...form.querySelectorAll('[name="method"]:checked')].map(({ value: id }) =>
    id in OWN_METHODS ? { id, label: OWN_METHODS[id][lang.value], icon_url: `/assets/${id}.svg` } : id);
  const order = { tea: tea.value, lang: lang.value, methods: chosen };
  if (amount.value) {
    order.value = Math.round(Number(amount.value) * 10 ** decimalsOf(CURRENCIES[tea.value]));
  }
  return order;
}

element('order').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(async () => {
    const order = await call('POST', '/shop/orders', wish(event.target));
    element('links').hidden = false;
    element('order-link').href = order.order_url;
    open(order.wechat_url);
    if (matchMedia('(max-width: 60rem)').matches) device.scrollIntoView({ block: 'start' });
  });
});

// ── Start ────────────────────────────────────────────────────────────────────────────────────────────────────────────

// Side by side there is room for all; below the phone the order is what is wanted first.
const wide = matchMedia('(min-width: 60rem)').matches;
for (const [index, fold] of document.querySelectorAll('[data-fold]').entries()) fold.open = wide || index === 0;

fillAnswers();
const asked = new URLSearchParams(location.search);
if (asked.has('lang')) element('order').elements.lang.value = asked.get('lang');
if (!element('order').elements.lang.value) element('order').elements.lang.value = 'zh-CN';
await attempt(async () => {
  settings = await call('GET', '/wechat/phone');
  // Who opens the emulator wants WeChat, and not this browser in a frame.
  if (settings.system === null && !/micromessenger/i.test(navigator.userAgent)) await change({ system: 'android' });
});
showSettings();
if (asked.has('open')) open(asked.get('open'));
setInterval(watchPage, 400);
setInterval(refresh, 2000);
