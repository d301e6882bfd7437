// The merchant's backend as its own program, and the simulated WeChat Pay as another: the real clock, the real page.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { DIST } from './sandbox.mjs';

const PROGRAMS = resolve(dirname(process.env.SANDBOX_BIN || 'target/debug/wechat-cashier-sandbox'));
const KEYS = new URL('../../../simulator/src/keys/', import.meta.url);
/** The simulator's demo merchant (simulator/src/config/merchant.rs). */
const DEMO = {
  mchid: '1900000109', appid: 'wx7e0a5b3c19d2f846', serial: '5F3A1C9E7B2D4068A1C3E5F708192A3B4C5D6E7F', key: 'demo-apiv3-key-of-32-characters!',
};
const ADMIN_KEY = 'admin-key-of-the-tests-0123456789abcdef';

async function started(name, args) {
  const child = spawn(join(PROGRAMS, name), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /^listening on (\S+)$/.exec(line);
    if (found) {
      child.stdout.resume();
      return { child, url: found[1] };
    }
  }
  throw new Error(`${name} ended before it listened`);
}

/** A port that is free by now: the program has to know its public address before it listens. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resume) => server.close(resume));
  return port;
}

async function asked(url, { method = 'GET', key, body } = {}) {
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
  const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${url}: ${response.status} ${text}`);
  }
  return text && JSON.parse(text);
}

/** Both, until `end()`. */
export class Merchant {
  static async start() {
    const folder = await mkdtemp(join(tmpdir(), 'merchant-'));
    const simulator = await started('wechat-cashier-simulator', ['--port', '0']);
    const platform = await asked(`${simulator.url}/simulator/platform`);
    const port = await freePort();
    const file = (name, text) => writeFile(join(folder, name), text);
    await Promise.all([
      file('admin.key', ADMIN_KEY),
      file('token.key', 'token-key-of-the-tests-0123456789abcdef'),
      file('apiv3.key', DEMO.key),
      file('key.pem', await readFile(new URL('demo_merchant.pem', KEYS))),
      file('platform.pem', platform.public_key_pem),
      file('merchant.toml', `
listen = "127.0.0.1:${port}"
public_url = "http://127.0.0.1:${port}"
database = "sqlite:orders.db"
page = "${DIST}"
[shop]
name = "清叶茶舍"
admin_key_file = "admin.key"
token_key_file = "token.key"
[wechat_pay]
mchid = "${DEMO.mchid}"
appid = "${DEMO.appid}"
serial_no = "${DEMO.serial}"
private_key_file = "key.pem"
apiv3_key_file = "apiv3.key"
base_url = "${simulator.url}"
certificates = true
methods = ["native", "h5"]
public_keys = [{ id = "${platform.public_key_id}", file = "platform.pem" }]
`),
    ]);
    const backend = await started('wechat-cashier-merchant', ['--config', join(folder, 'merchant.toml')]);
    return Object.assign(new Merchant(), { folder, simulator, backend, url: backend.url });
  }

  async end() {
    const ended = [this.simulator, this.backend].map(({ child }) => {
      child.kill('SIGTERM');
      return child.exitCode ?? once(child, 'exit');
    });
    await Promise.all(ended);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The shop makes an order. Returns its page's address. */
  async order(orderId) {
    const body = { order_id: orderId, amount: { value: 1999, currency: 'CNY' }, description: '乌龙茶 250 g', methods: ['native'] };
    return (await asked(`${this.url}/admin/v1/orders`, { method: 'POST', key: ADMIN_KEY, body })).cashier_url;
  }

  /** The payer scans a code and pays. */
  async pay(text) {
    const { scan_id: scan } = await asked(`${this.simulator.url}/wechat/scan`, { method: 'POST', body: { text, account: 'A' } });
    const { result } = await asked(`${this.simulator.url}/wechat/pay`, { method: 'POST', body: { scan_id: scan, outcome: 'pay' } });
    if (result !== 'paid') {
      throw new Error(`the payer was told ${result}`);
    }
  }
}
