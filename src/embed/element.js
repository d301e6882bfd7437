// `<wechat-cashier>`. Safe to import on a server, where it does nothing.

import { dress } from './dress.js';
import { optional } from './fetched.js';
import { box, make } from './first/picture.js';
import { open } from './host.js';
import { canonical, language } from './load.js';
import { standing } from './standing.js';
import { tellMissing } from './told.js';

const STYLE = new URL('./cashier.css', import.meta.url).href;
/** Attributes that are properties too. Most are the program's; the others are the style sheet's and the counter's. */
const NAMES = [
  'order', 'api', 'token', 'layout', 'methods', 'return', 'allow-origins', 'theme', 'speech', 'channel', 'idle-after',
];
/** With another of these, it is another cashier. The rest is taken in place. */
const ANEW = ['order', 'api', 'origins', 'return', 'surface'];
/** `name="value"` of what these attributes do not know. Of that, the host is told. */
const UNKNOWN = /^(theme="(?!(auto|light|dark)"$)|layout="(?!(auto|panel|page|counter)"$)|return="(?!(auto( \d+)?|manual|none)"$))/;
const camel = (name) => name.replace(/-(.)/, (_, letter) => letter.toUpperCase());

/** Who has the code sooner is spared a picture of what is to come, in milliseconds: less is hardly felt as waiting. */
const SKELETON_AFTER_MS = 80;

/** What the program paints while it loads, as on the hosted page. */
function skeleton() {
  const shimmer = (name) => box(`${name} wc-shimmer`);
  const bar = (name) => box(name, shimmer('wc-bar'));
  return make('div', 'wc', { 'data-screen': 'loading', 'aria-busy': 'true' },
    box('wc-bill',
      box('wc-merchant', shimmer('wc-logo'), shimmer('wc-bar')),
      bar('wc-due'), bar('wc-amount'), bar('wc-description'), bar('wc-order')),
    box('wc-stage', box('wc-screen', shimmer('wc-slot'))));
}

const words = (text) => (text || '').match(/\S+/g) || [];
const Base = typeof HTMLElement === 'function' ? HTMLElement : class {};

export class WechatCashier extends Base {
  static get observedAttributes() {
    return [...NAMES, 'lang'];
  }

  constructor() {
    super();
    this._place = box('wc-root');
    this.attachShadow({ mode: 'open' });
    // Until it has its style it is not seen; what is hidden could not take the focus.
    this._place.style.opacity = 0;
    this._seen = new Promise((onSeen) => {
      this._style = dress(this.shadowRoot, this._place, this, STYLE, onSeen);
    });
    this.shadowRoot.append(this._place);
  }

  connectedCallback() {
    // A framework may have set properties before there was a class to take them.
    for (const name of [...NAMES.map(camel), 'first', 'firstAsked', 'texts']) {
      if (this.hasOwnProperty(name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    this._renew();
  }

  disconnectedCallback() {
    this._renew();
  }

  attributeChangedCallback(name, before, now) {
    if (before !== now) {
      if (now && UNKNOWN.test(`${name}="${now.trim()}"`)) {
        // Whoever listens may do so only after this task.
        Promise.resolve().then(() => tellMissing(this, 'setting_unknown', `${name}="${now}"`));
      }
      this._renew();
    }
  }

  /** How the order stands. */
  get status() {
    return this._cashier ? this._cashier.status() : 'idle';
  }

  refresh() {
    this._call('refresh');
  }

  retry() {
    this._call('retry');
  }

  close() {
    this._call('close');
  }

  /** An order of the contract that the page has already: the QR then waits for no request. */
  get first() {
    return this._first;
  }

  set first(order) {
    this._first = order;
    this._renew();
  }

  /** What `performance.now()` was when `first` was asked for: one whose age is not known is passed over. */
  get firstAsked() {
    return this._firstAsked;
  }

  set firstAsked(milliseconds) {
    this._firstAsked = milliseconds;
    this._renew();
  }

  /** Texts in place of the built-in ones, by their keys. */
  get texts() {
    return this._texts;
  }

  set texts(texts) {
    this._texts = texts;
    this._renew();
  }

  _call(name, ...rest) {
    if (this._cashier) {
      this._cashier.call(name, ...rest);
    }
  }

  /** Goes by what is so after all that happens at the same time: being moved is being taken out and put in again. */
  _renew() {
    this._renewing = this._renewing || Promise.resolve().then(() => {
      this._renewing = undefined;
      if (this.isConnected) {
        this._start();
      } else {
        this._end();
        this._stand(false);
        this._style.rest();
      }
    });
  }

  _end() {
    clearTimeout(this._bones);
    if (this._cashier) {
      this._told = [this._given.order, this._cashier.end()];
      this._cashier = undefined;
    }
    this._place.textContent = '';
  }

  /** As long as it is a counter's screen. */
  _stand(wanted) {
    if (wanted) {
      this._standing = this._standing || standing(this);
    } else if (this._standing) {
      this._standing();
      this._standing = undefined;
    }
  }

  _start() {
    const settings = this._settings();
    const before = this._given;
    this._stand(settings.surface === 'counter');
    if (this._cashier && same(before, settings, ANEW)) {
      this._given = settings;
      this._change(before, settings);
      return;
    }
    this._end();
    this._given = settings;
    const [order, told] = this._told || [];
    settings.told = order === settings.order ? told : '';
    if (!settings.order && settings.surface !== 'counter') {
      this._place.appendChild(document.createElement('slot'));
      return;
    }
    this._style.look();
    this._bones = setTimeout(() => this._place.firstChild || this._place.append(skeleton()), SKELETON_AFTER_MS);
    this._cashier = open(this._place, this, settings, ({ code, detail, below }) => {
      const content = this._content();
      const stopped = this._cashier;
      const where = below || this._place;
      where.textContent = '';
      where.append(content || detail);
      optional(() => import('./trouble.js'), ({ tell }) => {
        if (stopped === this._cashier) { // no other order is here by now
          tell(this._place, settings.lang, code, detail, content, below);
        }
      });
    }, this._seen);
  }

  /** Takes in place what can be: the order goes on as it is. */
  _change(before, now) {
    for (const names of [['token'], ['first', 'firstAsked'], ['methods']]) {
      if (!same(before, now, names)) {
        this._call(names[0], ...names.map((name) => now[name]));
      }
    }
    if (!same(before, now, ['lang', 'texts'])) {
      this._cashier.say(now.lang, now.texts);
    }
  }

  /** The merchant's own words for when nothing works, if there are any. */
  _content() {
    const has = [...this.childNodes].some((node) => node.nodeName !== 'SCRIPT' && node.textContent.trim());
    return has && document.createElement('slot');
  }

  _settings() {
    const data = this.querySelector('script[type="application/json"]');
    const [back = 'auto', seconds = 5] = words(this.return);
    return {
      order: this.order || '',
      api: this.api || '/api',
      token: this.token || '',
      lang: (this._texts && canonical(this.lang)) || language([this.lang, document.documentElement.lang, ...navigator.languages]),
      layout: this.layout || 'auto',
      surface: this.layout === 'counter' ? 'counter' : '',
      methods: words(this.methods),
      origins: words(this.allowOrigins),
      return: back === 'auto' ? seconds * 1000 : back === 'none' ? '' : back,
      first: json(this._first) || (data && data.textContent) || '',
      firstAsked: this._firstAsked >= 0 ? Number(this._firstAsked) : fresh() ? 0 : undefined,
      texts: this._texts,
    };
  }
}

/** Whether these settings have stayed what they were. */
const same = (before, now, names) => names.every((name) => JSON.stringify(before[name]) === JSON.stringify(now[name]));

/** As text. What cannot be is text that cannot be read. */
function json(value) {
  try {
    return value && JSON.stringify(value);
  } catch (error) {
    return '{';
  }
}

/** Whether what the page says of an order is of its own time: not where it came out of a cache. */
function fresh() {
  const [visit] = performance.getEntriesByType('navigation');
  // One that has not changed costs its headers, one that is sent costs both.
  return visit && visit.transferSize > visit.encodedBodySize;
}

for (const name of NAMES) {
  Object.defineProperty(WechatCashier.prototype, camel(name), {
    get() {
      return this.getAttribute(name);
    },
    set(value) {
      if (value === null || value === undefined || value === false) {
        this.removeAttribute(name);
      } else {
        this.setAttribute(name, value === true ? '' : value);
      }
    },
  });
}

if (typeof customElements === 'object' && !customElements.get('wechat-cashier')) {
  customElements.define('wechat-cashier', WechatCashier);
}
