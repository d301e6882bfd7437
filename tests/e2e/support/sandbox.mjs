// The merchant's backend and the simulated WeChat, as a process of its own (sandbox/README.md tells its calls).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = resolve(process.env.SANDBOX_BIN || 'target/debug/wechat-cashier-sandbox');
export const DIST = resolve(process.env.DIST || 'dist');
/** A file for what the merchant logs, which all sandboxes add to. */
const { MERCHANT_LOG } = process.env;

/** Sandbox time at the start of every test. It stands still until a test moves it. */
export const START = '2026-11-21T10:00:00Z';

/** Nobody pays sooner, and the merchant asks the platform about nothing sooner than this after it was asked for. */
export const TO_PAY_MS = 2_000;

export class Sandbox {
  #child;
  #options;

  constructor(child, options, url) {
    this.#child = child;
    this.#options = options;
    /** Such as `http://127.0.0.1:41234`. */
    this.url = url;
  }

  /** With `state`, a file, everything but the request log outlives a kill. `dist`: the folder of the page. */
  static async start({ state, dist = DIST } = {}) {
    const options = { state, dist };
    const { child, url } = await run(0, options);
    const sandbox = new Sandbox(child, options, url);
    await sandbox.#setClock();
    return sandbox;
  }

  /** Forgets all that it knew, as if it had been started now. */
  async renew() {
    await this.post('/sandbox/reset');
    await this.#setClock();
  }

  #setClock() {
    return this.post('/sandbox/clock', { set: START, freeze: true });
  }

  /** No farewell to anyone. */
  async kill() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exit = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await exit;
    }
  }

  /** Again on the same port, with the state that was kept. */
  async restart() {
    ({ child: this.#child } = await run(new URL(this.url).port, this.#options));
  }

  // ── Calls ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  async call(method, path, body) {
    const response = await fetch(this.url + path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const refusal = response.status === 409;
    if (!response.ok && !refusal) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return text === '' ? undefined : JSON.parse(text);
  }

  get = (path) => this.call('GET', path);
  post = (path, body) => this.call('POST', path, body ?? {});

  newOrder = (wish) => this.post('/shop/orders', wish);
  order = ({ order_id }) => this.get(`/sandbox/orders/${order_id}`);
  setFaults = ({ order_id }, ...faults) => this.call('PUT', `/sandbox/orders/${order_id}/faults`, faults);
  clearFaults = ({ order_id }) => this.call('DELETE', `/sandbox/orders/${order_id}/faults`);
  close = ({ order_id }) => this.call('POST', `/sandbox/orders/${order_id}/close`);
  refund = ({ order_id }) => this.call('POST', `/sandbox/orders/${order_id}/refund`);
  advance = (ms) => this.post('/sandbox/clock', { advance_ms: ms });

  /** `{status_requests, max_concurrent, requests}` of an order. */
  log = ({ order_id }) => this.get(`/sandbox/orders/${order_id}/requests`);
  forgetLog = ({ order_id }) => this.call('DELETE', `/sandbox/orders/${order_id}/requests`);

  /** The payer's phone reads a QR: `{result: "bill", scan_id, …}` or `{result: "refused", text}`. */
  scan = (text, account = 'A') => this.post('/wechat/scan', { text, account });

  /** Scans a QR's text and pays the bill, which must be this order's. */
  async payByText(text, account) {
    const bill = await this.scan(text, account);
    if (bill.result !== 'bill') {
      throw new Error(`the phone refused the code: ${JSON.stringify(bill)}`);
    }
    const paid = await this.post('/wechat/pay', { scan_id: bill.scan_id });
    if (paid.result !== 'paid') {
      throw new Error(`the phone did not pay: ${JSON.stringify(paid)}`);
    }
    return bill;
  }
}

async function run(port, { state, dist }) {
  const args = ['--port', String(port), '--dist', dist, ...(state ? ['--state', state] : []), ...(MERCHANT_LOG ? ['--merchant-log', MERCHANT_LOG] : [])];
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const found = /^listening on (\S+)$/.exec(line);
    if (found) {
      child.stdout.resume();
      return { child, url: found[1] };
    }
  }
  throw new Error(`${PROGRAM} ended before it listened`);
}

/** A fault's `kind` and what goes with it. Without `times` it stays until it is cleared. */
export const fault = (kind, rest = {}) => ({ kind, ...rest });
