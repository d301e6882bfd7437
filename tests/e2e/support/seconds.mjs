// A reporter of `node --test`: how long each file took, the longest first. `cargo xtask test` keeps and prints the table.

import { relative, resolve } from 'node:path';

export default async function* seconds(events) {
  const files = [];
  for await (const { type, data } of events) {
    // The runner takes each file for a test whose name is its path.
    if (type === 'test:complete' && data.file && resolve(data.name) === data.file) {
      files.push([relative(process.cwd(), data.file), data.details.duration_ms / 1000]);
    }
  }
  files.sort(([, one], [, other]) => other - one);
  for (const [file, seconds] of files) {
    yield `${seconds.toFixed(1).padStart(7)} s  ${file}\n`;
  }
}
