// Runs clients for WeChat Pay that nobody here wrote against the simulator: each prepays, queries, closes, pays back, verifies and decrypts,
// and those that can do so for the sub-merchants of a service provider as well.
//
//   node simulator/tests/clients/run.mjs [--simulator PATH] [--target FOLDER] [NAME…]
//
// What they need is installed into `<target>/clients`, from the lock files beside this one.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');
const { values, positionals } = parseArgs({
  options: { simulator: { type: 'string' }, target: { type: 'string' } },
  allowPositionals: true,
});
const target = resolve(values.target ?? process.env.CARGO_TARGET_DIR ?? join(root, 'target'));
const binary = resolve(values.simulator ?? join(target, 'debug/wechat-cashier-simulator'));
const installed = join(target, 'clients');
const modes = ['public_key', 'certificate'];
const kinds = ['own', 'partner'];

const clients = {
  'wechatpay-axios-plugin': { install: npm, modes, kinds, command: () => ['node', [join(installed, 'node/axios-plugin.mjs')]] },
  'wechatpay-node-v3': { install: npm, modes: ['certificate'], kinds: ['own'], command: () => ['node', [join(installed, 'node/node-v3.mjs')]] },
  wechatpayv3: { install: pip, modes, kinds, command: () => [join(installed, 'venv/bin/python'), [join(here, 'python/client.py')]] },
  'wxpay-rs': { install: cargo, modes, kinds: ['own'], command: () => [join(installed, 'rust/debug/foreign-client'), []] },
};

/** Runs a step of the installation; what it printed is shown only if it fails. */
function step(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error ?? `${stdout}${stderr}`}`);
}

/** Whether what is installed is of another lock file than this one. Notes this one. */
function isStale(folder, lock) {
  const note = join(folder, '.installed-from');
  const text = readFileSync(lock, 'utf8');
  if (existsSync(note) && readFileSync(note, 'utf8') === text) return null;
  return () => writeFileSync(note, text);
}

function npm() {
  const folder = join(installed, 'node');
  mkdirSync(folder, { recursive: true });
  cpSync(join(here, 'node'), folder, { recursive: true, filter: (path) => !path.endsWith('node_modules') });
  const note = isStale(folder, join(here, 'node/package-lock.json'));
  if (!note) return;
  step('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
  note();
}

function pip() {
  const folder = join(installed, 'venv');
  mkdirSync(installed, { recursive: true });
  const lock = join(here, 'python/requirements.txt');
  if (!existsSync(join(folder, 'bin/python'))) step('python3', ['-m', 'venv', folder]);
  const note = isStale(folder, lock);
  if (!note) return;
  step(join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', lock]);
  note();
}

function cargo() {
  const manifest = join(here, 'rust/Cargo.toml');
  step('cargo', ['build', '--quiet', '--locked', '--manifest-path', manifest, '--target-dir', join(installed, 'rust')]);
}

/** Keeps notifications for whoever asks: POST and GET on `/{out_trade_no}`. */
async function startCatcher() {
  const came = new Map();
  const waiting = new Map();
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const give = (notification) => response.end(JSON.stringify(notification));
      if (came.has(request.url)) give(came.get(request.url));
      else waiting.set(request.url, give);
      return;
    }
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      // A probe is refused, as everyone has to.
      const isProbe = request.headers['wechatpay-signature']?.startsWith('WECHATPAY/SIGNTEST/');
      response.writeHead(isProbe ? 401 : 204).end();
      if (isProbe) return;
      const notification = { headers: request.headers, body: Buffer.concat(parts).toString('utf8') };
      came.set(request.url, notification);
      waiting.get(request.url)?.(notification);
    });
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { server, address: `http://127.0.0.1:${server.address().port}` };
}

const keys = join(root, 'simulator/src/keys');
const pem = (name) => readFileSync(join(keys, name), 'utf8');

/** The demo's merchants: one of its own, and a service provider with a sub-merchant that it asks for. */
const merchants = {
  own: {
    mchid: '1900000109',
    appid: 'wx7e0a5b3c19d2f846',
    serial_no: '5F3A1C9E7B2D4068A1C3E5F708192A3B4C5D6E7F',
    private_key_pem: pem('demo_merchant.pem'),
    public_key: join(keys, 'demo_merchant_public.pem'),
    apiv3_key: 'demo-apiv3-key-of-32-characters!',
  },
  partner: {
    mchid: '1900000300',
    appid: 'wx3c8d1f60a9b274e5',
    serial_no: 'D733570101F14B93F23F1995328DACA46B0BD106',
    private_key_pem: pem('demo_partner.pem'),
    public_key: join(keys, 'demo_partner_public.pem'),
    apiv3_key: 'demo-partner-apiv3-key-32-chars!',
    sub: { mchid: '1900000311', appid: 'wx9b5e27d40c81fa36' },
  },
};

/** A merchant as the simulator's configuration has it. */
const table = ({ mchid, appid, serial_no, public_key, apiv3_key, sub }, mode) => `
[[merchant]]
mchid = "${mchid}"
appids = ["${appid}"]
serial_no = "${serial_no}"
public_key = ${JSON.stringify(public_key)}
apiv3_key = "${apiv3_key}"
verifies_by = "${mode}"
${sub ? `[[merchant.sub_merchant]]\nsub_mchid = "${sub.mchid}"\nsub_appids = ["${sub.appid}"]\n` : ''}`;

/** A simulator whose merchants verify in one mode only. */
async function startSimulator(mode) {
  const config = join(installed, `${mode}.toml`);
  writeFileSync(
    config,
    `sign_tests_percent = 100
# A client turns the clock to the next day, for its bill; what is signed states the machine's time.
signature_clock = "machine"
refund_after_s = 0
${table(merchants.own, mode)}${table(merchants.partner, mode)}`,
  );
  const child = spawn(binary, ['--port', '0', '--config', config], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const base = await new Promise((found, failed) => {
    lines.once('line', (line) => found(line.replace('listening on ', '')));
    child.once('error', failed);
    child.once('exit', (status) => failed(new Error(`the simulator ended with ${status}`)));
  });
  const platform = await (await fetch(`${base}/simulator/platform`)).json();
  return { child, setup: { base, platform, mode } };
}

/** One client in one mode, for one kind of merchant. */
function run(name, kind, common) {
  const [command, args] = clients[name].command();
  const setup = { ...common, merchant: merchants[kind] };
  const file = join(installed, `${name}-${setup.mode}-${kind}.json`);
  writeFileSync(file, JSON.stringify(setup));
  return new Promise((ended) => {
    const child = spawn(command, [...args, file], { timeout: 60_000 });
    let said = '';
    child.stdout.on('data', (data) => (said += data));
    child.stderr.on('data', (data) => (said += data));
    child.on('error', (error) => ended(String(error)));
    child.on('close', (status) => ended(status === 0 ? null : `${said}\nexit ${status}`));
  });
}

const names = positionals.length ? positionals : Object.keys(clients);
let passed = 0;
let failed = 0;
const tell = (name, how, wrong) => {
  wrong ? failed++ : passed++;
  console.log(`${wrong ? 'FAILED' : 'ok'} ${name}, ${how}${wrong ? `\n${wrong}` : ''}`);
};

mkdirSync(installed, { recursive: true });
for (const name of names) {
  if (!clients[name]) throw new Error(`there is no client ${name}`);
  clients[name].install();
}
const { server, address } = await startCatcher();
for (const mode of modes) {
  const { child, setup } = await startSimulator(mode);
  child.removeAllListeners('exit');
  for (const name of names.filter((name) => clients[name].modes.includes(mode))) {
    for (const kind of clients[name].kinds) {
      const how = kind === 'own' ? mode : `${mode}, ${kind}`;
      tell(name, how, await run(name, kind, { ...setup, catcher: address }));
    }
  }
  const { accepted } = await (await fetch(`${setup.base}/simulator/probes`)).json();
  if (accepted) tell('the probes', mode, `${accepted} were taken for real`);
  child.kill();
}
server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
