// Starts the simulated WeChat Pay and the merchant's backend as programs, for whoever measures or fuzzes them from outside.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
/** The key with which the shop calls. */
export const ADMIN_KEY = 'admin-key-of-the-tests-0123456789abcdef';
/** The origin of the shop's pages. */
export const SHOP = 'https://shop.example';

const demo = {
  mchid: '1900000109',
  appid: 'wx7e0a5b3c19d2f846',
  serial_no: '5F3A1C9E7B2D4068A1C3E5F708192A3B4C5D6E7F',
  apiv3_key: 'demo-apiv3-key-of-32-characters!',
  app_secret: '0123456789abcdef0123456789abcdef',
};

/** By which name the appid knows an account of the simulated phone. */
export const openid = (account) =>
  `o${createHash('sha256').update(`${demo.appid} ${account}`).digest('base64url').slice(0, 27)}`;

/**
 * Starts both. `programs` is the folder of the binaries, `folder` is emptied and holds what they write; `database` is SQLite's
 * file there unless it is named, `level` that of the log, `queries` how many questions a second the platform is asked at most,
 * `webhooks` where the shop is told of its orders, if it is.
 */
export async function start({ programs, folder, database = 'sqlite:orders.db', level = 'warn', queries = 50, webhooks }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = (name, text) => writeFileSync(join(folder, name), text);
  const keys = join(root, 'simulator/src/keys');
  const children = [];
  const stop = () => children.map((child) => child.kill('SIGKILL'));
  const run = async (name, args) => {
    const program = join(programs, name);
    if (!existsSync(program)) throw new Error(`${program} is not built`);
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const lines = createInterface({ input: child.stdout });
    const address = await new Promise((found, failed) => {
      lines.on('line', (line) => {
        if (line.startsWith('listening on ')) found(line.replace('listening on ', ''));
        else console.log(line);
      });
      child.once('error', failed);
      child.once('exit', (status) => failed(new Error(`${name} ended with ${status}`)));
    });
    return { address, pid: child.pid, child };
  };

  try {
    file(
      'simulator.toml',
      `sign_tests_percent = 0
[[merchant]]
mchid = "${demo.mchid}"
appids = ["${demo.appid}"]
serial_no = "${demo.serial_no}"
public_key = ${JSON.stringify(join(keys, 'demo_merchant_public.pem'))}
apiv3_key = "${demo.apiv3_key}"
app_secret = "${demo.app_secret}"
verifies_by = "public_key"
`,
    );
    const simulator = await run('wechat-cashier-simulator', ['--port', '0', '--config', 'simulator.toml']);
    const platform = await (await fetch(`${simulator.address}/simulator/platform`)).json();
    file('platform.pem', platform.public_key_pem);
    file('admin.key', ADMIN_KEY);
    file('token.key', 'token-key-of-the-tests-0123456789abcdef');
    file('app.secret', demo.app_secret);
    file('webhook.secret', 'whsec_c2VjcmV0LW9mLXRoZS10ZXN0cy0wMTIzNDU2Nzg5');
    file('apiv3.key', demo.apiv3_key);
    copyFileSync(join(keys, 'demo_merchant.pem'), join(folder, 'key.pem'));
    const listen = `127.0.0.1:${await freePort()}`;
    file(
      'merchant.toml',
      `listen = "${listen}"
public_url = "http://${listen}"
database = ${JSON.stringify(database)}
origins = ["${SHOP}"]
[log]
format = "text"
level = "${level}"
[shop]
name = "清叶茶舍"
admin_key_file = "admin.key"
token_key_file = "token.key"
[wechat_pay]
mchid = "${demo.mchid}"
appid = "${demo.appid}"
app_secret_file = "app.secret"
serial_no = "${demo.serial_no}"
private_key_file = "key.pem"
apiv3_key_file = "apiv3.key"
base_url = "${simulator.address}"
oauth_authorize_url = "${simulator.address}/open.weixin.qq.com/connect/oauth2/authorize"
oauth_base_url = "${simulator.address}"
methods = ["native", "jsapi", "h5", "payment_code", "mini_program"]
public_keys = [{ id = "${platform.public_key_id}", file = "platform.pem" }]
queries_per_second = ${queries}
[wechat_pay.payment_code]
store_id = "1001"
[wechat_pay.mini_program]
appid = "${demo.appid}"
path = "/pages/pay"
${webhooks ? `[webhooks]\nurl = "${webhooks}"\nsecret_file = "webhook.secret"` : ''}
[limits]
admin_requests_per_second = 100000
`,
    );
    const merchant = await run('wechat-cashier-merchant', ['--config', 'merchant.toml']);
    return { merchant, simulator, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** The merchant says its port to WeChat Pay before it listens there. */
async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
