import type { Order } from 'wechat-cashier';

import { Checkout } from './checkout';

const BACKEND = process.env.BACKEND ?? 'http://127.0.0.1:8088';

/** `/checkout?order=…&token=…`, rendered for each request. */
export default async function Page({ searchParams }: { searchParams: Promise<{ order: string; token: string }> }) {
  const { order, token } = await searchParams;
  return (
    <main>
      <h1>Tea House</h1>
      <Checkout order={order} token={token} first={await ask(order, token)} />
    </main>
  );
}

/** The answer that the cashier would ask for first. Without one it asks by itself. */
async function ask(order: string, token: string): Promise<Order | undefined> {
  const answer = await fetch(`${BACKEND}/api/orders/${encodeURIComponent(order)}`, {
    headers: { authorization: `Bearer ${token}` },
    cache: 'no-store',
  });
  return answer.ok ? answer.json() : undefined;
}
