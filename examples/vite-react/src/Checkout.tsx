import 'wechat-cashier/react';

import { useState } from 'react';

export function Checkout({ order, token }: { order: string | null; token: string | null }) {
  const [paid, setPaid] = useState<string>();

  return (
    <main>
      <h1>Tea House</h1>
      <wechat-cashier order={order} token={token} return="none" oncashier-paid={(event) => setPaid(event.detail.order)}>
        Your browser cannot show the cashier. Please pay at the counter.
      </wechat-cashier>
      <p id="news" role="status">
        {paid && `Thank you! Order ${paid} is paid.`}
      </p>
    </main>
  );
}
