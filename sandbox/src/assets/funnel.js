// The funnel, out of what cashiers sent to /telemetry. It asks every two seconds while it is looked at.

import { call, toast } from '/assets/call.js';

const element = (id) => document.getElementById(id);
const make = (tag, props = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...children);
  return made;
};

const WORDS = {
  shown: 'Cashier shown', method: 'Method at hand', begun: 'Code drawn or wallet opened', confirming: 'Said to be paid', paid: 'Paid',
  closed: 'Closed', expired: 'Expired', abandoned: 'Abandoned', open: 'Still open, or not known',
};
const LAPS = { 'shown begun': 'Until a code or a wallet', 'begun paid': 'From there to paid', 'confirming paid': 'From said to seen', 'shown paid': 'From shown to paid' };
const percent = (part, whole) => (whole ? `${Math.round((100 * part) / whole)} %` : '');
const seconds = (ms) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

/** A row: what, a bar as long as its share, and the numbers. */
function row(name, share, kind, ...cells) {
  const bar = make('i', { className: `share ${kind}` });
  bar.style.inlineSize = `${Math.max(0, Math.min(1, share)) * 100}%`;
  const tr = make('tr', {}, make('th', { scope: 'row' }, name), make('td', { className: 'track' }, bar));
  tr.append(...cells.map((cell) => make('td', { className: 'number' }, String(cell))));
  tr.dataset.name = name;
  return tr;
}

function draw({ visits, steps, endings, laps, errors, failed, batches, dropped }) {
  element('none').hidden = visits > 0;
  element('measured').hidden = visits === 0;
  element('steps').replaceChildren(...steps.map((step) =>
    row(WORDS[step.name], step.visits / visits, step.name, step.visits, percent(step.visits, visits))));
  element('endings').replaceChildren(...endings.map((ending) =>
    row(WORDS[ending.name], ending.visits / visits, ending.name, ending.visits, percent(ending.visits, visits))));
  const longest = Math.max(1, ...laps.map((lap) => lap.median_ms));
  element('laps').replaceChildren(...laps.map((lap) =>
    row(LAPS[`${lap.from} ${lap.to}`], lap.median_ms / longest, 'lap', seconds(lap.median_ms), `of ${lap.visits}`)));
  const most = Math.max(1, ...errors.map((error) => error.visits));
  element('errors').replaceChildren(...errors.map((error) =>
    row(error.code, error.visits / most, 'error', error.visits, `× ${error.times}`, `${error.paid} paid`)));
  element('no-errors').hidden = errors.length > 0;
  element('source').textContent =
    `${visits} visits in ${batches} batches. Met an error and not paid: ${failed} (${percent(failed, visits)}). Events lost: ${dropped}.`;
}

let drawn = '';
async function refresh() {
  try {
    const funnel = await call('GET', '/sandbox/funnel');
    // Redrawing only what changed leaves the focus and the selection where they are.
    const now = JSON.stringify(funnel);
    if (now !== drawn) draw(funnel);
    drawn = now;
  } catch (error) {
    toast(`The sandbox does not answer: ${error.message}`);
  }
}

element('forget').addEventListener('click', async () => {
  await call('DELETE', '/sandbox/telemetry').catch((error) => toast(error.message));
  await refresh();
});

await refresh();
setInterval(() => document.visibilityState === 'visible' && refresh(), 2000);
