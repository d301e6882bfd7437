// The real JS-SDK, as npm has it, in the place of the sandbox's own: the emulator's bridge is what real code expects.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { behaviour } from './support/test.mjs';
import { readyInWechat } from './support/wechat.mjs';

const source = readFileSync(createRequire(import.meta.url).resolve('weixin-js-sdk'), 'utf8');

/** The package is a CommonJS module; what WeChat serves puts the same into `wx`. */
const SDK = `(() => { const module = {}; ${source}; window.wx = window.jWeixin = module.exports; })();`;

const realSdk = ({ page }) => page.route('**/assets/jssdk.js', (route) => route.fulfill({ contentType: 'text/javascript', body: SDK }));

behaviour('the real JS-SDK opens the mini-program\'s pay page for the cashier, and the order is paid', async (world) => {
  const cashier = await readyInWechat(world, { agent: 'miniProgram', before: realSdk });
  assert.equal(await cashier.page.evaluate(() => window.wx.miniProgram.navigateTo.toString().includes('invokeMiniProgramAPI')), true);
  await cashier.send('pay');
  await cashier.part('native').waitFor();
  const { calls } = await cashier.heard();
  assert.deepEqual(calls.map(([name, { name: api }]) => [name, api]), [['invokeMiniProgramAPI', 'navigateTo']]);
  await cashier.tapIn('native-pay');
  await cashier.payOnSheet();
  await cashier.reaches('paid', 8_000);
  assert.equal(await cashier.tradesPaid(), 1);
});

behaviour('the real JS-SDK\'s wx.config and wx.chooseWXPay: without config refused, then cancelled, then paid', async (world) => {
  const cashier = await readyInWechat(world, { before: realSdk });
  const { page } = cashier;
  await page.addScriptTag({ url: '/assets/jssdk.js' });
  const [{ action: { params } }] = (await cashier.sandbox.order(cashier.order)).payments.slice(-1);
  const choose = () => page.evaluate(({ timeStamp, nonceStr, package: prepay, signType, paySign }) => {
    window.came = [];
    const note = (name) => (said) => window.came.push([name, said.errMsg]);
    const [success, cancel, fail, complete] = ['success', 'cancel', 'fail', 'complete'].map(note);
    window.wx.chooseWXPay({ timestamp: timeStamp, nonceStr, package: prepay, signType, paySign, success, cancel, fail, complete });
  }, params);
  const came = async () => {
    await page.waitForFunction(() => window.came.length === 2);
    return page.evaluate(() => window.came);
  };
  await choose();
  assert.deepEqual((await came()).map(([name]) => name), ['fail', 'complete']);
  assert.match((await came())[0][1], /the permission value is offline verifying/);

  await page.evaluate((appId) => new Promise((resolve, reject) => {
    window.wx.config({ debug: false, appId, timestamp: 1795255200, nonceStr: 'n', signature: 's', jsApiList: ['chooseWXPay'] });
    window.wx.ready(resolve);
    window.wx.error(reject);
  }), params.appId);
  await choose();
  await cashier.tapIn('cancel');
  assert.deepEqual(await came(), [['cancel', 'chooseWXPay:cancel'], ['complete', 'chooseWXPay:cancel']]);
  await choose();
  await cashier.payOnSheet();
  assert.deepEqual(await came(), [['success', 'chooseWXPay:ok'], ['complete', 'chooseWXPay:ok']]);
  // The cashier on the same page has called nothing, and learns it from its backend.
  await cashier.reaches('paid', 8_000);
  assert.equal(await cashier.tradesPaid(), 1);
});
