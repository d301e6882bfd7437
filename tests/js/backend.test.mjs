// The backend of docs/backend.md does what docs/contract.md says. (That a browser pays there: tests/e2e/backend.test.mjs.)

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startBackend } from './support/backend.mjs';

/** A new order there, and what can be asked about it. */
async function bought(t) {
  const url = await startBackend(t);
  const [, id, token] = /order="([^"]+)" token="([^"]+)"/.exec(await (await fetch(url)).text());
  const at = `${url}api/orders/${id}`;
  const ask = async (address, { headers, ...init } = {}) => {
    const answer = await fetch(address, { ...init, headers: { authorization: `Bearer ${token}`, ...headers } });
    const type = answer.headers.get('content-type');
    return { status: answer.status, type, body: JSON.parse(await answer.text()) };
  };
  return {
    url,
    id,
    at,
    ask,
    order: async () => (await ask(at)).body,
    pay: (key, body = {}) => ask(`${at}/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
      body: typeof body === 'string' ? body : JSON.stringify({ method: 'native', page_url: url, ...body }),
    }),
    isPaid: () => fetch(`${url}paid?order=${id}`, { method: 'POST' }),
  };
}

const assertRefused = ({ status, type, body }, code, http) => {
  assert.deepEqual([status, type, body.code, body.status], [http, 'application/problem+json', code, http]);
};

test('an order is paid: the code, then the word', async (t) => {
  const { order, pay, isPaid, id } = await bought(t);
  const before = await order();
  assert.deepEqual([before.order_id, before.status, before.payment, before.amount], [id, 'pending', null, { value: 1999, currency: 'CNY' }]);
  assert.ok(Date.parse(before.now) < Date.parse(before.expires_at));
  const { status, body: payment } = await pay('k1');
  assert.equal(status, 200);
  assert.match(payment.action.content, /^weixin:\/\/wxpay\//);
  assert.equal((await order()).payment.payment_id, payment.payment_id);
  await isPaid();
  const after = await order();
  assert.deepEqual([after.status, after.paid_by, after.payment], ['paid', 'native', null]);
  assertRefused(await pay('k1'), 'order_paid', 409);
  assertRefused(await pay(undefined, 'no json'), 'order_paid', 409);
});

test('each row of the idempotency table', async (t) => {
  const { ask, at, url, pay } = await bought(t);
  const id = async (answer) => (await answer).body.payment_id;
  assertRefused(await ask(`${url}api/orders/none`), 'order_not_found', 404);
  for (const authorization of ['', 'Bearer x', 'Bearer é']) {
    assertRefused(await ask(at, { headers: { authorization } }), 'unauthorized', 401);
  }
  assertRefused(await pay(undefined), 'invalid_request', 422);
  assertRefused(await pay('k0', 'no json'), 'invalid_request', 422);
  assertRefused(await pay('k0', { method: 'h5' }), 'method_unavailable', 422);
  assertRefused(await pay('k0', { page_url: '' }), 'invalid_request', 422);

  const first = await id(pay('k1'));
  assert.equal(await id(pay('k1')), first, 'the same key');
  assert.equal(await id(pay('k1', { replaces: null, auth_code: '', more: 1 })), first, 'the same values');
  assertRefused(await pay('k1', { page_url: `${url}else` }), 'invalid_request', 422);
  assert.equal(await id(pay('k2')), first, 'another tab');
  const second = await id(pay('k3', { replaces: first }));
  assert.notEqual(second, first, 'a new code');
  assert.equal(await id(pay('k3', { replaces: first })), second, 'asked for again');
  assert.equal(await id(pay('k1')), second, 'never the dead one');
  assert.equal(await id(pay('k4', { replaces: first })), second, 'replaced already');
});

test('closing, twice; and what is paid is not closed', async (t) => {
  const { at, ask, isPaid, pay } = await bought(t);
  const close = async () => (await ask(`${at}/close`, { method: 'POST' })).body.status;
  assert.deepEqual([await close(), await close()], ['closed', 'closed']);
  assertRefused(await pay('k1'), 'order_closed', 409);
  await isPaid(); // the money crossed the close
  assert.equal(await close(), 'paid');
});

test('events: the order when they open and whenever it changes, for who has the ticket; nothing may hold them back', async (t) => {
  const { order, pay, isPaid, url } = await bought(t);
  const { events_url: address } = await order();
  assert.equal((await fetch(new URL(address.replace(/ticket=.*/, 'ticket=x'), url))).status, 401);
  const answer = await fetch(new URL(address, url));
  assert.deepEqual([answer.headers.get('content-type'), answer.headers.get('cache-control')], ['text/event-stream', 'no-store, no-transform']);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => {
    const [, data, end] = /^data: (.*)(\n\n)$/.exec((await reader.read()).value);
    return end && JSON.parse(data);
  };
  assert.equal((await next()).status, 'pending');
  const { body } = await pay('k1');
  assert.equal((await next()).payment.payment_id, body.payment_id);
  await isPaid();
  assert.equal((await next()).status, 'paid');
  await reader.cancel();
});
