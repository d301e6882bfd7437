// `WeixinJSBridge`, by the rules of docs/platform.md, 1.2 to 1.6.

/** Those a check by `checkJsApi` finds. */
const BRIDGE_APIS = ['getBrandWCPayRequest', 'preVerifyJSAPI', 'checkJsApi', 'closeWindow', 'getNetworkType'];
const PAY_FIELDS = ['appId', 'timeStamp', 'nonceStr', 'package', 'signType', 'paySign'];

class Bridge {
  constructor(weChat, settings, layer) {
    this.weChat = weChat;
    this.doubled = settings.bridge === 'doubled';
    this.needsGesture = /openharmony|arkweb/i.test(navigator.userAgent);
    this.layer = layer;
    this.miniProgram = new MiniProgram(layer);
    this.configured = [];
    // iOS holds against the pay directories what was entered first, Android what is there now (field problem 4).
    this.entered = location.href;
  }

  /** The object that the page gets. */
  object() {
    return {
      invoke: (name, args, callback) => this.invoke(String(name), args || {}, callback),
      call: (name) => this.invoke(String(name), {}),
      on: (name, listener) => {
        if (name === 'onPageStateChange' && typeof listener === 'function') this.miniProgram.listeners.push(listener);
      },
      log: () => {},
    };
  }

  invoke(name, args, callback) {
    const gesture = byGesture();
    const answer = (result) => {
      if (typeof callback !== 'function') return;
      for (let time = this.doubled ? 2 : 1; time > 0; time -= 1) {
        try {
          callback({ ...result });
        } catch (error) {
          // The page's own fault, and for the page to see; the phone goes on.
          if (typeof reportError === 'function') reportError(error);
          else console.error(error);
        }
      }
    };
    this.answerTo(name, args, gesture, answer).catch((error) => {
      console.warn('The phone failed:', error);
      answer({ err_msg: `${name}:fail` });
    });
  }

  async answerTo(name, args, gesture, answer) {
    if (name === 'getBrandWCPayRequest') return this.pay(args, gesture, answer);
    // Never while the page is still inside its call.
    await null;
    switch (name) {
      case 'invokeMiniProgramAPI':
        if (this.weChat !== 'mini_program') return answer({ err_msg: 'invokeMiniProgramAPI:function_not_exist' });
        if (this.needsGesture && !gesture) return answer({ err_msg: 'invokeMiniProgramAPI:permission denied' });
        return answer({ err_msg: `invokeMiniProgramAPI:${this.miniProgram.invoke(args.name, args.arg || {})}` });
      case 'preVerifyJSAPI':
        return answer({ err_msg: this.config(args) });
      case 'checkJsApi': {
        const found = {};
        for (const api of args.jsApiList || []) found[api] = BRIDGE_APIS.includes(api);
        // Android answers in text, and the JS-SDK counts on it.
        const checkResult = /android/i.test(navigator.userAgent) ? JSON.stringify(found) : found;
        return answer({ err_msg: 'checkJsApi:ok', checkResult });
      }
      case 'getNetworkType':
        // On a network the real JS-SDK would report to WeChat's servers now; nothing leaves this machine.
        return answer({ err_msg: 'network_type:fail' });
      case 'closeWindow':
        location.replace('about:blank');
        return answer({ err_msg: 'close_window:ok' });
      case 'hideOptionMenu':
      case 'showOptionMenu':
      case 'hideToolbar':
      case 'showToolbar':
        return answer({ err_msg: `${name}:ok` });
      default:
        return answer({ err_msg: 'system:function_not_exist' });
    }
  }

  /** `wx.config`. The signature itself needs a jsapi_ticket, which the sandbox's merchant has none of: any will do. */
  config(args) {
    const complete = [args.appId, args.verifyNonceStr, args.verifySignature].every((value) => typeof value === 'string' && value);
    if (!complete || !/^\d{10}$/.test(args.verifyTimestamp)) return 'preVerifyJSAPI:fail_invalid signature';
    this.configured = args.verifyJsApiList || [];
    return 'preVerifyJSAPI:ok';
  }

  async pay(args, gesture, answer) {
    const settings = await readSettings();
    const say = (text, description) => {
      const said = text.replace(/^get_brand_wcpay_request:/, `${settings.spelling}:`);
      answer(description ? { [settings.key]: said, err_desc: description } : { [settings.key]: said });
    };
    const result = (word, description) => say(`get_brand_wcpay_request:${word}`, description);

    if (settings.pre_verify) answer({ [settings.key]: 'pre_verify_jsapi:ok' });
    // HarmonyOS wants a tap behind every call (docs/platform.md, 1.6).
    if (this.needsGesture && !gesture) return result('fail', 'WeixinJSBridge already exists');
    if (settings.silent) return;
    if (settings.answer !== null) {
      const left = settings.answer_count;
      if (left > 0) await writeSettings(left > 1 ? { answer_count: left - 1 } : { answer: null });
      return answer({ [settings.key]: settings.answer });
    }
    if (this.weChat === 'mini_program') return answer({ [settings.key]: 'system:access_denied' });
    if (this.weChat === 'wecom') return answer({ [settings.key]: 'getBrandWCPayRequest:fail_nosupport' });
    // WeChat on a PC cannot pay there and says nothing at all.
    if (this.weChat === 'windows' || this.weChat === 'mac') return;
    // Called by the JS-SDK, which asks for a `wx.config` that went well; a call of the page's own does not.
    if ('verifySignType' in args && !this.configured.includes('getBrandWCPayRequest')) {
      return answer({ [settings.key]: 'getBrandWCPayRequest:fail, the permission value is offline verifying' });
    }

    const params = {};
    for (const field of PAY_FIELDS) {
      if (args[field] !== undefined) params[field] = args[field];
    }
    const url = this.weChat === 'ios' ? this.entered : location.href;
    const bill = await ask('/wechat/jsapi', { params, url: url.split('#')[0], account: settings.account });
    if (bill.result !== 'bill') {
      await this.layer.alert(bill.text, bill.gloss);
      return say(bill.err_msg || 'get_brand_wcpay_request:fail', bill.err_desc);
    }
    const end = await this.layer.sheet(bill);
    // Closing after a dialog counts as cancelling (docs/platform.md, 1.3).
    if (end.result !== 'paid') return result('cancel', end.result === 'refused' ? end.text : undefined);
    if (settings.close_after_pay) return location.replace('about:blank');
    return result('ok');
  }
}

/** Puts the bridge into the page, when and as the settings say. */
function installBridge(weChat, settings, layer) {
  if (!weChat || settings.bridge === 'missing') return;
  const bridge = new Bridge(weChat, settings, layer).object();
  const ready = () => {
    for (let time = settings.bridge === 'doubled' ? 2 : 1; time > 0; time -= 1) {
      document.dispatchEvent(new Event('WeixinJSBridgeReady'));
    }
  };
  if (settings.bridge === 'late') {
    window.addEventListener('load', () => setTimeout(() => {
      window.WeixinJSBridge = bridge;
      ready();
    }, settings.late_ms));
    return;
  }
  window.WeixinJSBridge = bridge;
  document.addEventListener('DOMContentLoaded', ready);
}
