// What telemetry touches of a browser, with time, network and storage in the test's hand.

/** As a browser's: its names are its own enumerable properties, and it can be full or forbidden. */
export class Storage {
  static full = new WeakSet();

  getItem(name) {
    return Object.hasOwn(this, name) ? this[name] : null;
  }

  setItem(name, value) {
    if (Storage.full.has(this)) {
      throw new DOMException('full', 'QuotaExceededError');
    }
    this[name] = String(value);
  }

  removeItem(name) {
    delete this[name];
  }
}

/** An EventTarget that knows how many listen. */
class Source extends EventTarget {
  listening = 0;

  addEventListener(...args) {
    this.listening += 1;
    super.addEventListener(...args);
  }

  removeEventListener(...args) {
    this.listening -= 1;
    super.removeEventListener(...args);
  }

  tell(type, more) {
    this.dispatchEvent(Object.assign(new Event(type), more));
  }
}

/** The wall clock of all tabs, and what a browser shares between them. */
export class Browser {
  wall = Date.parse('2026-11-21T10:00:00Z');
  localStorage = new Storage();
  online = true;
  /** Whether `sendBeacon` takes what it is given; null: there is none. */
  takes = true;
  sent = [];
  #count = 0;

  /** A page in a tab; another page of the same tab is given its `sessionStorage`. */
  page({ sessionStorage = new Storage() } = {}) {
    return new Page(this, sessionStorage);
  }

  bytes(array) {
    this.#count += 1;
    array.fill(0);
    new DataView(array.buffer).setUint32(array.length - 4, this.#count);
    return array;
  }

  batches = () => this.sent.map(({ body }) => JSON.parse(body));
  records = () => this.batches().flatMap(({ events }) => events);
  kept = () => Object.keys(this.localStorage).filter((name) => name.startsWith('wechat-cashier.batch.'));
}

export class Page extends Source {
  #now = 250;
  #timers = new Map();
  #id = 0;

  constructor(browser, sessionStorage) {
    super();
    this.browser = browser;
    this.document = Object.assign(new Source(), { visibilityState: 'visible' });
    this.target = new Source();
    this.sessionStorage = sessionStorage;
    this.performance = { now: () => this.#now };
    this.Date = { now: () => browser.wall };
    this.crypto = { getRandomValues: (array) => browser.bytes(array) };
    const sendBeacon = (url, body) => {
      if (browser.takes) {
        browser.sent.push({ url, body });
      }
      return browser.takes;
    };
    this.navigator = {
      get onLine() {
        return browser.online;
      },
      get sendBeacon() {
        return browser.takes === null ? undefined : sendBeacon;
      },
    };
  }

  get localStorage() {
    if (this.browser.localStorage === null) {
      throw new DOMException('forbidden', 'SecurityError');
    }
    return this.browser.localStorage;
  }

  setTimeout(run, ms) {
    this.#id += 1;
    this.#timers.set(this.#id, { run, at: this.#now + ms });
    return this.#id;
  }

  clearTimeout(id) {
    this.#timers.delete(id);
  }

  get timers() {
    return this.#timers.size;
  }

  get listeners() {
    return this.listening + this.document.listening + this.target.listening;
  }

  /** Time passes, here and on the wall. */
  pass(ms) {
    const end = this.#now + ms;
    for (;;) {
      const [id, timer] = [...this.#timers].sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
      if (!timer || timer.at > end) {
        break;
      }
      this.#timers.delete(id);
      this.browser.wall += timer.at - this.#now;
      this.#now = timer.at;
      timer.run();
    }
    this.browser.wall += end - this.#now;
    this.#now = end;
  }

  /** The cashier tells its page something. */
  says(name, detail) {
    this.target.tell(`cashier-${name}`, { detail: { order: 'T20261121001', ...detail } });
  }

  status(screen, method = 'native', status = 'pending', more) {
    this.says('status', { status, screen, method, previous: null, ...more });
  }

  hide() {
    this.document.visibilityState = 'hidden';
    this.document.tell('visibilitychange');
  }

  show() {
    this.document.visibilityState = 'visible';
    this.document.tell('visibilitychange');
  }
}
