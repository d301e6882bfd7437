// What each of the three pages needs to know of the contract with a backend (docs/contract.md).

/** How long after an answer the backend is asked again. */
const POLL_MS = 2_000;

const id = new URLSearchParams(location.search).get('order');

async function ask() {
  const response = await fetch(`/api/orders/${encodeURIComponent(id)}`, { headers: { accept: 'application/json' }, cache: 'no-store' });
  if (!response.ok) {
    throw new Error(`the backend answers ${response.status}`);
  }
  return response.json();
}

/** Gives `show` the order now and each time after that, until it is over. An answer that does not come is asked for again. */
export async function follow(show) {
  try {
    const order = await ask();
    show(order);
    if (order.status !== 'pending') {
      return;
    }
  } catch (error) {
    console.warn(error);
  }
  setTimeout(follow, POLL_MS, show);
  performance.mark('at-work'); // what the benchmark takes for "the program is at work"
}

/** The amount as it is written in the page's language. */
export function amount({ value, currency }) {
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: 'currency', currency });
  return format.format(value / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** The text of the code that is to be scanned, if there is one. */
export const codeOf = ({ payment }) => (payment?.action.type === 'show_qr' ? payment.action.content : undefined);
