// Runs schemathesis, which reads docs/openapi.json and docs/admin-openapi.json, against the merchant's backend on a simulated
// WeChat Pay.
//
//   node merchant/tests/fuzz/run.mjs [--programs FOLDER] [--target FOLDER] [--only contract|admin]
//       [what schemathesis takes, such as -n 400 --seed 7]
//
// What it needs is installed into `<target>/fuzz`, from requirements.txt beside this.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADMIN_KEY, openid, root, start } from '../support/stage.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const own = { programs: undefined, target: process.env.CARGO_TARGET_DIR ?? join(root, 'target'), only: undefined };
const passed = [];
for (const args = process.argv.slice(2); args.length; ) {
  const name = args[0].replace('--', '');
  if (args[0].startsWith('--') && name in own) own[name] = args.splice(0, 2)[1];
  else passed.push(args.shift());
}
const target = resolve(own.target);
const folder = join(target, 'fuzz');
const programs = resolve(own.programs ?? join(target, 'debug'));
const venv = join(folder, 'venv');

const DOCUMENTS = {
  contract: { document: 'docs/openapi.json', prefix: '/api', hooks: 'hooks', settings: 'schemathesis.toml', examples: 60 },
  admin: { document: 'docs/admin-openapi.json', prefix: '', hooks: 'admin_hooks', settings: 'admin.toml', examples: 30 },
};

install();
// What the shop is told is taken.
const shop = createServer((request, response) => request.resume().on('end', () => response.writeHead(204).end()));
await new Promise((listening) => shop.listen(0, '127.0.0.1', listening));
const webhooks = `http://127.0.0.1:${shop.address().port}/`;
const { merchant, simulator, stop } = await start({ programs, folder: join(folder, 'stage'), level: 'error', webhooks });
process.on('exit', stop);
for (const [name, settings] of Object.entries(DOCUMENTS)) {
  if (own.only && own.only !== name) continue;
  const status = await fuzz(settings);
  // An answer may be as documented and the process dead after it.
  if (merchant.child.exitCode !== null) fail(`the merchant ended with ${merchant.child.exitCode}`);
  if (status !== 0) process.exit(status ?? 1);
}
process.exit(0);

/** Runs it over one document. Gives its status. */
async function fuzz({ document, prefix, hooks, settings, examples }) {
  const options = passed.length ? passed : ['--max-examples', String(examples), '--seed', '20261130'];
  const args = ['--config-file', join(here, settings), 'run', join(root, document)];
  const child = spawn(join(venv, 'bin/schemathesis'), [...args, '--url', merchant.address + prefix, '--no-color', ...options], {
    // It keeps what it found where it stands.
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      SCHEMATHESIS_HOOKS: hooks,
      PYTHONPATH: here,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUTF8: '1',
      MERCHANT: merchant.address,
      SIMULATOR: simulator.address,
      ADMIN_KEY,
      OPENID: openid('A'),
    },
  });
  return new Promise((done) => {
    child.on('error', (error) => fail(error.message));
    child.on('close', done);
  });
}

function fail(why) {
  console.error(`fuzz: ${why}`);
  process.exit(1);
}

function install() {
  const lock = readFileSync(join(here, 'requirements.txt'), 'utf8');
  const note = join(venv, 'installed-from');
  if (existsSync(note) && readFileSync(note, 'utf8') === lock) return;
  mkdirSync(folder, { recursive: true });
  step('python3', ['-m', 'venv', '--clear', venv]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(here, 'requirements.txt')];
  step(join(venv, 'bin/python'), pip);
  writeFileSync(note, lock);
}

function step(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) fail(`${command} ${args.join(' ')}: ${error ?? `${stdout}${stderr}`}`);
}
