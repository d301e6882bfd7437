// What a counter's screen is made to show of itself: what it says, plays, and keeps awake; and a till beside it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { PACKAGE } from './shop.mjs';

/**
 * Installed by `addInitScript`; must not refer to anything outside itself. `voices`: the languages that the browser speaks;
 * `speech: 'none'` there is no speech, `'refused'` the browser refuses; `audio`: `running` or `suspended` until a gesture.
 */
export function spy({ voices = ['zh-CN', 'zh-HK', 'en-US'], speech = 'speaks', audio = 'running' }) {
  const spied = { said: [], notes: 0, contexts: [], locks: [], held: 0, channels: 0 };
  window.spied = spied;

  class Utterance {
    constructor(text) {
      this.text = text;
    }
  }
  const synthesis = speech === 'none' ? undefined : {
    getVoices: () => voices.map((lang) => ({ lang, voiceURI: lang, localService: true })),
    speak(utterance) {
      if (utterance.volume !== 0) {
        queueMicrotask(() => {
          if (speech === 'refused') {
            utterance.onerror?.({ error: 'not-allowed' });
          } else {
            utterance.onstart?.();
            spied.said.push(utterance.text);
            utterance.onend?.();
          }
        });
      }
    },
    cancel() {},
  };
  Object.defineProperty(window, 'speechSynthesis', { value: synthesis });
  Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: speech === 'none' ? undefined : Utterance });

  const node = () => ({
    connect() {}, disconnect() {}, start: () => (spied.notes += 1), stop() {}, frequency: {},
    gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} },
  });
  let gesture = audio === 'running';
  addEventListener('click', (event) => (gesture ||= event.isTrusted), true);
  window.AudioContext = class {
    state = 'suspended';
    currentTime = 0;
    constructor() {
      spied.contexts.push(this.state);
      this.index = spied.contexts.length - 1;
    }
    #become(state) {
      this.state = spied.contexts[this.index] = state;
    }
    resume() {
      if (!gesture) {
        return new Promise(() => {});
      }
      this.#become('running');
      return Promise.resolve();
    }
    close() {
      this.#become('closed');
      return Promise.resolve();
    }
    createGain = node;
    createOscillator = node;
  };

  Object.defineProperty(navigator, 'wakeLock', {
    value: {
      async request(type) {
        spied.locks.push(type);
        spied.held += 1;
        const lock = new EventTarget();
        const release = () => {
          spied.held -= 1;
          lock.onrelease?.();
          document.removeEventListener('visibilitychange', hidden);
        };
        // As the browser does, before anyone else hears of it.
        const hidden = () => document.visibilityState === 'hidden' && release();
        document.addEventListener('visibilitychange', hidden);
        lock.release = async () => release();
        return lock;
      },
    },
  });

  const Channel = window.BroadcastChannel;
  window.BroadcastChannel = class extends Channel {
    constructor(name) {
      super(name);
      spied.channels += 1;
    }
    close() {
      spied.channels -= 1;
      super.close();
    }
  };
}

/** A page of the same origin in the same browser, with the till's end of the channel. */
export async function ofTill(world, screen, name = 'till-1') {
  const page = await screen.context().newPage();
  await page.route('**/shop/till/', (route) => route.fulfill({ contentType: 'text/html', body: '<title>Till</title>' }));
  await page.goto(`${world.sandbox.url}/shop/till/`);
  await page.evaluate((name) => {
    window.messages = [];
    window.channel = new BroadcastChannel(name);
    window.channel.onmessage = ({ data }) => window.messages.push(data);
  }, name);
  const messages = () => page.evaluate(() => window.messages);
  return {
    page,
    send: (message) => page.evaluate((message) => window.channel.postMessage(message), message),
    heard: async () => JSON.stringify(await messages()),
    /** What the screen has told of this order. */
    statuses: async ({ order_id }) => (await messages()).filter(({ order }) => order === order_id).map(({ status }) => status),
  };
}

/** Runs `body` with the address of the example, served as its README says. */
export async function withExample(world, body) {
  const program = new URL('../../../examples/counter/serve.mjs', import.meta.url).pathname;
  const env = { ...process.env, PORT: '0', SANDBOX: world.sandbox.url, PACKAGE };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const found = /^listening on (\S+)$/.exec(line);
      if (found) {
        await body(found[1]);
        return;
      }
    }
    throw new Error('the example ended before it listened');
  } finally {
    child.kill();
    await ended;
  }
}
