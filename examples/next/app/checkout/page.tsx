import { Suspense } from 'react';
import type { Order } from 'wechat-cashier';

import { Checkout } from './checkout';

const BACKEND = process.env.BACKEND ?? 'http://127.0.0.1:8088';

type Props = { searchParams: Promise<{ order: string; token: string }> };

/** `/checkout?order=…&token=…`. With `cacheComponents`, what is awaited for each request is inside of `Suspense`. */
export default function Page({ searchParams }: Props) {
  return (
    <main>
      <h1>Tea House</h1>
      <Suspense fallback={<p>One moment…</p>}>
        <Pay searchParams={searchParams} />
      </Suspense>
    </main>
  );
}

/** A real shop knows the order, and signs the token, here. Never `"use cache"`: the answer is of one moment, for one payer. */
async function Pay({ searchParams }: Props) {
  const { order, token } = await searchParams;
  return <Checkout key={order} order={order} token={token} first={await ask(order, token)} />;
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
