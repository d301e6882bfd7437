import { QRCodeSVG } from 'qrcode.react';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { amount, codeOf, follow } from '../order.js';

function Checkout() {
  const [order, setOrder] = useState();
  useEffect(() => void follow(setOrder), []);
  if (!order) {
    return null;
  }
  const code = codeOf(order);
  const pending = order.status === 'pending';
  return (
    <>
      <p className="merchant">{order.merchant.name}</p>
      <p className="amount">{amount(order.amount)}</p>
      <p className="description">{order.description}</p>
      {pending && code && <div className="qr"><QRCodeSVG value={code} level="M" marginSize={4} size={256} title="微信支付二维码" /></div>}
      <p className="hint">{pending ? '请使用微信扫一扫支付' : '支付成功'}</p>
    </>
  );
}

createRoot(document.getElementById('app')).render(<Checkout />);
