import './wechat-cashier/wechat-cashier.js';

// The shop that may have this page in a frame; the `frame-ancestors` of its Content-Security-Policy should name the same.
const SHOP = location.origin;

const asked = new URLSearchParams(location.search);
const cashier = document.querySelector('wechat-cashier');

cashier.token = asked.get('token');
cashier.order = asked.get('order');

// Events do not leave a frame: the page passes on what the shop's page is to know.
cashier.addEventListener('cashier-paid', (event) => {
  parent.postMessage({ type: 'cashier-paid', order: event.detail.order }, SHOP);
});
