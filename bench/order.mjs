// The backend's one answer: an order that is to be paid, with the payment in it (docs/contract.md).

/** The text of the code that every page is to show. */
export const CODE = 'weixin://wxpay/bizpayurl?pr=Zim81N5zz';
export const ORDER = 'T20261121001';

export function answer(order, now = Date.now()) {
  const expires_at = new Date(now + 15 * 60_000).toISOString();
  return {
    order_id: order,
    status: 'pending',
    amount: { value: 1999, currency: 'CNY' },
    description: '乌龙茶 250 克',
    merchant: { name: '茶馆' },
    now: new Date(now).toISOString(),
    expires_at,
    methods: ['native'],
    payment: {
      payment_id: 'p1',
      method: 'native',
      now: new Date(now).toISOString(),
      expires_at,
      action: { type: 'show_qr', content: CODE },
    },
  };
}
