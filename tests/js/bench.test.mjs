// The arithmetic of `cargo xtask bench`: nothing here depends on how fast this machine is.

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { HeldClock } from '../../bench/agenda.mjs';
import { certificate } from '../../bench/certificate.mjs';
import { chart } from '../../bench/chart.mjs';
import { FIRST_WINDOW, Flow, Lane, SEGMENT } from '../../bench/link.mjs';
import { withRatio } from '../../bench/ratio.mjs';
import { quantile, summary } from '../../bench/statistics.mjs';

const SLOW = { roundTripMs: 150, bits: 1_600_000 };

/** When the pieces of one transfer arrive. */
function arrivals(bytes, { roundTripMs, bits, opens }) {
  const clock = new HeldClock();
  const moments = [];
  new Flow({ clock, lane: new Lane(bits), roundTripMs, opens, deliver: () => moments.push(clock.now()) }).push(Buffer.alloc(bytes));
  clock.runOut();
  return moments;
}

const near = (found, wanted) => assert.ok(Math.abs(found - wanted) < 0.01, `${found} in place of ${wanted}`);

test('a segment takes its time on the wire and half a round trip', () => {
  near(arrivals(SEGMENT, SLOW).at(-1), 1_500 / 200 + 75);
});

test('nothing leaves before the connection is there', () => {
  near(arrivals(1, { ...SLOW, opens: 150 }).at(-1), 150 + 53 / 200 + 75);
});

test('ten segments go at once, the eleventh when the first is acknowledged, and the window doubles', () => {
  const moments = arrivals(70 * SEGMENT, { roundTripMs: 100, bits: 8_000_000_000 });
  const rounds = [50, 150, 250, 350].map((round) => moments.filter((moment) => Math.abs(moment - round) < 1).length);
  assert.deepEqual(rounds, [10, 20, 40, 0]);
});

test('a link that is full is as fast as it is said to be', () => {
  // It is idle after the first ten segments (75 ms of it) until the first acknowledgement (157.5 ms), and for one segment more after
  // the next twenty; then the window is larger than what the link holds.
  near(arrivals(400 * SEGMENT, SLOW).at(-1), 400 * 7.5 + 75 + (157.5 - 75) + 7.5);
});

test('two connections share the link', () => {
  const clock = new HeldClock();
  const lane = new Lane(SLOW.bits);
  const ends = [];
  for (const name of ['one', 'other']) {
    new Flow({ clock, lane, roundTripMs: SLOW.roundTripMs, deliver: () => (ends[name] = clock.now()) }).push(Buffer.alloc(5 * SEGMENT));
  }
  clock.runOut();
  near(ends.one, 5 * 7.5 + 75);
  near(ends.other, 10 * 7.5 + 75);
});

test('bytes come as they were sent, in order, and the end after them', () => {
  const clock = new HeldClock();
  const got = [];
  const flow = new Flow({ clock, lane: new Lane(SLOW.bits), roundTripMs: 40, deliver: (bytes) => got.push(...bytes) });
  const sent = Buffer.from(Array.from({ length: 50_000 }, (_, at) => at % 251));
  for (let start = 0; start < sent.length; start += 7_001) {
    flow.push(sent.subarray(start, start + 7_001));
  }
  let ended = 0;
  flow.end(() => (ended = got.length));
  clock.runOut();
  assert.ok(Buffer.from(got).equals(sent));
  assert.equal(ended, sent.length);
});

test('two windows of bytes are taken, and more only when there is room', () => {
  const clock = new HeldClock();
  let taken = 0;
  const flow = new Flow({ clock, lane: new Lane(SLOW.bits), roundTripMs: 150, deliver: () => {} });
  for (let piece = 0; piece < 10; piece += 1) {
    flow.push(Buffer.alloc(8_192), () => (taken += 1));
  }
  assert.equal(taken, Math.floor((2 * FIRST_WINDOW) / 8_192));
  clock.runOut();
  assert.equal(taken, 10);
});

test('the median lies in the middle, or between the two that do', () => {
  assert.equal(quantile([5, 1, 3], 0.5), 3);
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantile([1, 2, 3, 4, 5], 0.25), 2);
  assert.equal(quantile([7], 0.75), 7);
  assert.deepEqual(summary([{ qr: 3 }, { qr: 1 }, { qr: 10 }]), { qr: { median: 3, low: 1, high: 10 } });
});

const row = (title, median, rest) => ({ title, qr: { median, low: median - 10, high: median + 10 }, paint: { median: median / 2 }, ...rest });

test('the ratio is to the best of the others, and to the best of all where there are none', () => {
  const others = [row('one', 1000, { baseline: true }), row('two', 1200, { baseline: true })];
  const ratios = (rows) => withRatio(rows).map(({ ratio }) => ratio);
  assert.deepEqual(ratios([...others, row('ours', 800)]), [1, 1.2, 0.8]);
  assert.deepEqual(ratios([row('ours', 800), row('ours too', 1600)]), [1, 2]);
});

test('the chart has a bar for each page, and colours for both themes', () => {
  const rows = withRatio([row('a < b', 100, { baseline: true }), row('ours', 90)]);
  const svg = chart([{ profile: { title: 'slow' }, rows }]);
  assert.equal(svg.match(/<rect/g).length, 2);
  assert.match(svg, /a &lt; b/);
  assert.match(svg, /90 · 0\.90/);
  assert.match(svg, /prefers-color-scheme: dark/);
  assert.doesNotMatch(svg, /NaN|undefined/);
});

test('the certificate is one that can be read, for loopback', () => {
  const { certificate: pem, spkiHash } = certificate();
  const read = new X509Certificate(pem);
  assert.equal(read.checkIP('127.0.0.1'), '127.0.0.1');
  assert.ok(read.verify(read.publicKey));
  assert.ok(Date.parse(read.validFrom) < Date.now() && Date.now() < Date.parse(read.validTo));
  assert.match(spkiHash, /^[\w+/]{43}=$/);
});

test('the head lines that are measured are those of the documentation', () => {
  const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  const docs = read('docs/embedding.md').replaceAll(/\/wechat-cashier\/\d+\.\d+\.\d+\//g, '/wechat-cashier/')
    .replaceAll('T20261121001', '{{order}}');
  for (const line of read('bench/pages/hints.html').split('\n').filter(Boolean)) {
    assert.ok(docs.includes(line), `docs/embedding.md does not say ${line}`);
  }
});
