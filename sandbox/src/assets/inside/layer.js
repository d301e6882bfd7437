// What WeChat itself draws over a page: the payment sheet, its dialogs. Also served as a module, for the pages that show the phone.

async function ask(path, body) {
  try {
    const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (/json/.test(response.headers.get('content-type') || '')) return await response.json();
    return { result: 'refused', text: '系统繁忙,请稍后再试', gloss: `${response.status}: ${await response.text()}` };
  } catch (error) {
    return { result: 'refused', text: '网络不可用', gloss: `The sandbox does not answer: ${error.message}` };
  }
}

/** An element. `props` are its properties; `wechat` is the name that tests find it by, `en` an English word after the Chinese. */
function make(tag, props, ...children) {
  const { wechat, en, ...rest } = props || {};
  const made = Object.assign(document.createElement(tag), rest);
  if (wechat) made.dataset.wechat = wechat;
  made.append(...children);
  if (en) made.append(' ', make('span', { lang: 'en' }, en));
  return made;
}

class Layer {
  /** Over the whole page, or, with a `home`, over that element only. */
  constructor(home) {
    this.home = home;
    this.count = 0;
  }

  /** A box above everything, also above the page's own dialogs: what is under it cannot be reached. */
  open(name, label, content, onEscape) {
    if (this.count === 0) {
      this.host = document.createElement('wechat-layer');
      this.root = this.host.attachShadow({ mode: 'open' });
      // A sheet of this kind needs no leave of the page's content security policy.
      if ('adoptedStyleSheets' in this.root) {
        const style = new CSSStyleSheet();
        style.replaceSync(LAYER_CSS);
        this.root.adoptedStyleSheets = [style];
      } else {
        this.root.append(make('style', {}, LAYER_CSS));
      }
      (this.home || document.documentElement).append(this.host);
    }
    this.count += 1;
    const box = make('dialog', { wechat: name, className: 'box', lang: 'zh-CN' }, content);
    box.setAttribute('aria-label', label);
    box.addEventListener('cancel', (event) => {
      event.preventDefault();
      onEscape();
    });
    // Some browsers close it at the second Escape without asking.
    box.addEventListener('close', () => box.isConnected && onEscape());
    // Neither keys nor taps on it concern the page below.
    for (const type of ['keydown', 'keyup', 'keypress', 'click', 'pointerdown', 'pointerup']) {
      box.addEventListener(type, (event) => event.stopPropagation());
    }
    this.root.append(box);
    if (this.home || !box.showModal) {
      box.classList.add('inline');
      box.setAttribute('open', '');
      // Only a modal dialog is told of Escape by the browser.
      box.addEventListener('keydown', (event) => event.key === 'Escape' && box.dispatchEvent(new Event('cancel', { cancelable: true })));
    } else {
      box.showModal();
    }
    return box;
  }

  close(box) {
    if (!box.isConnected) return;
    // Gives the focus back to where it was.
    if (box.close) box.close();
    box.remove();
    this.count -= 1;
    if (this.count === 0) this.host.remove();
  }

  /** WeChat's own words; resolves at 确定. */
  alert(text, gloss) {
    return new Promise((resolve) => {
      const end = () => {
        this.close(box);
        resolve();
      };
      const confirm = make('button', { type: 'button', wechat: 'confirm', en: 'OK' }, '确定');
      const words = [make('p', {}, text), make('p', { lang: 'en' }, gloss || '')];
      const box = this.open('dialog', text, make('div', { className: 'alert' }, ...words, confirm), end);
      confirm.addEventListener('click', end);
      confirm.focus();
    });
  }

  /** The payment sheet for a bill. Resolves when it is gone, with what the platform answered: `paid` (after 完成), `cancelled` or `refused`. `notes` stand below. */
  sheet(bill, ...notes) {
    return new Promise((resolve) => {
      const end = (answer) => {
        this.close(box);
        resolve(answer);
      };
      const button = (wechat, className, text, en) => make('button', { type: 'button', wechat, className, en }, text);
      const pay = button('pay', 'primary', '立即支付', 'Pay');
      const wrong = button('wrong-password', '', '密码错误', 'Wrong password');
      const cancel = button('cancel', '', '取消', 'Cancel');
      const close = make('button', { type: 'button', wechat: 'close', className: 'close', ariaLabel: '关闭 Close' }, '×');
      const said = make('p', { className: 'said', wechat: 'said' });
      said.setAttribute('role', 'status');
      const sheet = make('div', { className: 'sheet' },
        make('p', { className: 'title', en: 'WeChat Pay' }, '微信支付'), close,
        make('p', { className: 'merchant' }, bill.merchant),
        make('p', { className: 'amount', wechat: 'amount' }, money(bill.amount)),
        make('p', { className: 'what' }, bill.description),
        make('p', { className: 'by' }, make('span', { en: 'Pay with' }, '支付方式'), make('span', { en: `balance of ${bill.account}` }, `零钱`)),
        said,
        make('div', { className: 'actions' }, pay, make('div', { className: 'pair' }, wrong, cancel)), ...notes);
      const box = this.open('sheet', '微信支付 WeChat Pay', sheet, () => act('cancel'));

      let asking = false;
      const act = async (outcome) => {
        if (asking) return;
        asking = true;
        for (const each of [pay, wrong, cancel, close]) each.disabled = true;
        const answer = await ask('/wechat/pay', { scan_id: bill.scan_id, outcome });
        if (answer.result === 'paid') return paid(answer);
        // Whatever the platform says to a cancellation, the sheet goes away.
        if (outcome === 'cancel') return end({ ...answer, result: 'cancelled' });
        if (answer.result !== 'wrong_password') {
          await this.alert(answer.text, answer.gloss);
          return end({ ...answer, result: 'refused' });
        }
        said.textContent = answer.text;
        said.append(' ', make('span', { lang: 'en' }, answer.gloss));
        asking = false;
        for (const each of [pay, wrong, cancel, close]) each.disabled = false;
      };
      const paid = (answer) => {
        const done = button('done', '', '完成', 'Done');
        sheet.dataset.state = 'paid';
        const top = make('div', {}, tick(), make('p', { className: 'success', en: answer.gloss }, answer.text || '支付成功'),
          make('p', { className: 'merchant' }, bill.merchant), make('p', { className: 'amount' }, money(bill.amount)));
        sheet.textContent = '';
        sheet.append(top, done);
        asking = true;
        box.addEventListener('cancel', () => end(answer));
        done.addEventListener('click', () => end(answer));
        done.focus();
      };
      pay.addEventListener('click', () => act('pay'));
      wrong.addEventListener('click', () => act('wrong_password'));
      cancel.addEventListener('click', () => act('cancel'));
      close.addEventListener('click', () => act('cancel'));
      pay.focus();
    });
  }
}

function tick() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'tick');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20m-1.2 14.2L6.6 12l1.4-1.4 2.8 2.8 5.2-5.2 1.4 1.4z');
  path.setAttribute('fill', '#07c160');
  svg.append(path);
  return svg;
}
