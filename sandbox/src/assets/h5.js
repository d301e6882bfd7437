// The middle page of H5 payment. It starts WeChat, and goes back five seconds later whether paid or not
// (docs/platform.md, 4); at once when the payer taps 完成 or 取消. Without `redirect_url` it stays.

import { Layer, ask, make } from '/assets/layer.js';

const RETURN_MS = 5000;

const element = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const back = query.get('redirect_url');

/** The emulator draws WeChat over its whole phone, where it outlives this page. */
function emulator() {
  try {
    return window.parent !== window && typeof window.parent.openWeChat === 'function' ? window.parent : null;
  } catch {
    return null;
  }
}

function say(text, gloss) {
  element('spinner').hidden = true;
  const english = Object.assign(document.createElement('span'), { lang: 'en', textContent: gloss });
  element('state').replaceChildren(text, ' ', english);
}

let timer = 0;
function goBack() {
  clearTimeout(timer);
  if (back) location.replace(back);
  else say('请返回商家页面查看订单', 'Go back to the merchant to look at the order');
}

async function show(layer, bill, notes = []) {
  if (bill.result === 'bill') return layer.sheet(bill, ...notes);
  await layer.alert(bill.text, bill.gloss);
  return bill;
}

const phone = await fetch('/wechat/phone').then((response) => (response.ok ? response.json() : {})).catch(() => ({}));
const bill = await ask('/wechat/h5', { prepay_id: query.get('prepay_id') ?? '', account: phone.account ?? 'A' });

const host = emulator();
const end = host ? host.openWeChat((layer) => show(layer, bill)) : show(new Layer(), bill, back ? [waitNote()] : []);
if (back) timer = setTimeout(goBack, RETURN_MS);
await end;
goBack();

/** On a phone WeChat stays in front when the browser goes back; here its sheet goes with this page. Who pays by hand may ask for more time. */
function waitNote() {
  const wait = make('button', { type: 'button', className: 'plain', wechat: 'wait', en: 'Back in 5 s. Stay here' }, '5 秒后返回，先不返回');
  wait.addEventListener('click', () => {
    clearTimeout(timer);
    wait.remove();
  });
  return wait;
}
