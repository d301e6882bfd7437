import 'wechat-cashier';

import './shop.css';

const asked = new URLSearchParams(location.search);
const cashier = document.querySelector('wechat-cashier');

cashier.token = asked.get('token');
cashier.return = 'none'; // this page itself goes on
cashier.order = asked.get('order');

cashier.addEventListener('cashier-paid', (event) => {
  document.getElementById('news').textContent = `Thank you! Order ${event.detail.order} is paid.`;
});
