import type { Order } from 'wechat-cashier';

import { Checkout } from './checkout';

const BACKEND = process.env.BACKEND ?? 'http://127.0.0.1:8088';

/** `/checkout?order=…&token=…`, rendered for each request. A real shop knows the order, and signs the token, here. */
export default async function Page({ searchParams }: { searchParams: Promise<{ order: string; token: string }> }) {
  const { order, token } = await searchParams;
  return (
    <main>
      <h1>Tea House</h1>
      <Checkout order={order} token={token} first={await ask(order, token)} />
    </main>
  );
}

/** What the cashier would ask first. It asks by itself if there is no answer, so the page does not wait long for one. */
async function ask(order: string, token: string): Promise<Order | undefined> {
  try {
    const answer = await fetch(`${BACKEND}/api/orders/${encodeURIComponent(order)}`, {
      headers: { authorization: `Bearer ${token}` },
      cache: 'no-store',
      signal: AbortSignal.timeout(1_000),
    });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
