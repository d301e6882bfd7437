// What came out, as a table of Markdown.

const whole = (number) => Math.round(number).toLocaleString('en');
const kb = (number) => (number / 1000).toFixed(1);

const COLUMNS = [
  ['QR ms', ({ qr }) => `${whole(qr.median)} (${whole(qr.low)}–${whole(qr.high)})`],
  ['× best', ({ ratio }) => ratio.toFixed(2)],
  ['first paint ms', ({ paint }) => whole(paint.median)],
  ['KB at QR', ({ bytes }) => kb(bytes.median)],
  ['requests', ({ requests }) => whole(requests.median)],
  ['long tasks before QR ms', ({ tasksBefore }) => whole(tasksBefore.median)],
  ['in all ms (count)', ({ tasks, tasksCount }) => `${whole(tasks.median)} (${whole(tasksCount.median)})`],
  ['longest ms', ({ longest }) => whole(longest.median)],
  ['shift', ({ shift }) => shift.median.toFixed(3)],
  ['at work ms', ({ work }) => `${whole(work.median)} (${whole(work.low)}–${whole(work.high)})`],
];

/** `rows`: a page's `title` and its summary, with `ratio`. */
export function table(rows) {
  const lines = [
    ['', ...COLUMNS.map(([title]) => title)],
    ['---', ...COLUMNS.map(() => '---:')],
    ...rows.map((row) => [row.title, ...COLUMNS.map(([, show]) => show(row))]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** The same of `heap`, `wasm` and `busy`. */
export function standingTable(rows) {
  const lines = [
    ['', 'script heap KB', 'wasm memory KB', 'together KB', 'main thread, ms a second'],
    ['---', '---:', '---:', '---:', '---:'],
    ...rows.map(({ title, heap, wasm, busy }) => [
      title, ...[heap.median, wasm.median, heap.median + wasm.median].map((bytes) => whole(bytes / 1000)), busy.median.toFixed(1),
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
