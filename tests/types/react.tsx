// What a component of React says. It is only compiled: each bad line has to be refused.
// (An attribute with a hyphen in its name may be anything in JSX, so `oncashier-pade` is not.)

import 'wechat-cashier/react';

import { useEffect, useRef } from 'react';
import type { Order, WechatCashier, WechatCashierEventMap, WechatCashierProps } from 'wechat-cashier/react';

export function Good({ first, order }: { first: Order; order: string | null }) {
  const cashier = useRef<WechatCashier>(null);
  const props: WechatCashierProps = { order, theme: 'dark' };
  useEffect(() => {
    const hear = (event: WechatCashierEventMap['cashier-paid']) => event.detail.order.trim();
    cashier.current?.addEventListener('cashier-paid', hear);
    return () => cashier.current?.removeEventListener('cashier-paid', hear);
  }, []);
  return (
    <>
      <wechat-cashier
        ref={cashier}
        id="cashier"
        className="till"
        style={{ maxWidth: '27rem' }}
        lang="zh-CN"
        order={order}
        api="/api"
        token="secret"
        theme="auto"
        layout="panel"
        methods="native alipay"
        return="auto 8"
        allow-origins="https://shop.example"
        speech
        channel="till-1"
        idle-after={20}
        idleAfter="never"
        first={first}
        firstAsked={0}
        texts={{ Paid: '支付成功' }}
        oncashier-ready={() => cashier.current?.refresh()}
        oncashier-status={(event) => event.detail.status === 'paid'}
        oncashier-paid={(event) => event.detail.order.trim()}
        oncashier-paidCapture={(event) => event.detail.order.trim()}
        oncashier-error={({ detail }) => detail.fatal && detail.code === 'stopped'}
        oncashier-navigate={(event) => event.preventDefault()}
      >
        <p>How else to pay</p>
      </wechat-cashier>
      <wechat-cashier {...props} />
      <wechat-cashier />
    </>
  );
}

export const bad = [
  // @ts-expect-error no such theme
  <wechat-cashier theme="black" />,
  // @ts-expect-error no such way back
  <wechat-cashier return="later" />,
  // @ts-expect-error no such text
  <wechat-cashier texts={{ Payed: '支付成功' }} />,
  // @ts-expect-error an order, not its id
  <wechat-cashier first="T20261121001" />,
  // @ts-expect-error no such attribute
  <wechat-cashier amount={1999} />,
  // @ts-expect-error React 19 takes the event's own name after `on`
  <wechat-cashier onCashierPaid={() => {}} />,
  // @ts-expect-error it has no such detail
  <wechat-cashier oncashier-paid={(event) => event.detail.code} />,
  // @ts-expect-error no such element
  <wechat-cashiers />,
];
