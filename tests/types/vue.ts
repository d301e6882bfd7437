// What a template of Vue says. It is only compiled: each bad line has to be refused. Whether templates are checked by it, the
// example shows: vue-tsc has strict templates there.

import 'wechat-cashier/vue';

import type { GlobalComponents } from 'vue';
import type { Order } from 'wechat-cashier/vue';

type Props = InstanceType<GlobalComponents['wechat-cashier']>['$props'];
declare const first: Order;

export const good: Props[] = [
  {},
  { order: 'T20261121001', token: 'secret', api: '/api', lang: 'en', class: 'till', id: 'cashier', key: 1 },
  { order: null, theme: 'dark', layout: 'page', return: 'auto 8', methods: 'native', speech: true },
  { 'allow-origins': 'https://shop.example', allowOrigins: 'https://shop.example' },
  { first, firstAsked: 0, texts: { Paid: '支付成功' } },
  { 'onCashier-paid': (event) => event.detail.order.trim(), 'onCashier-error': (event) => event.detail.fatal },
];

export const bad: Props[] = [
  // @ts-expect-error no such theme
  { theme: 'black' },
  // @ts-expect-error no such way back
  { return: 'later' },
  // @ts-expect-error no such text
  { texts: { Payed: '支付成功' } },
  // @ts-expect-error an order, not its id
  { first: 'T20261121001' },
  // @ts-expect-error it has no such detail
  { 'onCashier-paid': (event) => event.detail.code },
];
