// Who is how much slower than whom.

/** By the best of those that are compared with, or of all where none of them is there. */
export function withRatio(rows) {
  const others = rows.filter(({ baseline }) => baseline);
  const best = Math.min(...(others.length > 0 ? others : rows).map(({ qr }) => qr.median));
  return rows.map((row) => ({ ...row, ratio: row.qr.median / best }));
}
