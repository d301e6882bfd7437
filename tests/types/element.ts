// What a page written in TypeScript says to the element. It is only compiled: each bad line has to be refused.

import 'wechat-cashier';

import type { AllTexts, Order, Status, Texts, WechatCashierEventMap } from 'wechat-cashier';
import { WechatCashier } from 'wechat-cashier';

// The tag is known, however it is come by.
const cashier: WechatCashier = document.createElement('wechat-cashier');
const found: WechatCashier | null = document.querySelector('wechat-cashier');
const all: NodeListOf<WechatCashier> = document.querySelectorAll('wechat-cashier');
customElements.whenDefined('wechat-cashier').then(() => cashier instanceof WechatCashier);
void [found, all];

// Properties: as attributes, so `null` takes one away and reading gives `null` where there is none.
cashier.order = 'T20261121001';
cashier.order = new URLSearchParams(location.search).get('order');
cashier.order = undefined;
const order: string | null = cashier.order;
cashier.api = 'https://pay.shop.example/api';
cashier.token = 'secret';
cashier.lang = 'zh-HK';
cashier.lang = 'ja'; // with texts of one's own
cashier.theme = 'dark';
cashier.theme = null;
cashier.layout = 'counter';
cashier.methods = 'native alipay';
cashier.return = 'auto';
cashier.return = 'auto 8';
cashier.return = 'manual';
cashier.return = 'none';
cashier.allowOrigins = 'https://shop.example https://www.shop.example';
cashier.speech = true;
cashier.speech = false;
cashier.speech = 'zh-CN';
cashier.channel = 'till-1';
cashier.idleAfter = 20;
cashier.idleAfter = '20';
cashier.idleAfter = 'never';
void order;

// @ts-expect-error a number loses digits of a long id
cashier.order = 20261121001;
// @ts-expect-error no such theme
cashier.theme = 'black';
// @ts-expect-error no such layout
cashier.layout = 'till';
// @ts-expect-error no such way back
cashier.return = 'auto soon';
// @ts-expect-error no such way back
cashier.return = 5;
// @ts-expect-error a list is written with spaces
cashier.methods = ['native'];
// @ts-expect-error not a number of seconds
cashier.idleAfter = 'soon';
// @ts-expect-error the attribute's name
cashier['allow-origins'] = 'https://shop.example';
// @ts-expect-error it is told, not set
cashier.status = 'paid';
// @ts-expect-error no such property
cashier.amount = 1999;

const status: Status = cashier.status;
// @ts-expect-error no such status
const late: boolean = status === 'late';
void late;

const nothing: void[] = [cashier.refresh(), cashier.retry(), cashier.close()];
// @ts-expect-error nothing is closed but this cashier's order
cashier.close('T20261121002');
void nothing;

// Events.
cashier.addEventListener('cashier-ready', (event) => event.detail.order.trim());
cashier.addEventListener('cashier-status', function (event) {
  const { status, screen, method, stage, previous } = event.detail;
  // @ts-expect-error no such stage
  void (stage === 'tapped');
  this.refresh();
  if (status === 'confirming' && previous === 'pending' && screen !== 'scan' && method === 'native') {
    // @ts-expect-error no such screen
    void (screen === 'qr');
  }
  // @ts-expect-error not known yet, perhaps
  method.trim();
});
cashier.addEventListener('cashier-paid', ({ detail: { order, amount } }) => `${order} ${amount?.value} ${amount?.currency}`, { once: true });
cashier.addEventListener('cashier-error', ({ detail: { code, detail, fatal } }) => {
  const texts: [string, string | null, boolean] = [code, detail, fatal];
  return code === 'amount_changed' || code === 'a_word_of_a_later_version' || texts;
});
cashier.addEventListener('cashier-navigate', (event) => {
  if (event.detail.reason === 'shop') {
    event.preventDefault();
    location.assign(event.detail.url);
  }
  // @ts-expect-error no such reason
  void (event.detail.reason === 'home');
});
cashier.addEventListener('click', (event) => event.clientX);
cashier.addEventListener('something-else', (event) => event.type);
cashier.addEventListener('cashier-paid', { handleEvent: () => {} });
const listener = (event: WechatCashierEventMap['cashier-closed']) => event.detail.order;
cashier.addEventListener('cashier-closed', listener);
cashier.removeEventListener('cashier-closed', listener);

// They bubble, so anything around the element can listen.
document.addEventListener('cashier-paid', (event) => event.detail.order.trim());
window.addEventListener('cashier-error', (event) => event.detail.fatal);
document.body.addEventListener('cashier-navigate', (event) => event.detail.url);

cashier.addEventListener('cashier-paid', ({ detail: { amount } }) => {
  // @ts-expect-error the answer that says paid need not say an amount that can be read
  void amount.value;
  return amount && [amount.value satisfies number, amount.currency satisfies string];
});
cashier.addEventListener('cashier-expired', (event) => {
  // @ts-expect-error nothing was paid
  void event.detail.amount;
});
cashier.addEventListener('cashier-paid', (event) => {
  // @ts-expect-error an event is not a receipt
  void event.detail.transaction_id;
});
cashier.channel = 'till-1';
cashier.idleAfter = 20;
cashier.idleAfter = 'never';
cashier.texts = { SpokenPaid: '收到{}' };
// @ts-expect-error a channel has a name
cashier.channel = 1;
// @ts-expect-error a listener of another event
cashier.addEventListener('cashier-paid', (event: WechatCashierEventMap['cashier-error']) => event.detail.code);

// The first answer.
const first: Order = {
  order_id: 'T20261121001',
  status: 'pending',
  amount: { value: 1999, currency: 'CNY' },
  description: 'Oolong tea, 250 g',
  merchant: { name: 'Tea House', logo_url: '/logo.svg' },
  now: '2026-11-21T10:00:00.250Z',
  expires_at: '2026-11-21T10:15:00Z',
  methods: ['native', 'jsapi', { id: 'alipay', label: '支付宝' }],
  payment: {
    payment_id: 'p1',
    method: 'native',
    now: '2026-11-21T10:00:00.250Z',
    action: { type: 'show_qr', content: 'weixin://wxpay/bizpayurl?pr=Zim81N5zz' },
  },
  return_url: null,
};
cashier.first = first;
cashier.first = null;
const again: Order | undefined = cashier.first;
void again;

// @ts-expect-error minor units, not a string
first.amount = { value: '19.99', currency: 'CNY' };
// @ts-expect-error no such status
first.status = 'confirming';
// @ts-expect-error a code needs its content
first.payment!.action = { type: 'show_qr' };
// @ts-expect-error milliseconds are not a time of the contract
first.now = Date.now();
// @ts-expect-error all that is needed
cashier.first = { order_id: 'T20261121001', status: 'pending' };

// Texts.
const some: Texts = { Paid: '支付成功', PayNow: '立即支付 {}' };
cashier.texts = some;
cashier.texts = null;
// @ts-expect-error no such text
cashier.texts = { Payed: '支付成功' };
// @ts-expect-error a text is a string
cashier.texts = { Paid: 1 };
// @ts-expect-error not every text
const incomplete: AllTexts = { Paid: 'お支払いが完了しました' };
void incomplete;
