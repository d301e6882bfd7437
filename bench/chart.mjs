// The times as a picture: a bar to the code for each page, with its spread, and where the first paint was.

const WIDTH = 820;
const LEFT = 268;
const RIGHT = 130;
const ROW = 24;
const BAR = 14;
const GAP = 44;
const MARGIN = 12;

const STYLE = `
  svg { background: #fff; }
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .small { font-size: 11px; fill: #59636e; }
  .other { fill: #8c959f; }
  .ours { fill: #1a7f37; }
  .spread { stroke: #1f2328; stroke-width: 1.5; fill: none; }
  .paint { stroke: #fff; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117; }
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .other { fill: #656c76; }
    .ours { fill: #3fb950; }
    .spread { stroke: #f0f6fc; }
    .paint { stroke: #0d1117; }
  }
`;

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const tenth = (number) => Number(number.toFixed(1));

/** `results`: for each profile its rows, as `measure` gives them. */
export function chart(results) {
  const parts = [];
  let y = 30;
  for (const { profile, rows } of results) {
    const most = Math.max(...rows.map(({ qr }) => qr.high));
    const x = (ms) => tenth(LEFT + (ms / most) * (WIDTH - LEFT - RIGHT));
    parts.push(`<text class="title" x="0" y="${y}">${escaped(profile.title)}</text>`);
    for (const row of rows) {
      y += ROW;
      parts.push(bar(row, x, y));
    }
    y += GAP;
  }
  y -= ROW - 8;
  parts.push(`<text class="small" x="0" y="${y}">Milliseconds to the code: median, least to most, and × the best of the three others. The notch is the first paint.</text>`);
  const height = y + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-MARGIN} 0 ${WIDTH + 2 * MARGIN} ${height}" width="${WIDTH + 2 * MARGIN}" height="${height}" role="img" `
    + `aria-label="Time until the code is drawn">\n<style>${STYLE}</style>\n${parts.join('\n')}\n</svg>\n`;
}

function bar({ title, baseline, qr, paint, ratio }, x, y) {
  const top = y - BAR + 2;
  const middle = top + BAR / 2;
  const label = `${Math.round(qr.median).toLocaleString('en')} · ${ratio.toFixed(2)}`;
  return [
    `<text x="0" y="${y}">${escaped(title)}</text>`,
    `<rect class="${baseline ? 'other' : 'ours'}" x="${LEFT}" y="${top}" width="${tenth(x(qr.median) - LEFT)}" height="${BAR}" rx="2"/>`,
    paint.median < qr.median ? `<path class="paint" d="M${x(paint.median)} ${top}v${BAR}"/>` : '',
    `<path class="spread" d="M${x(qr.low)} ${middle}H${x(qr.high)}M${x(qr.low)} ${middle - 3}v6M${x(qr.high)} ${middle - 3}v6"/>`,
    `<text x="${tenth(x(qr.high) + 8)}" y="${y}">${label}</text>`,
  ].join('');
}
