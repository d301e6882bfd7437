import { renderSVG } from 'uqr';

import { amount, codeOf, follow } from '../order.js';

const page = document.getElementById('app');
page.innerHTML = '<p class="merchant"></p><p class="amount"></p><p class="description"></p><div class="qr" role="img"></div><p class="hint"></p>';
const [merchant, due, description, qr, hint] = page.children;
let shown;

follow((order) => {
  merchant.textContent = order.merchant.name;
  due.textContent = amount(order.amount);
  description.textContent = order.description;
  const code = codeOf(order);
  if (code !== shown) {
    shown = code;
    qr.innerHTML = code ? renderSVG(code, { ecc: 'M', border: 4 }) : '';
    qr.ariaLabel = '微信支付二维码';
  }
  qr.hidden = order.status !== 'pending';
  hint.textContent = order.status === 'pending' ? '请使用微信扫一扫支付' : '支付成功';
});
