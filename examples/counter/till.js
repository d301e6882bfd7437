// A till: takes an amount, has the backend make an order of it, and sends that to the screen.

const channel = new BroadcastChannel('till-1');
const element = (id) => document.getElementById(id);
const STATUS = {
  idle: ['空闲', 'idle'], loading: ['正在准备', 'loading'], pending: ['等待付款', 'waiting for the payment'],
  confirming: ['正在确认', 'confirming'], paid: ['已付款', 'paid'], expired: ['已过期', 'expired'], closed: ['已关闭', 'closed'],
  refunded: ['已退款', 'refunded'], error: ['出错了', 'in trouble'],
};
/** The order that this till has sent. What the screen says of it is for the eye: goods go over the counter when the backend says "paid". */
let sent;
/** It has not come to an end, as far as this till knows. */
let waiting = false;

function say(chinese, english, order = '') {
  const translation = document.createElement('span');
  translation.lang = 'en';
  translation.textContent = english;
  element('status').replaceChildren(order && `${order}：`, `${chinese} `, translation);
}

/** Fen out of yuan as typed, with no arithmetic on fractions. */
function fen(yuan) {
  const [, whole, rest = ''] = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(yuan.trim()) ?? [];
  return whole === undefined ? 0 : Number(whole + rest.padEnd(2, '0'));
}

element('sale').addEventListener('submit', async (event) => {
  event.preventDefault();
  const value = fen(element('amount').value);
  if (value === 0) {
    say('请输入金额', 'enter an amount');
    return;
  }
  try {
    // Your own backend here. The sandbox makes an order of whatever it is asked for.
    const response = await fetch('/shop/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ value, currency: 'CNY', description: '柜台收款', methods: ['native'] }),
    });
    if (!response.ok) {
      throw new Error(`${response.status} ${await response.text()}`);
    }
    const { order_id: order, token } = await response.json();
    sent = { type: 'order', order, token };
    waiting = true;
    channel.postMessage(sent);
    say('已发送到顾客屏', 'sent to the screen', order);
  } catch (error) {
    say('开单失败', `no order: ${error.message}`);
  }
});

element('clear').addEventListener('click', () => {
  waiting = false;
  channel.postMessage({ type: 'idle' });
});

channel.addEventListener('message', ({ data }) => {
  if (!data || data.type !== 'status' || !STATUS[data.status] || (data.order !== '' && data.order !== sent?.order)) {
    return;
  }
  if (/^(paid|expired|closed|refunded)$/.test(data.status)) {
    waiting = false;
  }
  if (data.status === 'idle' && waiting) {
    channel.postMessage(sent); // the screen has been started anew
    return;
  }
  say(...STATUS[data.status], data.order);
});
