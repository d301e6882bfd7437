// What every client is told, and the two things that it asks for besides WeChat Pay's own calls.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

export const setup = JSON.parse(readFileSync(process.argv[2], 'utf8'));

/** The sub-merchant that a service provider asks for; none for a merchant of its own. */
export const { sub } = setup.merchant;

/** The ids of who asks, in a query and in the body that closes an order. */
export const asker = sub ? { sp_mchid: setup.merchant.mchid, sub_mchid: sub.mchid } : { mchid: setup.merchant.mchid };

/** The payer pays what is out. */
export async function pay(outTradeNo) {
  const answer = await fetch(`${setup.base}/simulator/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ out_trade_no: outTradeNo }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** The notification that came: `{headers, body}`, the body as it was sent. */
export async function notification(outTradeNo) {
  const answer = await fetch(`${setup.catcher}/${outTradeNo}`);
  assert.equal(answer.status, 200, 'no notification came');
  return answer.json();
}

/** An order, as a merchant would send it. */
export function order(outTradeNo) {
  const { appid } = setup.merchant;
  return {
    ...asker,
    ...(sub ? { sp_appid: appid, sub_appid: sub.appid } : { appid }),
    description: '一杯茶 tea',
    out_trade_no: outTradeNo,
    notify_url: `${setup.catcher}/${outTradeNo}`,
    attach: 'order 1',
    amount: { total: 2880, currency: 'CNY' },
  };
}

/** Whether a plaintext is about the order that was paid. */
export function checkPaid(trade, outTradeNo) {
  assert.equal(trade.out_trade_no, outTradeNo);
  for (const [name, id] of Object.entries(asker)) assert.equal(trade[name], id);
  assert.equal(trade.trade_state, 'SUCCESS');
  assert.equal(trade.amount.total, 2880);
  assert.equal(trade.attach, 'order 1');
  assert.match(trade.transaction_id, /^\d{28}$/);
}

/** A refund of a part of it, as a merchant would ask for it. */
export function refund(outTradeNo) {
  return {
    ...(sub ? { sub_mchid: sub.mchid } : {}),
    out_trade_no: outTradeNo,
    out_refund_no: `${outTradeNo}@1`,
    reason: '退货',
    notify_url: `${setup.catcher}/${outTradeNo}-refund`,
    amount: { refund: 880, total: 2880, currency: 'CNY' },
  };
}

/** Whether an answer, or a plaintext, is about that refund, and it is done. */
export function checkRefunded(refund, outTradeNo) {
  assert.equal(refund.out_trade_no, outTradeNo);
  assert.equal(refund.out_refund_no, `${outTradeNo}@1`);
  assert.equal(refund.status ?? refund.refund_status, 'SUCCESS');
  assert.equal(refund.amount.refund, 880);
}
