// An element and the browser around it, as little of both as the counter touches. Everything that can be left behind is counted.

import { stand } from '../../../src/embed/counter.js';

/** Listeners by name, counted. */
class Target {
  listeners = [];

  addEventListener(name, listener) {
    this.listeners.push({ name, listener });
  }

  removeEventListener(name, listener) {
    this.listeners = this.listeners.filter((known) => known.name !== name || known.listener !== listener);
  }

  fire(name, fields = {}) {
    const event = { type: name, target: this, composedPath: () => [this], prevented: false, ...fields };
    event.preventDefault = () => (event.prevented = true);
    this.listeners.filter((known) => known.name === name).forEach(({ listener }) => listener(event));
    return event;
  }

  /** An event as a script makes it. */
  dispatchEvent(event) {
    Object.defineProperty(event, 'target', { value: this });
    this.listeners.filter((known) => known.name === event.type).forEach(({ listener }) => listener(event));
    return !event.defaultPrevented;
  }
}

/** A node that can hold others. */
class Node extends Target {
  nodeName = 'DIV';
  style = {};
  children = [];

  appendChild(child) {
    child.remove = () => (this.children = this.children.filter((other) => other !== child));
    child.replaceWith = (other) => {
      const before = this.children.indexOf(child);
      this.appendChild(other);
      this.children.pop();
      this.children.splice(before, 1, other);
    };
    this.children.push(child);
  }
}

/** `<wechat-cashier>`: it says what the backend of the test says. */
class Element extends Node {
  nodeName = 'WECHAT-CASHIER';
  shadowRoot = Object.assign(new Node(), { querySelector: () => this.painted && { lang: this.painted } });
  painted = 'zh-CN';
  attributes = {};
  token = null;
  status = 'idle';
  shown = [];
  retries = 0;
  #order = null;

  getAttribute(name) {
    return this.attributes[name] ?? null;
  }

  get order() {
    return this.#order;
  }

  set order(order) {
    this.#order = order;
    this.shown.push(order);
  }

  retry() {
    this.retries += 1;
  }

  /** The program tells of the order that is shown. */
  becomes(status) {
    this.status = status;
    return this.fire('cashier-status', { detail: { order: this.order || '', status } });
  }

  pays(value, currency = 'CNY') {
    this.becomes('paid');
    this.fire('cashier-paid', { detail: { order: this.order, amount: { value, currency } } });
  }
}

/** What an element has told of its own files. */
export function errorsOf(element) {
  const errors = [];
  element.addEventListener('cashier-error', ({ detail: { code, fatal } }) => errors.push([code, fatal]));
  return errors;
}

/** A browser in which time stands still until it is moved. */
export class Browser extends Target {
  now = 0;
  timers = new Map();
  observers = new Set();
  channels = new Set();
  contexts = [];
  locks = new Set();
  asked = [];
  said = [];
  notes = 0;
  reloads = 0;
  online = true;
  /** What the browser allows, and has. */
  voices = ['zh-CN', 'en-US'];
  speech = 'speaks';
  mayPlay = true;

  constructor() {
    super();
    const browser = this;
    // Scripts that are not handed a browser have that of the last test.
    for (const name of ['setTimeout', 'clearTimeout', 'addEventListener', 'removeEventListener', 'fetch']) {
      globalThis[name] = (...values) => browser[name](...values);
    }
    for (const name of ['document', 'location', 'navigator', 'WebAssembly']) {
      Object.defineProperty(globalThis, name, { configurable: true, get: () => browser[name] });
    }
    this.element = new Element();
    this.document = Object.assign(new Target(), {
      visibilityState: 'visible',
      documentElement: Object.assign(new Node(), { lang: 'en', requestFullscreen: async () => this.asked.push('fullscreen') }),
      body: new Node(),
      scripts: [],
      createElement: () => new Node(),
    });
    this.navigator = {
      onLine: true,
      wakeLock: {
        request: async (type) => {
          this.asked.push(type);
          await undefined;
          const lock = { release: async () => (this.locks.delete(lock), lock.onrelease?.()) };
          this.locks.add(lock);
          return lock;
        },
      },
    };
    this.location = { href: 'https://shop.example/counter/', origin: 'https://shop.example', reload: () => (this.reloads += 1) };
    this.MutationObserver = class {
      constructor(listener) {
        this.listener = listener;
      }
      observe() {
        browser.observers.add(this);
      }
      disconnect() {
        browser.observers.delete(this);
      }
    };
    this.BroadcastChannel = class {
      sent = [];
      constructor(name) {
        this.name = name;
        browser.channels.add(this);
      }
      postMessage(message) {
        this.sent.push(message);
      }
      close() {
        browser.channels.delete(this);
      }
    };
    this.AudioContext = class {
      state = 'suspended';
      currentTime = 0;
      constructor() {
        browser.contexts.push(this);
      }
      resume() {
        if (!browser.mayPlay) {
          return new Promise((resume) => (this.wait = resume)).then(() => this.resume());
        }
        this.state = 'running';
        return Promise.resolve();
      }
      async close() {
        this.state = 'closed';
      }
      createGain = () => ({
        connect() {}, disconnect() {}, gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} },
      });
      createOscillator = () => ({ connect() {}, start: () => (browser.notes += 1), stop() {}, frequency: {} });
    };
    this.SpeechSynthesisUtterance = class {
      constructor(text) {
        this.text = text;
      }
    };
    this.cancelled = 0;
    this.speechSynthesis = {
      getVoices: () => this.voices.map((lang) => ({ lang, voiceURI: lang, localService: true })),
      speak: (utterance) => {
        if (utterance.volume === 0) {
          return;
        }
        if (this.speech === 'refused') {
          utterance.onerror();
        } else if (this.speech === 'speaks') {
          utterance.onstart();
          this.said.push(`${utterance.lang}: ${utterance.text}`);
          utterance.onend();
        }
      },
      cancel: () => (this.cancelled += 1),
    };
  }

  setTimeout = (task, ms) => {
    const id = Symbol(String(ms));
    this.timers.set(id, { task, at: this.now + ms });
    return id;
  };

  clearTimeout = (id) => this.timers.delete(id);

  fetch = async () => {
    if (!this.online) {
      throw new TypeError('Failed to fetch');
    }
    return { ok: true };
  };

  /** Moves time, and lets what follows from it follow. */
  async pass(ms) {
    this.now += ms;
    for (const [id, { task, at }] of [...this.timers].sort(([, a], [, b]) => a.at - b.at)) {
      if (at <= this.now && this.timers.delete(id)) {
        task();
      }
    }
    await settled();
  }

  /** The attributes are these from now on. */
  set(attributes) {
    Object.assign(this.element.attributes, attributes);
    this.observers.forEach(({ listener }) => listener());
  }

  async sees(visibility) {
    this.document.visibilityState = visibility;
    if (visibility === 'hidden') {
      await Promise.all([...this.locks].map((lock) => lock.release()));
    }
    this.document.fire('visibilitychange');
    await settled();
  }

  /** Somebody touches the page. */
  async touch(name = 'click', fields) {
    this.mayPlay = true;
    this.contexts.forEach((context) => context.wait?.());
    this.fire(name, fields);
    await settled();
  }

  /** A message of the till. */
  async send(data) {
    this.channels.forEach((channel) => channel.onmessage?.({ data }));
    await settled();
  }

  /** All that is left of whoever used this browser. */
  left() {
    const { document, element } = this;
    return {
      timers: this.timers.size,
      listeners: [this, document, element].flatMap(({ listeners }) => listeners.map(({ name }) => name)),
      observers: this.observers.size,
      channels: this.channels.size,
      contexts: this.contexts.filter(({ state }) => state !== 'closed').length,
      locks: this.locks.size,
      nodes: element.shadowRoot.children.length + document.body.children.length,
    };
  }
}

export const NOTHING = { timers: 0, listeners: [], observers: 0, channels: 0, contexts: 0, locks: 0, nodes: 0 };

/** Whatever was waiting for a promise has gone on. */
export const settled = () => new Promise((resume) => setImmediate(resume));

/** A counter that shows order A, unpaid. */
export async function standing({ attributes = { speech: '', channel: 'till-1' }, order = 'A', options, set = () => {} } = {}) {
  const browser = new Browser();
  const { element } = browser;
  Object.assign(element.attributes, attributes);
  element.order = order;
  element.status = 'loading';
  set(browser);
  const stop = stand(element, options, browser);
  await settled();
  if (order) {
    element.becomes('pending');
  }
  element.shown = [];
  return { browser, element, stop };
}
