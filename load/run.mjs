// Measures what load the merchant's backend bears on this machine, and writes docs/load.md.
//
//   node load/run.mjs [--programs FOLDER] [--target FOLDER] [--on sqlite,postgres] [--pages 2000] [--payments 50]
//                     [--seconds 60] [--steps 4000,8000] [--note TEXT] [--no-write] [--from FILE]
//
// `--from` makes the document of what an earlier run printed; `--note` is a paragraph for it.
//
// The pages, the simulated WeChat Pay and the backend run on this one machine. Each has its own line of processor time.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ADMIN_KEY, SHOP, root, start } from '../merchant/tests/support/stage.mjs';

const { values } = parseArgs({
  options: {
    programs: { type: 'string' },
    target: { type: 'string', default: process.env.CARGO_TARGET_DIR ?? join(root, 'target') },
    on: { type: 'string', default: 'sqlite,postgres' },
    pages: { type: 'string', default: '2000' },
    payments: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '60' },
    steps: { type: 'string', default: '4000,6000,8000,10000,12000' },
    note: { type: 'string', default: '' },
    from: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(readFileSync(new URL(import.meta.url), 'utf8').match(/^\/\/.*$/gm).map((line) => line.slice(3)).join('\n'));
  process.exit(0);
}
const target = resolve(values.target);
const programs = resolve(values.programs ?? join(target, 'server'));
const seconds = Number(values.seconds);
/** An answer that comes later than this in one of a hundred cases is too late: the step is not borne. */
const LATE_MS = 250;
/** So long the pages take to come. */
const BEFORE = 25;

/** A PostgreSQL of its own, on a socket; as on a server it waits until what is committed is on the disk. */
function postgres() {
  const versions = readdirSync('/usr/lib/postgresql').map(Number).sort((a, b) => b - a);
  const bin = `/usr/lib/postgresql/${versions[0]}/bin`;
  const folder = mkdtempSync(join(tmpdir(), 'load-postgres-'));
  const isRoot = process.getuid() === 0;
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const user = isRoot ? { uid: id('-u'), gid: id('-g') } : {};
  if (isRoot) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const run = (name, ...args) => execFileSync(join(bin, name), args, { ...user, cwd: folder, stdio: 'ignore' });
  run('initdb', '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '-D', data);
  const options = `-c listen_addresses= -c unix_socket_directories=${folder}`;
  run('pg_ctl', 'start', '-w', '-D', data, '-l', join(folder, 'log'), '-o', options);
  run('createdb', '--username=postgres', '--host', folder, 'orders');
  return {
    url: `postgres://postgres@localhost/orders?host=${folder}`,
    pid: Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]),
    stop() {
      run('pg_ctl', 'stop', '-m', 'immediate', '-D', data);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
/** Seconds of processor time that a process has had, and with `children` all that it has started and that are still there. */
function processor(pid, children = false) {
  const of = (pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / ticks };
    } catch {
      return { parent: 0, seconds: 0 };
    }
  };
  const started = children ? readdirSync('/proc').filter((name) => /^\d+$/.test(name) && of(name).parent === pid) : [];
  return [pid, ...started].reduce((sum, pid) => sum + of(pid).seconds, 0);
}

const rss = (pid) => Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;

async function measure(on, pages, seconds) {
  const database = on === 'postgres' ? postgres() : null;
  const stage = await start({
    programs,
    folder: join(target, 'load'),
    database: database?.url,
    level: 'error',
    // The overall cap is not what is to be measured; that of each order stays.
    queries: 600,
  });
  const pids = { merchant: stage.merchant.pid, simulator: stage.simulator.pid };
  try {
    const args = Object.entries({
      merchant: stage.merchant.address,
      simulator: stage.simulator.address,
      'admin-key': ADMIN_KEY,
      shop: SHOP,
      pages,
      payments: values.payments,
      seconds,
      before: BEFORE,
      name: `L${pages}`,
    }).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(join(programs, 'wechat-cashier-load'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (data) => (said += data));
    const ended = new Promise((done) => child.on('close', done));
    const spent = () => ({
      merchant: processor(pids.merchant),
      simulator: processor(pids.simulator),
      pages: processor(child.pid),
      ...(database && { database: processor(database.pid, true) }),
    });
    const at = (time) => new Promise((done) => setTimeout(done, time * 1000));
    await at(BEFORE);
    const [from, began] = [spent(), Date.now()];
    await at(seconds - 1);
    const to = spent();
    const took = (Date.now() - began) / 1000;
    const memory = rss(pids.merchant);
    await ended;
    const figures = JSON.parse(said);
    const { trades } = await (await fetch(`${stage.simulator.address}/simulator/trades`)).json();
    const paid = trades.filter((trade) => trade.trade_state === 'SUCCESS');
    const mean = (list) => (list.length ? list.reduce((sum, trade) => sum + trade.queries, 0) / list.length : 0);
    return {
      on,
      pages,
      ...figures,
      cores: Object.fromEntries(Object.keys(to).map((name) => [name, (to[name] - from[name]) / took])),
      memory,
      queries: { all: mean(trades), paid: mean(paid), orders: trades.length },
      load: loadavg()[0],
    };
  } finally {
    stage.stop();
    database?.stop();
  }
}

const printed = values.from ? readFileSync(values.from, 'utf8').split('\n') : [];
const results = printed.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
for (const on of values.from ? [] : values.on.split(',')) {
  const steps = values.steps.split(',').filter(Boolean).map((pages) => [Number(pages), Math.ceil(seconds / 2)]);
  for (const [pages, time] of [[Number(values.pages), seconds], ...steps]) {
    const result = await measure(on, pages, time);
    results.push(result);
    console.log(JSON.stringify(result));
    if (result.calls.order.p99_ms === null || result.calls.order.p99_ms > LATE_MS) break;
  }
}
if (!values['no-write']) {
  writeFileSync(join(root, 'docs/load.md'), document());
  console.log('docs/load.md is written');
}
process.exit(0);

function document() {
  const names = { sqlite: 'SQLite', postgres: 'PostgreSQL' };
  const ms = (value) => (value === null ? '-' : value < 10 ? value.toFixed(1) : value.toFixed(0));
  const times = ({ p50_ms, p95_ms, p99_ms }) => `${ms(p50_ms)} / ${ms(p95_ms)} / ${ms(p99_ms)}`;
  const errors = ({ calls }) => Object.values(calls).reduce((sum, call) => sum + call.errors, 0);
  const rows = results.map((it) => {
    const { order, verify, payment, create } = it.calls;
    const cores = (name) => (it.cores[name] === undefined ? '-' : it.cores[name].toFixed(2));
    const requests = order.per_second + verify.per_second + payment.per_second + create.per_second;
    return `| ${names[it.on]} | ${it.open} | ${it.paid_per_second} | ${requests.toFixed(0)} | ${times(order)} | ${times(payment)} | ${times(it.shown_after)} | ${errors(it)} | ${cores('merchant')} | ${cores('database')} | ${cores('simulator')} | ${cores('pages')} | ${it.memory.toFixed(0)} MB | ${it.queries.all.toFixed(2)} / ${it.queries.paid.toFixed(2)} | ${it.load.toFixed(1)} |`;
  });
  const borne = Object.keys(names).filter((on) => results.some((it) => it.on === on)).map((on) => {
    const steps = results.filter((it) => it.on === on);
    const good = steps.filter((it) => it.calls.order.p99_ms !== null && it.calls.order.p99_ms <= LATE_MS);
    const late = steps.find((it) => !good.includes(it));
    const most = good.at(-1);
    const than = late ? `; with ${late.open} the answer to one question in a hundred took ${ms(late.calls.order.p99_ms)} ms` : ', the most that was tried';
    return most ? `- **${names[on]}: ${most.open} open orders** with ${most.paid_per_second} payments a second${than}.` : `- **${names[on]}**: not even the first step was borne${than}.`;
  });
  const busy = values.note ? `\n${values.note}\n` : '';
  const cpu = cpus()[0].model;
  const command = `cargo xtask load${process.argv.slice(2).filter((it) => /^--(pages|payments|seconds|steps|on)/.test(it)).length ? ' …' : ''}`;
  return `# What load the merchant's backend bears

Pages with a cashier, a simulated WeChat Pay and the backend on one machine, over loopback. \`cargo xtask load\` does it again and
writes this file.

- **The pages** are the cashier's own core (\`src/core/\`), one for each order, with the plan of polling that it has in a browser
  ([polling](polling.md)): the first question, a payment by \`native\`, then question after question, one in each half minute with
  \`verify=1\`. None listens to events, so that all of them poll.
- **Payers** come at ${values.payments} a second. They pay after a lognormal time (median 18 s, σ = 0.67) and are open until they are shown that it is paid.
  The other pages look for a while (median 45 s, σ = 1), leave, and others take their place, each with an order and a payment of its own.
- **Each row** is ${seconds} s (the first of a store) or ${Math.ceil(seconds / 2)} s, after ${BEFORE} s in which the pages come, on a new database. Times are p50 / p95 / p99 in milliseconds as the page
  sees them, over all answers; "shown" is from WeChat's word to the payer until the page says so, and is the plan's doing.
- **Processors** are those that a process kept busy in that time: 1.00 is one core of ${cpus().length}. Pages and simulator have their share of the
  same machine, so that the backend never has all of it.
- **Queries** are those of WeChat Pay for each trade, of all trades and of those that were paid. **Load average** is the machine's at the end; what is
  above that of a calm run is somebody else's.

| store | open pages | paid/s | requests/s | order, ms | payment, ms | shown, ms | errors | merchant | database | simulator | pages | memory | queries | load average |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${rows.join('\n')}

## How many open orders ${cpus().length} cores bear

The pages are raised in steps until one answer about an order in a hundred takes longer than ${LATE_MS} ms.

${borne.join('\n')}

Long before the questions, the payments become slow: what is written waits its turn, and for the disk (SQLite has one writer and \`synchronous=FULL\`;
PostgreSQL commits as it comes). The columns of the processors say whether a row was at the machine's end or at the disk's. Where writing takes longer than
3 s, the backend answers \`upstream_unavailable\` and the page asks again: those are the errors, and nothing of a payment is lost by them.
Events instead of polling, a disk that is quick to commit, and PostgreSQL in place of SQLite are what moves the end, in this order.

Measured on ${new Date().toISOString().slice(0, 10)} by \`${command}\`: ${cpus().length} × ${cpu}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Linux, loopback, \`--profile server\`.
${busy}`;
}
