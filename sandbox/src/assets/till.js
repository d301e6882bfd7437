// A till with a scanner, and the phone of the customer in front of it.

import { barcode } from '/assets/barcode.js';
import { call, clockTime, toast } from '/assets/call.js';
import { Layer } from '/assets/layer.js';
import { scanInto } from '/assets/scanner.js';

const element = (id) => document.getElementById(id);
const frame = element('page');
const layer = new Layer(element('device'));
const account = () => document.querySelector('input[name="account"]:checked').value;

// ── The till ─────────────────────────────────────────────────────────────────────────────────────────────────────────

element('order').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { tea, value, lang } = event.target.elements;
  const wish = { tea: tea.value, lang: lang.value };
  if (value.value) wish.value = Number(value.value);
  try {
    const order = await call('POST', '/shop/orders', wish);
    frame.hidden = false;
    element('empty').hidden = true;
    frame.contentWindow.location.replace(order.till_url);
    frame.focus();
  } catch (error) {
    toast(error.message);
  }
});

// ── The customer's phone ─────────────────────────────────────────────────────────────────────────────────────────────

let code = '';

function showCode(digits) {
  if (digits === code) return;
  code = digits;
  element('digits').textContent = digits.replace(/^(\d{4})(\d{4})(\d{4})(\d+)$/, '$1 $2 $3 $4');
  const { path, width } = barcode(digits);
  const svg = element('barcode');
  svg.setAttribute('viewBox', `0 0 ${width} 1`);
  svg.setAttribute('aria-label', `付款码 Payment code ${digits}`);
  const bars = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  bars.setAttribute('d', path);
  svg.replaceChildren(bars);
}

let sheetIsOpen = false;
async function showSheet(bill) {
  sheetIsOpen = true;
  await layer.sheet(bill);
  sheetIsOpen = false;
}

let failed = false;
async function refresh() {
  if (document.visibilityState !== 'visible') return;
  try {
    const whose = account();
    const [{ code: digits, expires_at, now }, { sheets }] = await Promise.all([
      call('GET', `/wechat/payment-code?account=${whose}`), call('GET', `/wechat/sheets?account=${whose}`),
    ]);
    // The account may have been changed meanwhile.
    if (whose !== account()) return;
    showCode(digits);
    const seconds = Math.max(0, Math.ceil((Date.parse(expires_at) - Date.parse(now)) / 1000));
    element('left').textContent = `每分钟更新，还有 ${seconds} 秒 · New each minute, in ${seconds} s`;
    if (sheets.length > 0 && !sheetIsOpen) showSheet(sheets[0]);
    failed = false;
  } catch (error) {
    if (!failed) toast(error.message);
    failed = true;
  }
}

element('scan').addEventListener('click', async () => {
  if (frame.hidden) return toast('先开一单 Open an order first');
  if (!(await scanInto(frame.contentWindow, code))) toast('收银机上没有等待输入的地方 Nothing on the till takes the code');
  refresh();
});
for (const radio of document.querySelectorAll('input[name="account"]')) radio.addEventListener('change', refresh);
element('ask-password').addEventListener('change', ({ target }) =>
  call('PUT', '/wechat/phone', { ask_password: target.checked }).catch((error) => toast(error.message)));

const asked = new URLSearchParams(location.search).get('lang');
const { lang } = element('order').elements;
if ([...lang.options].some(({ value }) => value === asked)) lang.value = asked;
call('GET', '/wechat/phone').then(({ ask_password: asks }) => (element('ask-password').checked = asks === true)).catch(() => {});

const tick = () => (element('time').textContent = clockTime());
tick();
setInterval(tick, 10_000);
await refresh();
setInterval(refresh, 1000);
