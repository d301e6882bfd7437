// A small JS-SDK: the part of jweixin that a cashier may call, through the same calls of `WeixinJSBridge`
// (docs/platform.md, 1.4). It stands in for https://res.wx.qq.com/open/js/jweixin-1.6.0.js, so that the demo needs no
// network.

(() => {
  'use strict';
  if (window.jWeixin) return;

  let config = {};
  const setUp = { state: 0, answer: null, waiting: [], fail: null };

  /** Outside WeChat nothing happens at all: no call, no answer, no error. */
  function whenReady(act) {
    if (!/micromessenger/i.test(navigator.userAgent)) return;
    if (window.WeixinJSBridge) act();
    else document.addEventListener('WeixinJSBridgeReady', act, { once: true });
  }

  function invoke(api, name, args, handlers = {}) {
    if (!window.WeixinJSBridge) return;
    const signed = {
      appId: config.appId, verifyAppId: config.appId, verifySignType: 'sha1', verifyTimestamp: `${config.timestamp}`,
      verifyNonceStr: config.nonceStr, verifySignature: config.signature,
    };
    window.WeixinJSBridge.invoke(name, Object.assign({}, args, signed), (said) => {
      const result = Object.assign({}, said);
      for (const field of ['err_code', 'err_desc', 'err_detail']) delete result[field];
      if (!result.errMsg) result.errMsg = `${api}:${wordOf(api, result.err_msg || '')}`;
      delete result.err_msg;
      const word = result.errMsg.slice(result.errMsg.indexOf(':') + 1);
      const handler = word === 'ok' ? handlers.success : word === 'cancel' ? handlers.cancel : handlers.fail;
      if (handler) handler(result);
      if (handlers.complete) handlers.complete(result);
    });
  }

  /** The bridge's words, as the SDK tells them on: without `fail_`, in lower case, with spaces. */
  function wordOf(api, text) {
    let word = text.slice(text.indexOf(':') + 1);
    if (word === 'confirm') word = 'ok';
    if (word === 'failed') word = 'fail';
    word = word.replace(/^(failed_|fail_)/, '').replace(/_/g, ' ').toLowerCase();
    if (word === 'access denied' || word === 'no permission to execute') word = 'permission denied';
    if (api === 'config' && word === 'function not exist') word = 'ok';
    return word || 'fail';
  }

  const miniProgram = {
    getEnv: (answer) => whenReady(() => answer({ miniprogram: window.__wxjs_environment === 'miniprogram' })),
    postMessage: (wish = {}) => whenReady(() => invoke('invokeMiniProgramAPI', 'invokeMiniProgramAPI', { name: 'postMessage', arg: wish.data || {} }, wish)),
    navigateBack: (wish = {}) => whenReady(() => invoke('invokeMiniProgramAPI', 'invokeMiniProgramAPI', { name: 'navigateBack', arg: { delta: wish.delta || 1 } }, wish)),
  };
  for (const name of ['navigateTo', 'redirectTo', 'switchTab', 'reLaunch']) {
    miniProgram[name] = (wish) => whenReady(() => invoke('invokeMiniProgramAPI', 'invokeMiniProgramAPI', { name, arg: { url: wish.url } }, wish));
  }

  const INNER = { chooseWXPay: 'getBrandWCPayRequest' };

  window.wx = window.jWeixin = {
    config(wish) {
      config = wish;
      whenReady(() => invoke('config', 'preVerifyJSAPI', { verifyJsApiList: (wish.jsApiList || []).map((api) => INNER[api] || api) }, {
        success: () => (setUp.state = 1),
        fail: (answer) => {
          setUp.state = -1;
          setUp.answer = answer;
          if (setUp.fail) setUp.fail(answer);
        },
        // As in the real one, `ready` is told of a failure as well.
        complete: () => setUp.waiting.splice(0).forEach((act) => act()),
      }));
    },
    ready: (act) => void (setUp.state === 0 ? setUp.waiting.push(act) : act()),
    error: (act) => void (setUp.state === -1 ? act(setUp.answer) : (setUp.fail = act)),
    checkJsApi(wish) {
      const jsApiList = wish.jsApiList.map((api) => INNER[api] || api);
      invoke('checkJsApi', 'checkJsApi', { jsApiList }, Object.assign({}, wish, {
        success: (answer) => {
          const found = typeof answer.checkResult === 'string' ? JSON.parse(answer.checkResult) : answer.checkResult;
          answer.checkResult = {};
          for (const api of wish.jsApiList) answer.checkResult[api] = found[INNER[api] || api];
          if (wish.success) wish.success(answer);
        },
      }));
    },
    chooseWXPay(wish) {
      const params = {
        timeStamp: `${wish.timestamp}`, nonceStr: wish.nonceStr, package: wish.package, paySign: wish.paySign, signType: wish.signType || 'SHA1',
      };
      invoke('chooseWXPay', 'getBrandWCPayRequest', params, wish);
    },
    closeWindow: (wish = {}) => invoke('closeWindow', 'closeWindow', {}, wish),
    miniProgram,
  };
})();
