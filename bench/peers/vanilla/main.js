import { renderSVG } from 'uqr';

import { amount, codeOf, follow } from '../order.js';

const CHECKOUT = '<p class="merchant"></p><p class="amount"></p><p class="description"></p>'
  + '<div class="qr" role="img" aria-label="微信支付二维码"></div><p class="hint"></p>';

const page = document.getElementById('app');
let shown;

follow((order) => {
  if (!page.firstChild) {
    page.innerHTML = CHECKOUT;
  }
  const [merchant, due, description, qr, hint] = page.children;
  merchant.textContent = order.merchant.name;
  due.textContent = amount(order.amount);
  description.textContent = order.description;
  const code = codeOf(order);
  if (code !== shown) {
    shown = code;
    qr.innerHTML = code ? renderSVG(code, { ecc: 'M', border: 4 }) : '';
  }
  qr.hidden = order.status !== 'pending';
  hint.textContent = order.status === 'pending' ? '请使用微信扫一扫支付' : '支付成功';
});
