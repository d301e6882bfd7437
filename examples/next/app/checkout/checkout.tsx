'use client';

import 'wechat-cashier/react';

import { useEffect, useRef, useState } from 'react';
import type { Order, Texts, WechatCashier, WechatCashierEventMap } from 'wechat-cashier';

const texts: Texts = { ScanHint: '请用微信扫一扫，谢谢惠顾' };

export function Checkout({ order, token, first }: { order: string; token: string; first: Order | undefined }) {
  const cashier = useRef<WechatCashier>(null);
  const [paid, setPaid] = useState<string>();

  // By the ref: when React takes over what the server has rendered, it gives an element that is not its own neither its
  // properties nor its listeners, whatever the JSX below says.
  useEffect(() => {
    const element = cashier.current!;
    const hear = (event: WechatCashierEventMap['cashier-paid']) => setPaid(event.detail.order);
    element.addEventListener('cashier-paid', hear);
    Object.assign(element, { order, token, first, texts });
    // Next.js keeps a page that was left, hidden and without its effects: it was paid meanwhile.
    if (element.status === 'paid' && element.order === order) setPaid(order);
    return () => element.removeEventListener('cashier-paid', hear);
  }, [order, token, first]);

  return (
    <>
      <wechat-cashier ref={cashier} return="none">
        Your browser cannot show the cashier. Please pay at the counter.
      </wechat-cashier>
      <p id="news" role="status">
        {paid && `Thank you! Order ${paid} is paid.`}
      </p>
    </>
  );
}
