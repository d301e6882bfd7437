// A mini-program around the web-view: native pages come over it, and only they can ask for money
// (docs/platform.md, 1.6).

class MiniProgram {
  constructor(layer) {
    this.layer = layer;
    this.listeners = [];
  }

  /** The web-view is covered, or seen again. */
  seen(visible) {
    setSeen(visible);
    for (const listener of this.listeners) listener({ active: String(visible) });
  }

  /** `invokeMiniProgramAPI`, as the JS-SDK calls it. Returns the rest of the answer after `invokeMiniProgramAPI:`. */
  invoke(name, arg) {
    switch (name) {
      case 'navigateTo':
        if (typeof arg.url !== 'string' || !arg.url) return 'fail parameter error: parameter.url should be String';
        this.openNative(arg.url, () => this.seen(true));
        return 'ok';
      case 'redirectTo':
      case 'reLaunch':
      case 'switchTab':
        // The web-view is gone for good.
        this.openNative(String(arg.url), () => location.replace('about:blank'));
        return 'ok';
      case 'navigateBack':
        return 'fail cannot navigate back at first page';
      case 'postMessage':
      case 'getEnv':
        return 'ok';
      default:
        return 'fail function not exist';
    }
  }

  openNative(path, onBack) {
    const back = make('button', { type: 'button', wechat: 'native-back', en: 'Back' }, '‹ 返回');
    const pay = make('button', { type: 'button', className: 'primary', wechat: 'native-pay', en: 'Pay' }, '去支付');
    const said = make('p', { className: 'said', wechat: 'native-result' });
    said.setAttribute('role', 'status');
    const page = make('div', { className: 'native' },
      make('header', {}, back, make('h2', { en: 'Mini-program' }, '小程序'), make('span')),
      make('div', { className: 'card' }, make('p', { className: 'path' }, path), said, pay));
    const leave = () => {
      this.layer.close(box);
      onBack();
    };
    const box = this.layer.open('native', '小程序 Mini-program', page, leave);
    this.seen(false);
    back.addEventListener('click', leave);
    pay.addEventListener('click', async () => {
      pay.disabled = true;
      const { account } = await readSettings();
      const bill = await ask('/wechat/mini-pay', { path, account });
      const answer = bill.result === 'bill' ? await this.layer.sheet(bill) : bill;
      pay.disabled = false;
      // `wx.requestPayment` succeeded: the page goes back, as the one in docs/wechat.md does.
      if (answer.result === 'paid') return leave();
      if (bill.result !== 'bill') await this.layer.alert(bill.text, bill.gloss);
      said.textContent = answer.result === 'cancelled' ? 'requestPayment:fail cancel' : `requestPayment:fail ${answer.text}`;
    });
    pay.focus();
  }
}
