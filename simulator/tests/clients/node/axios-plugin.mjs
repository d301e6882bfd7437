// wechatpay-axios-plugin: it verifies every answer of 2xx by the key that `Wechatpay-Serial` names.
import assert from 'node:assert/strict';
import plugin from 'wechatpay-axios-plugin';
import { asker, checkPaid, checkRefunded, notification, order, pay, refund, setup, sub } from './setup.mjs';

const { Aes, Formatter, Rsa, Wechatpay } = plugin;
const { merchant, platform, mode } = setup;
const certs =
  mode === 'public_key'
    ? { [platform.public_key_id]: platform.public_key_pem }
    : { [platform.certificate_serial_no]: platform.certificate_pem };
const wxpay = new Wechatpay({
  mchid: merchant.mchid,
  serial: merchant.serial_no,
  privateKey: Rsa.from(merchant.private_key_pem, Rsa.KEY_TYPE_PRIVATE),
  certs,
  baseURL: `${setup.base}/`,
  proxy: false,
  headers: mode === 'public_key' ? { 'Wechatpay-Serial': platform.public_key_id } : {},
});
const transactions = sub ? wxpay.v3.pay.partner.transactions : wxpay.v3.pay.transactions;
const one = () => transactions.outTradeNo.$out_trade_no$;
const query = async (number) => (await one().get({ params: asker, out_trade_no: number })).data;

const begin = `axios-${mode}${sub ? '-sp' : ''}`;
const paid = `${begin}-paid`;
const prepaid = await transactions.native.post(order(paid));
assert.match(prepaid.data.code_url, /^weixin:\/\/wxpay\/bizpayurl\?pr=/);
assert.equal((await query(paid)).trade_state, 'NOTPAY');
await pay(paid);
const opened = async (number) => {
  const { headers, body } = await notification(number);
  const message = Formatter.response(headers['wechatpay-timestamp'], headers['wechatpay-nonce'], body);
  assert.ok(Rsa.verify(message, headers['wechatpay-signature'], certs[headers['wechatpay-serial']]));
  const { resource } = JSON.parse(body);
  const plain = Aes.AesGcm.decrypt(resource.ciphertext, merchant.apiv3_key, resource.nonce, resource.associated_data);
  return JSON.parse(plain);
};
checkPaid(await opened(paid), paid);
checkPaid(await query(paid), paid);

const refunds = wxpay.v3.refund.domestic.refunds;
assert.equal((await refunds.post(refund(paid))).data.status, 'PROCESSING');
checkRefunded(await opened(`${paid}-refund`), paid);
const params = sub ? { sub_mchid: sub.mchid } : {};
checkRefunded((await refunds.$out_refund_no$.get({ params, out_refund_no: refund(paid).out_refund_no })).data, paid);
assert.equal((await query(paid)).trade_state, 'REFUND');

const closed = `${begin}-closed`;
await transactions.native.post(order(closed));
const answer = await one().close.post(asker, { out_trade_no: closed });
assert.equal(answer.status, 204);
assert.equal((await query(closed)).trade_state, 'CLOSED');

// What is wrong comes with its code.
await assert.rejects(query('axios-nobody-s'), (error) => error.response.data.code === 'ORDER_NOT_EXIST');
