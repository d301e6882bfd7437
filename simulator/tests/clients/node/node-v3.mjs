// wechatpay-node-v3: it downloads the platform certificates, and verifies where it is asked to. It knows no public-key mode.
import assert from 'node:assert/strict';
import WxPay from 'wechatpay-node-v3';
import { checkPaid, checkRefunded, notification, order, pay, refund, setup } from './setup.mjs';

const { merchant } = setup;
const client = new WxPay({
  appid: merchant.appid,
  mchid: merchant.mchid,
  serial_no: merchant.serial_no,
  // Only read for the serial number, which it is told.
  publicKey: Buffer.from('-'),
  privateKey: Buffer.from(merchant.private_key_pem),
  key: merchant.apiv3_key,
});

// Its host is fixed; its way to send is not.
const host = 'https://api.mch.weixin.qq.com';
const send = async (method, url, headers, body) => {
  const answer = await fetch(url.replace(host, setup.base), { method, headers, body });
  const text = await answer.text();
  const head = (name) => answer.headers.get(`wechatpay-${name}`);
  if (!url.endsWith('/v3/certificates') && answer.ok) {
    const params = { timestamp: head('timestamp'), nonce: head('nonce'), serial: head('serial'), signature: head('signature') };
    assert.ok(await client.verifySign({ ...params, body: text, apiSecret: merchant.apiv3_key }), url);
  }
  return { status: answer.status, data: text && JSON.parse(text) };
};
client.createHttp({
  get: (url, headers) => send('GET', url, headers),
  post: (url, params, headers) => send('POST', url, headers, JSON.stringify(params)),
});

const query = async (number) => (await client.query({ out_trade_no: number })).data;

const paid = 'nodev3-paid';
const prepaid = await client.transactions_native(order(paid));
assert.match(prepaid.data.code_url, /^weixin:/);
assert.equal((await query(paid)).trade_state, 'NOTPAY');
await pay(paid);
const opened = async (number) => {
  const { headers, body } = await notification(number);
  const head = (name) => headers[`wechatpay-${name}`];
  const params = { timestamp: head('timestamp'), nonce: head('nonce'), serial: head('serial'), signature: head('signature') };
  assert.ok(await client.verifySign({ ...params, body, apiSecret: merchant.apiv3_key }));
  assert.ok(!(await client.verifySign({ ...params, body: `${body} `, apiSecret: merchant.apiv3_key })));
  const { resource } = JSON.parse(body);
  return client.decipher_gcm(resource.ciphertext, resource.associated_data, resource.nonce, merchant.apiv3_key);
};
checkPaid(await opened(paid), paid);
checkPaid(await query(paid), paid);

assert.equal((await client.refunds(refund(paid))).data.status, 'PROCESSING');
checkRefunded(await opened(`${paid}-refund`), paid);
checkRefunded((await client.find_refunds(refund(paid).out_refund_no)).data, paid);
assert.equal((await query(paid)).trade_state, 'REFUND');

const closed = 'nodev3-closed';
await client.transactions_native(order(closed));
assert.equal((await client.close(closed)).status, 204);
assert.equal((await query(closed)).trade_state, 'CLOSED');
