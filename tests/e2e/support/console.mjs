// The merchant's console in the sandbox: a person of the shop's who comes in, and a shop that something has happened in.

/** The keys of this sandbox, by their names. */
export async function keysOf(sandbox) {
  const { keys } = await sandbox.get('/sandbox/console');
  return Object.fromEntries(keys.map(({ name, key }) => [name, key]));
}

/** Comes in, at the door where the page is, or at the first. */
export async function logIn(page, sandbox, { name = 'shop', at } = {}) {
  const { [name]: key } = await keysOf(sandbox);
  if (at !== null) {
    await page.goto(new URL(at ?? '/console/login', sandbox.url).href);
  }
  await page.locator('#key').fill(key);
  await page.locator('#key').press('Enter');
  await page.waitForURL((url) => !url.pathname.endsWith('/login'));
}

/** A page of the order asks for a code. Returns its text. */
export async function codeOf(sandbox, order) {
  const response = await fetch(`${sandbox.url}/api/orders/${order.order_id}/payments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${order.token}`, 'content-type': 'application/json', 'idempotency-key': `e2e-${order.order_id}` },
    body: JSON.stringify({ method: 'native', page_url: new URL(order.cashier_url, sandbox.url).href }),
  });
  const { action } = await response.json();
  return action.content;
}

/** An order that is paid by its code. */
export async function paidOrder(sandbox, wish = { tea: 'oolong' }) {
  const order = await sandbox.newOrder(wish);
  await sandbox.payByText(await codeOf(sandbox, order));
  return order;
}

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Turns the clock to an hour of the next day in China, before any of its consequences is asked for. */
export async function nextDay(sandbox, hour = 10) {
  const { now } = await sandbox.get('/sandbox/clock');
  const midnight = (Math.floor((Date.parse(now) + 8 * HOUR_MS) / DAY_MS) + 1) * DAY_MS - 8 * HOUR_MS;
  await sandbox.post('/sandbox/clock', { set: new Date(midnight + hour * HOUR_MS + 10 * 60 * 1000).toISOString() });
}

/** The day in China. */
export async function today(sandbox) {
  const { now } = await sandbox.get('/sandbox/clock');
  return new Date(Date.parse(now) + 8 * HOUR_MS).toISOString().slice(0, 10);
}

/** Pages that tell how their payers fared. */
export async function tellOfPayers(sandbox) {
  const fared = [
    ['native', 'shown', 'method', 'qr', 'confirming', 'paid'],
    ['native', 'shown', 'method', 'qr', 'paid'],
    ['native', 'shown', 'method', 'qr', 'abandoned'],
    ['native', 'shown', 'method', 'expired'],
    ['jsapi', 'shown', 'method', 'opened', 'paid'],
    ['mini_program', 'shown', 'method', 'opened', 'error'],
    ['a-way-of-nobody-s', 'shown', 'closed'],
  ];
  for (const [place, [method, ...names]] of fared.entries()) {
    const events = names.map((name, at_ms) => ({ name, at_ms, method, ...(name === 'error' && { code: 'offline' }) }));
    await sandbox.post('/telemetry', {
      v: 1, batch_id: `payer-${place}`, visit: `payer-${place}`, lang: 'en', layout: 'page', sent_at_ms: 10, dropped: 0, events,
    });
  }
}

/**
 * A shop with something on each page: paid, refunded in part, paid too late, open, closed, a notification of nobody's, a day that
 * differs, payers who fared well and badly. Returns the orders and the day.
 */
export async function busyShop(sandbox) {
  await nextDay(sandbox, 12);
  const day = await today(sandbox);
  const paid = await paidOrder(sandbox);
  const late = await sandbox.newOrder({ tea: 'oolong' });
  const code = await codeOf(sandbox, late);
  await sandbox.setFaults(late, { kind: 'paid_after_expiry' });
  const bill = await sandbox.scan(code);
  await sandbox.close(late);
  await sandbox.post('/wechat/pay', { scan_id: bill.scan_id });
  await sandbox.clearFaults(late);
  const closed = await sandbox.newOrder({ tea: 'sencha' });
  await sandbox.close(closed);
  await sandbox.call('POST', '/simulator/faults', [{ kind: 'notify_other_order', times: 1 }]);
  const strange = await paidOrder(sandbox, { tea: 'oolong', description: '乌龙茶 <b>& "礼盒"</b> with a description that is as long as those that shops write: 明前特级 250 克' });
  await sandbox.call('PUT', '/simulator/faults', [{ kind: 'bill_line_foreign' }]);
  await sandbox.setFaults(paid, { kind: 'bill_wrong_amount', total: 1 });
  await nextDay(sandbox);
  const open = await sandbox.newOrder({ tea: 'oolong' });
  await codeOf(sandbox, open);
  await tellOfPayers(sandbox);
  return { day, paid, late, closed, strange, open };
}
